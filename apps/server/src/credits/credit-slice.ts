import type { Decimal } from '@usageflow/pricing'

/** A slice is a fortieth of what is free at most, parted among the holders: so much lies unused with who is slow. */
const SLICES = 40
export const SLICE_MAX = 1_000_000_000 // as of limits
const UNIT = 1_000_000_000_000n // of a decimal

/**
 * Whole units to lend where `needed` are free: a multiple of it, smaller with every holder and as the credits end, so that the
 * last units are where they are needed.
 */
export function sliceOf({
  available,
  needed,
  holders,
}: {
  readonly available: Decimal
  readonly needed: number
  readonly holders: number
}): number {
  const share = Number(available / UNIT / BigInt(SLICES * holders)) // tidy: not money — whole units
  const most = Math.min(share, SLICE_MAX)
  return Math.max(needed, most - (most % needed))
}
