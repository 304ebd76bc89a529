import { type Decimal, roundedDecimal } from '@usageflow/pricing'

const SHAPE = /^(-?)(\d{1,40})(?:\.(\d{1,400}))?(?:[eE]([+-]?\d{1,3}))?$/

/**
 * A number as a request had it, by its text, rounded at the twelfth digit after the point: services count in
 * doubles, and `0.30000000000000004` tokens are 0.3. Throws RangeError for what is no number, and for more than 26
 * digits before the point.
 */
export function readNumber(text: string): Decimal {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = SHAPE.exec(text) ?? []
  if (whole === '') throw new RangeError(`${shown(text)} is no number`)
  const digits = whole + fraction
  const point = whole.length + Number(exponent) // tidy: not money — a power of ten
  const before = point <= 0 ? '' : digits.slice(0, point).padEnd(point, '0')
  const after = point <= 0 ? '0'.repeat(-point) + digits : digits.slice(point)
  const plain = before.replace(/^0+(?=\d)/, '') || '0'
  return roundedDecimal(`${sign}${plain}${after && `.${after}`}`)
}

/** The text comes from outside and may be long: only its beginning is repeated. */
function shown(text: string): string {
  return JSON.stringify(text.length > 50 ? `${text.slice(0, 50)}…` : text)
}
