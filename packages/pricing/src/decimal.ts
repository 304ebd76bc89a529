/** An exact decimal, scaled by 10^12: `1n` stands for 0.000000000001. Compare with `<`, never mix with a number. */
export type Decimal = bigint & { readonly __decimal: never }

/** How many digits a decimal keeps after the point. */
const FRACTION_DIGITS = 12
const ONE = 10n ** BigInt(FRACTION_DIGITS)

/** What `numeric(38,12)` holds: the sum of a hundred million quantities of 18 whole digits. */
const WHOLE_DIGITS_MAX = 26
const LIMIT = 10n ** BigInt(WHOLE_DIGITS_MAX + FRACTION_DIGITS)

/** Every decimal text of so many significant digits survives the way through a JSON number. */
const NUMBER_DIGITS_MAX = 15

const EXACT = /^(-?)(0|[1-9]\d{0,25})(?:\.(\d{1,12}))?$/
const PLAIN = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/

export const ZERO = 0n as Decimal

/**
 * Reads text such as `"0.01"`, `"-3"` or a PostgreSQL `numeric`; there is no exponent form.
 * Throws RangeError beyond 26 whole or 12 fractional digits, rather than drop one of them.
 */
export function decimal(text: string): Decimal {
  const match = EXACT.exec(text)
  if (!match) throw new RangeError(whyNot(text))
  const [, sign = '', whole = '', fraction = ''] = match
  return signed(sign, BigInt(whole + fraction.padEnd(FRACTION_DIGITS, '0')))
}

/**
 * Reads text with any number of fractional digits, as PostgreSQL answers a division, and rounds once
 * at the twelfth, half away from zero. Throws RangeError if the result has more than 26 whole digits.
 */
export function roundedDecimal(text: string): Decimal {
  const [, sign = '', whole = '', fraction = ''] = PLAIN.exec(text) ?? []
  if (whole === '' || whole.length > WHOLE_DIGITS_MAX) throw new RangeError(whyNot(text))
  // Later digits cannot change which way half away from zero goes: the thirteenth decides alone.
  const scaled = BigInt(
    whole + fraction.slice(0, FRACTION_DIGITS + 1).padEnd(FRACTION_DIGITS + 1, '0'),
  )
  const rounded = divideRounded(scaled, 10n)
  if (rounded >= LIMIT) throw new RangeError(tooLarge(text))
  return signed(sign, rounded)
}

/**
 * Reads a JSON number by its shortest text, so `0.1` is exactly 0.1 and `1e-7` is 0.0000001.
 * Throws RangeError where the number may no longer be what its sender wrote: beyond 15 significant
 * digits or 2^53 − 1, with more than 12 digits after the point, and for NaN and infinities.
 */
export function decimalFromNumber(value: number): Decimal {
  if (!Number.isFinite(value))
    throw new RangeError(`${value} cannot be counted: send a finite number`)
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(String(value)) ?? []
  const digits = whole + fraction
  const significant = digits.replace(/^0+/, '').replace(/0+$/, '').length
  if (significant > NUMBER_DIGITS_MAX || Math.abs(value) > Number.MAX_SAFE_INTEGER)
    throw new RangeError(
      `${value} has more digits than a JSON number keeps (15 significant, at most 2^53 − 1): send it as a string`,
    )
  const fractionDigits = fraction.length - Number(exponent) // tidy: not money — a power of ten
  if (fractionDigits > FRACTION_DIGITS)
    throw new RangeError(`${value} has ${fractionDigits} digits after the point: round it to 12`)
  return signed(sign, BigInt(digits) * 10n ** BigInt(FRACTION_DIGITS - fractionDigits))
}

/** The shortest plain text that `decimal` reads back to the same value: no exponent, no `-0`. */
export function formatDecimal(value: Decimal): string {
  const digits = absolute(value)
    .toString()
    .padStart(FRACTION_DIGITS + 1, '0')
  const fraction = digits.slice(-FRACTION_DIGITS).replace(/0+$/, '')
  const point = fraction === '' ? '' : '.'
  return `${value < 0n ? '-' : ''}${digits.slice(0, -FRACTION_DIGITS)}${point}${fraction}`
}

/** The exact sum. */
export function sum(values: Iterable<Decimal>): Decimal {
  let total = 0n
  for (const value of values) total += value
  return total as Decimal
}

/** The product, rounded once to 12 fractional digits, half away from zero. */
export function multiply(left: Decimal, right: Decimal): Decimal {
  return divideRounded(left * right, ONE) as Decimal
}

/** The quotient, rounded once to 12 fractional digits, half away from zero. Throws RangeError for a divisor of 0. */
export function divide(dividend: Decimal, divisor: Decimal): Decimal {
  return divideRounded(dividend * ONE, divisor) as Decimal
}

/**
 * The integer nearest to `dividend ÷ divisor`; a tie goes away from zero. All rounding is done here,
 * so no two places can disagree about a half. Throws RangeError for a divisor of 0.
 */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const size = absolute(divisor)
  const quotient = (2n * absolute(dividend) + size) / (2n * size)
  return dividend < 0n === divisor < 0n ? quotient : -quotient
}

/** What is paid for: `units × unitPrice + fixed`, both prices in the major unit. */
export type Charge = {
  readonly units: Decimal
  readonly unitPrice: Decimal
  readonly fixed: Decimal
}

/** What a charge comes to in the currency's minor units (cents for USD), rounded once, half away from zero. */
export function cost({ units, unitPrice, fixed }: Charge, minorDigits: number): bigint {
  const exact = units * unitPrice + fixed * ONE
  return divideRounded(exact, 10n ** BigInt(2 * FRACTION_DIGITS - minorDigits))
}

/** A whole number as a decimal. */
export function wholeDecimal(count: bigint): Decimal {
  return (count * ONE) as Decimal
}

/** `value` minor units, with `minorDigits` digits after the point, as a decimal of the major unit. */
export function decimalFromMinor(value: bigint, minorDigits: number): Decimal {
  return (value * minorSize(minorDigits)) as Decimal
}

/** A decimal of the major unit in minor units, or null where it has more digits than the currency. */
export function minorOf(value: Decimal, minorDigits: number): bigint | null {
  const size = minorSize(minorDigits)
  return value % size === 0n ? value / size : null
}

/** A decimal of the major unit in minor units, rounded half away from zero. */
export function minorRounded(value: Decimal, minorDigits: number): bigint {
  return divideRounded(value, minorSize(minorDigits))
}

function minorSize(minorDigits: number): bigint {
  return 10n ** BigInt(FRACTION_DIGITS - minorDigits)
}

function signed(sign: string, magnitude: bigint): Decimal {
  return (sign === '-' ? -magnitude : magnitude) as Decimal
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value
}

/** Says what to change. */
function whyNot(text: string): string {
  const [, , whole = '', fraction = ''] = PLAIN.exec(text) ?? []
  if (whole === '') return `${shown(text)} is not a plain decimal such as "12" or "0.005"`
  if (whole.length > WHOLE_DIGITS_MAX) return tooLarge(text)
  return `${shown(text)} has ${fraction.length} digits after the point: round it to 12`
}

function tooLarge(text: string): string {
  return `${shown(text)} has more than ${WHOLE_DIGITS_MAX} digits before the point`
}

/** The text comes from outside and may be long: only its beginning is repeated. */
function shown(text: string): string {
  return JSON.stringify(text.length > 50 ? `${text.slice(0, 50)}…` : text)
}
