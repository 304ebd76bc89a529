import { failures } from './errors.ts'

const DIGITS = 12
const SIGNIFICANT_DIGITS_MAX = 15 // what a double holds of any decimal
const SHAPE = /^(0|[1-9]\d{0,25})(?:\.(\d{1,12}))?$/
const RULE =
  'must be a number, or a string of up to 26 whole and 12 fractional digits like "12.5", and not negative'

/** A decimal times 10^12: exact, however many are added up. */
export type Scaled = bigint

/** The first amount that no event can have. */
export const SCALED_END: Scaled = 10n ** 38n

/**
 * The amount as the decimal text that goes over the wire. Throws an `invalid` error, also for a number
 * of which a double cannot say which decimal was meant.
 */
export function readAmount(value: unknown): string {
  if (value === undefined || value === 1) return '1'
  if (typeof value === 'bigint') return checked(String(value))
  if (typeof value === 'string') return checked(value)
  if (typeof value !== 'number' || !(value >= 0)) throw failures.invalid('amount', RULE)
  if (isExact(value) && value <= Number.MAX_SAFE_INTEGER) return checked(plainDigits(value))
  throw failures.invalid(
    'amount',
    'a number keeps at most 15 significant digits: give a string, like "0.1234567890123"',
  )
}

/** Whether a number is what its shortest decimal says: at most 15 significant digits. */
export function isExact(value: number): boolean {
  const [mantissa = ''] = String(Math.abs(value)).split('e')
  return mantissa.replace('.', '').replace(/^0+|0+$/g, '').length <= SIGNIFICANT_DIGITS_MAX
}

/** Text of `readAmount`, to be added up. */
export function scaled(text: string): Scaled {
  const [whole = '', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(DIGITS, '0'))
}

export function scaledText(value: Scaled): string {
  const digits = value.toString().padStart(DIGITS + 1, '0')
  const fraction = digits.slice(-DIGITS).replace(/0+$/, '')
  return `${digits.slice(0, -DIGITS)}${fraction && `.${fraction}`}`
}

function checked(text: string): string {
  if (SHAPE.test(text)) return text
  throw failures.invalid('amount', RULE)
}

/** A number below 10^-6 prints with an exponent: 1e-7 is 0.0000001. */
function plainDigits(value: number): string {
  const [mantissa = '', exponent] = String(value).split('e-')
  if (exponent === undefined) return mantissa
  const zeros = Number(exponent) - 1 // tidy: not money — an exponent
  return `0.${'0'.repeat(zeros)}${mantissa.replace('.', '')}`
}
