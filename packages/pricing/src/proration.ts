import { assert } from './assert.ts'
import { type Decimal, divideRounded } from './decimal.ts'

/** The part of a whole period that is billed, as an exact fraction; both in milliseconds. */
export type Share = { readonly part: bigint; readonly whole: bigint }

export const WHOLE: Share = { part: 1n, whole: 1n }

/** `[start, end)` within the whole period that it is billed as a part of, `[fullStart, fullEnd)`. */
export type Span = {
  readonly start: Date
  readonly end: Date
  readonly fullStart: Date
  readonly fullEnd: Date
}

/** How much of its whole period a span is: elapsed time ÷ time of the period, both real time, not clock time. */
export function shareOf(span: Span): Share {
  const share = {
    part: BigInt(span.end.getTime() - span.start.getTime()),
    whole: BigInt(span.fullEnd.getTime() - span.fullStart.getTime()),
  }
  assertShare(share)
  return share
}

/** A price for the whole period, in minor units, for a share of it; rounded once, half away from zero. */
export function prorateMinor(amountMinor: bigint, share: Share): bigint {
  assertShare(share)
  return divideRounded(amountMinor * share.part, share.whole)
}

/** Units of the whole period for a share of it; rounded once to 12 digits, half away from zero. */
export function prorateUnits(units: Decimal, share: Share): Decimal {
  assertShare(share)
  return divideRounded(units * share.part, share.whole) as Decimal
}

function assertShare(share: Share): void {
  assert(
    share.part > 0n && share.part <= share.whole,
    'a share is more than 0 and at most the whole',
  )
}
