import { type Period, periodAt, periodContaining } from '@usageflow/pricing'
import { earlier, later } from '../platform/instant.ts'
import { type Term, type Timeline, termAt } from './term.ts'

/** `open` is under way, `closed` waits for late events, `invoiced` is done. One that is not billed stays closed. */
export type PeriodState = 'open' | 'closed' | 'invoiced'

/** A stored period: `[start, end)`, as a part of the whole period `[fullStart, fullEnd)`. */
export type BillingPeriod = {
  /** Counts the periods of a subscription. */
  readonly no: number
  /** Counts the whole periods from the anchor of the term. */
  readonly step: number
  readonly termNo: number
  readonly isBilled: boolean
  readonly start: Date
  readonly end: Date
  /** Where it was to end when it began; a base price in advance is paid until then. */
  readonly plannedEnd: Date
  readonly fullStart: Date
  readonly fullEnd: Date
  readonly state: PeriodState
}

/** What a subscription is sold as, and when it ends, if that is known. */
export type Course = {
  readonly terms: Timeline
  readonly endsAt: Date | null
}

/** The period with which a subscription begins. */
export function firstPeriod(course: Course): BillingPeriod {
  const [term] = course.terms
  return opened(course, { no: 0, term, period: periodAt(term.anchor, term.plan.cycle, 0) })
}

/** The period that follows, from the anchor and not from the last boundary; null when it ended before. */
export function nextPeriod(course: Course, last: BillingPeriod): BillingPeriod | null {
  const start = last.end
  if (course.endsAt && course.endsAt <= start) return null
  const term = termAt(course.terms, start)
  const before = course.terms[last.termNo]
  const period =
    before && hasRhythmOf(term, before)
      ? following(term, last)
      : { ...periodContaining(term.anchor, term.plan.cycle, start), start }
  return opened(course, { no: last.no + 1, term, period })
}

/** When the period that is under way at `at` would end if nobody canceled. */
export function periodEndAfter(terms: Timeline, at: Date): Date {
  const { anchor, plan, until } = termAt(terms, at)
  const { end } = periodContaining(anchor, plan.cycle, at)
  return until ? earlier(end, until) : end
}

/**
 * Where an open period ends by what is known now: it may be cut short, and again reach as far as it can. One whose
 * base price was paid in advance reaches no further than that: what follows is a period, and is paid, of its own.
 */
export function endWithin({ terms, endsAt }: Course, period: BillingPeriod): Date {
  const { start, fullEnd, plannedEnd } = period
  const term = terms[period.termNo]
  const isPaidAhead = period.isBilled && term?.plan.baseInAdvance
  const until = term?.until ?? fullEnd
  const end = isPaidAhead ? plannedEnd : fullEnd
  return cutEnd({ start, end }, earlier(until, endsAt ?? until))
}

/** Where a period ends that is cut short at `endsAt`: after its start in any case, as an empty one bills nobody. */
export function cutEnd(period: { readonly start: Date; readonly end: Date }, endsAt: Date): Date {
  const earliest = new Date(period.start.getTime() + 1)
  return earlier(later(endsAt, earliest), period.end)
}

function hasRhythmOf(term: Term, other: Term): boolean {
  const isSameAnchor =
    term.anchor.kind === other.anchor.kind &&
    term.anchor.local === other.anchor.local &&
    term.anchor.timeZone === other.anchor.timeZone
  return isSameAnchor && term.plan.cycle === other.plan.cycle
}

/**
 * The rest of a whole period that was cut, or the next whole one. It begins where the last one was
 * stored to end: the rules of its time zone may have changed since.
 */
function following({ anchor, plan }: Term, last: BillingPeriod): Period {
  const { step, end: start, fullStart, fullEnd } = last
  if (start < fullEnd) return { index: step, start, end: fullEnd, fullStart, fullEnd }
  const period = periodAt(anchor, plan.cycle, step + 1)
  return { ...period, start, fullStart: start }
}

function opened(
  course: Course,
  { no, term, period }: { readonly no: number; readonly term: Term; readonly period: Period },
): BillingPeriod {
  const { index: step, start, end, fullStart, fullEnd } = period
  const isBilled = term.kind === 'billed'
  const whole = { no, step, termNo: term.no, isBilled, start, end, fullStart, fullEnd }
  const planned = endWithin(course, { ...whole, plannedEnd: end, state: 'open' })
  return { ...whole, end: planned, plannedEnd: planned, state: 'open' }
}
