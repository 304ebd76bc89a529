import { type Anchor, anchorAt, periodAt } from '@usageflow/pricing'
import { invariant } from '../platform/errors.ts'
import { later } from '../platform/instant.ts'
import type { BillingPeriod } from './billing-period.ts'
import { type Offer, type Term, type Timeline, termAt } from './term.ts'

/**
 * The first instant at which something else can hold: `wanted`, but neither the term nor the period
 * that is under way may be empty.
 */
export function changeableFrom(terms: Timeline, open: BillingPeriod, wanted: Date): Date {
  const { since } = terms[open.termNo] ?? terms[0]
  const firstMs = later(open.start, since).getTime() + 1
  return later(wanted, new Date(firstMs))
}

/** Sells `offer` from `at` on: a trial stays one, and what was to follow it follows, under the new offer. */
export function withOffer(terms: Timeline, at: Date, offer: Offer): Timeline {
  return withTermsFrom(terms, at, (rest) =>
    rest.map((term) => ({ ...term, ...offer, anchor: anchorFor(offer, term) })),
  )
}

/** A trial of so many days before what is billed, whose periods are counted from the end of the trial. */
export function withTrial(billed: Term, days: number): Timeline {
  const { anchor } = billed
  // Whole days even where the periods go by the calendar: a trial has no stub.
  const until = periodAt({ ...anchor, kind: 'day' }, 'day', days).start
  return [
    { ...billed, kind: 'trial', until },
    { ...billed, no: 1, since: until, anchor: anchorFrom(anchor, until) },
  ]
}

/** Bills nothing from `at` on, until somebody resumes it. */
export function paused(terms: Timeline, at: Date): Timeline {
  return withTermsFrom(terms, at, ([first]) => [{ ...first, kind: 'pause', until: null }])
}

/** Bills again from `at` on, in the rhythm that it had. */
export function resumed(terms: Timeline, at: Date): Timeline {
  return withTermsFrom(terms, at, ([first]) => [{ ...first, kind: 'billed', until: null }])
}

/**
 * Bills from `at` on what was to be billed after the trial; the periods are counted from then. A trial
 * that is over by then stays what it was.
 */
export function withoutTrial(terms: Timeline, at: Date): Timeline {
  return withTermsFrom(terms, at, ([first, ...rest]) => {
    const [next, ...others] = rest
    if (first.kind !== 'trial' || !next) return [first, ...rest]
    return [{ ...next, since: at, anchor: anchorFrom(next.anchor, at) }, ...others]
  })
}

/** The change that is planned: a term ahead that is neither the end of a trial nor of a pause. */
export function scheduledChange(terms: Timeline, present: Term): Term | null {
  const ahead = terms.slice(present.no + 1)
  return ahead.find(({ no, kind }) => terms[no - 1]?.kind === kind) ?? null
}

/** When the trial ends that holds at the present, however often it was changed; null: none does. */
export function trialEnd(terms: Timeline, present: Term): Date | null {
  const after = terms.slice(present.no).find(({ kind }) => kind !== 'trial')
  return present.kind === 'trial' ? (after?.since ?? null) : null
}

/** The same kind of anchor, from another instant on. */
export function anchorFrom({ kind, timeZone }: Anchor, at: Date): Anchor {
  return anchorAt(kind, at, timeZone)
}

/** The periods keep their rhythm unless the cycle is another. */
function anchorFor({ plan }: Offer, term: Term): Anchor {
  return plan.cycle === term.plan.cycle ? term.anchor : anchorFrom(term.anchor, term.since)
}

/** Keeps what was before `at`, and puts what `edit` makes of the rest in its place, numbered on. */
function withTermsFrom(
  terms: Timeline,
  at: Date,
  edit: (rest: Timeline) => readonly Term[],
): Timeline {
  const [first, ...others] = terms.filter(({ since }) => since < at)
  invariant(first !== undefined, 'nothing is changed before a subscription begins')
  const kept: [Term, ...Term[]] = [first, ...others]
  const last = kept.at(-1) ?? first
  const ahead = terms.filter(({ since }) => since > at)
  const added = edit([{ ...termAt(terms, at), since: at }, ...ahead])
  kept[kept.length - 1] = { ...last, until: at }
  return [...kept, ...added.map((term, index) => ({ ...term, no: kept.length + index }))]
}
