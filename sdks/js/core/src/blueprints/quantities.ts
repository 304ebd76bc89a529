import { type Scaled, scaledText } from '../amount.ts'
import { failures } from '../errors.ts'

/** What an amount of bytes is counted in: bytes, or gigabytes of 10^9 bytes. */
export type ByteUnit = 'byte' | 'GB'
export type TimeUnit = 's' | 'ms'

const GB_DIGITS = 9
const NS_DIGITS: Readonly<Record<TimeUnit, number>> = { s: 9, ms: 6 }
const SCALE_DIGITS = 12
/** Of bytes times milliseconds: a GB-hour is 3.6 × 10^15 of them, and the amount is to be times 10^12. */
const PER_SCALED_GB_HOUR = 3_600n

/** Gigabytes of 10^9 bytes as decimal text: exact, whatever the number. Throws an `invalid` error. */
export function gigabytes(bytes: number | bigint): string {
  return shifted(whole('bytes', bytes), GB_DIGITS)
}

/**
 * Gigabytes of 10^9 bytes held for an hour, as decimal text of at most 12 digits: rounded once, half up.
 * Throws an `invalid` error.
 */
export function gigabyteHours(bytes: number | bigint, ms: number | bigint): string {
  const product = whole('bytes', bytes) * whole('ms', ms)
  return scaledText((product * 2n + PER_SCALED_GB_HOUR) / (PER_SCALED_GB_HOUR * 2n))
}

/** Bytes as an amount of that unit. */
export function byteAmount(bytes: number | bigint, unit: ByteUnit): string {
  if (unit === 'GB') return gigabytes(bytes)
  if (unit === 'byte') return String(whole('bytes', bytes))
  throw failures.invalid('unit', 'must be "GB" or "byte"')
}

/** Nanoseconds as an amount of that unit: exact. */
export function timeAmount(ns: number | bigint, unit: TimeUnit): string {
  if (unit !== 's' && unit !== 'ms') throw failures.invalid('unit', 'must be "s" or "ms"')
  return shifted(whole('ns', ns), NS_DIGITS[unit])
}

/** In whole milliseconds, rounded half up. */
export function roundedMs(ns: bigint): number {
  return Number((ns + 500_000n) / 1_000_000n) // tidy: not money — a length of time
}

function shifted(value: bigint, digits: number): string {
  return scaledText(value * 10n ** BigInt(SCALE_DIGITS - digits))
}

function whole(field: string, value: number | bigint): Scaled {
  if (typeof value === 'bigint' ? value >= 0n : Number.isSafeInteger(value) && value >= 0)
    return BigInt(value)
  throw failures.invalid(field, 'must be a whole number, not negative')
}
