import { failures } from './failures.ts'

const SIGNIFICANT_DIGITS_MAX = 15
const PLAIN_INTEGERS_BELOW = 1e15 // all of them have at most 15 digits
const SHAPE = /^(0|[1-9]\d{0,25})(?:\.(\d{1,12}))?$/
const RULE =
  'must be a number, or a string of up to 26 whole and 12 fractional digits like "12.5", and not negative'

/**
 * The shortest decimal text of an amount, so that `1`, `1.0`, `"1"` and `"1.000"` are one amount.
 * Throws `usage.malformed`, and `usage.amount_too_precise` for a number that a double cannot hold.
 */
export function readAmount(value: unknown): string {
  if (typeof value === 'string') return shortest(value)
  if (typeof value !== 'number' || value < 0 || Object.is(value, -0))
    throw failures.malformed('amount', RULE)
  if (Number.isInteger(value) && value < PLAIN_INTEGERS_BELOW) return String(value)
  return textOf(value)
}

function shortest(text: string): string {
  const match = SHAPE.exec(text)
  if (!match) throw failures.malformed('amount', RULE)
  const [, whole = '', fraction] = match
  if (fraction === undefined) return text
  const end = fraction.replace(/0+$/, '')
  return end === '' ? whole : `${whole}.${end}`
}

/** A number below 10^-6 prints with an exponent; it is written out, so 1e-7 is 0.0000001. */
function textOf(value: number): string {
  const [mantissa = '', exponent] = String(value).split('e-')
  const digits = mantissa.replace('.', '')
  const significant = digits.replace(/^0+|0+$/g, '').length
  if (value > Number.MAX_SAFE_INTEGER || significant > SIGNIFICANT_DIGITS_MAX)
    throw failures.amountTooPrecise()
  return shortest(exponent ? `0.${'0'.repeat(Number(exponent) - 1)}${digits}` : mantissa)
}
