import {
  type Anchor,
  type Cycle,
  type Period,
  periodAt,
  periodContaining,
} from '@usageflow/pricing'
import { earlier, later } from '../platform/instant.ts'

/** `open` is under way, `closed` waits for late events, `invoiced` is done. */
export type PeriodState = 'open' | 'closed' | 'invoiced'

/** A stored period: `[start, end)`, as a part of the whole period `[fullStart, fullEnd)`. */
export type BillingPeriod = {
  readonly no: number
  readonly start: Date
  readonly end: Date
  readonly fullStart: Date
  readonly fullEnd: Date
  readonly state: PeriodState
}

/** The rhythm of a subscription and when it ends, if that is known. */
export type Rhythm = {
  readonly anchor: Anchor
  readonly cycle: Cycle
  readonly endsAt: Date | null
}

/** The period with which a subscription begins. */
export function firstPeriod(rhythm: Rhythm): BillingPeriod {
  return cut(periodAt(rhythm.anchor, rhythm.cycle, 0), rhythm.endsAt)
}

/** The period that follows, from the anchor and not from the last boundary; null when it ended before. */
export function nextPeriod(rhythm: Rhythm, last: BillingPeriod): BillingPeriod | null {
  const period = periodAt(rhythm.anchor, rhythm.cycle, last.no + 1)
  if (rhythm.endsAt && rhythm.endsAt <= period.start) return null
  return cut(period, rhythm.endsAt)
}

/** When the period that holds `at` would end, if nobody cut it short. */
export function periodEndAfter({ anchor, cycle }: Rhythm, at: Date): Date {
  return periodContaining(anchor, cycle, at).end
}

/** Where a period ends that is cut short at `endsAt`: after its start in any case, as an empty one bills nobody. */
export function cutEnd(period: { readonly start: Date; readonly end: Date }, endsAt: Date): Date {
  const earliest = new Date(period.start.getTime() + 1)
  return earlier(later(endsAt, earliest), period.end)
}

function cut(period: Period, endsAt: Date | null): BillingPeriod {
  const { index: no, start, fullStart, fullEnd } = period
  const end = endsAt ? cutEnd(period, endsAt) : period.end
  return { no, start, end, fullStart, fullEnd, state: 'open' }
}
