import { assert } from './assert.ts'

/**
 * Splits an amount over lines in proportion to what they come to, in whole minor units that add up to
 * it: by largest remainder, and of equal remainders the earlier line first. The weights may be negative,
 * as a correction is; their sum must be above 0, and the amount not below 0.
 */
export function spread(amountMinor: bigint, weights: readonly bigint[]): readonly bigint[] {
  const whole = weights.reduce((so, weight) => so + weight, 0n)
  assert(whole > 0n && amountMinor >= 0n, 'an amount is spread over lines that come to something')
  const parts = weights.map((weight, index) => {
    const quotient = floor(amountMinor * weight, whole)
    return { index, quotient, remainder: amountMinor * weight - quotient * whole }
  })
  const left = amountMinor - parts.reduce((so, { quotient }) => so + quotient, 0n)
  const byRemainder = parts.toSorted(
    (a, b) => compare(b.remainder, a.remainder) || a.index - b.index,
  )
  const lucky = byRemainder.filter((_, rank) => BigInt(rank) < left).map(({ index }) => index)
  return parts.map(({ index, quotient }) => (lucky.includes(index) ? quotient + 1n : quotient))
}

function floor(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
