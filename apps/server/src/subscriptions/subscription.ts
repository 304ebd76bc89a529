import { invariant } from '../platform/errors.ts'
import { failures } from './failures.ts'
import type { Term, Timeline } from './term.ts'

export const STATUSES = ['trialing', 'active', 'paused', 'suspended', 'canceled'] as const
export type Status = (typeof STATUSES)[number]

/**
 * A customer on one version of a plan at a time. `term`, and what it says, is the present one; beside a
 * period it is that of the period.
 */
export type Subscription = Pick<Term, 'plan' | 'quantity' | 'overrides' | 'anchor'> & {
  readonly id: string
  readonly customer: string
  readonly term: Term
  /** What it was, is and will be sold as. */
  readonly terms: Timeline
  readonly status: Status
  /** Usage is covered from then on; the first period may begin earlier the same day. */
  readonly startedAt: Date
  /** When it will end; null while nobody has asked for it. */
  readonly cancelAt: Date | null
  /** When it did end. */
  readonly endedAt: Date | null
  /** Usage that comes to so much is billed before its period is over, in minor units; null: it is not. */
  readonly spendThresholdMinor: bigint | null
  /** Why billing stopped until a person has looked; null: it goes on. */
  readonly parkedReason: string | null
  readonly createdAt: Date
}

/** What can be done to a subscription. To end is what a planned cancelation does when its time comes. */
export type Step = 'change' | 'end_trial' | 'pause' | 'suspend' | 'resume' | 'cancel' | 'end'

/** The whole life of a subscription. A step that is not named is impossible. */
export const STEPS: Readonly<Record<Status, Readonly<Partial<Record<Step, Status>>>>> = {
  trialing: { change: 'trialing', end_trial: 'active', cancel: 'canceled', end: 'canceled' },
  active: {
    change: 'active',
    pause: 'paused',
    suspend: 'suspended',
    cancel: 'canceled',
    end: 'canceled',
  },
  paused: { change: 'paused', resume: 'active', cancel: 'canceled', end: 'canceled' },
  suspended: { change: 'suspended', resume: 'active', cancel: 'canceled', end: 'canceled' },
  canceled: {},
}

/** Where a step leads. Throws `subscription.step_impossible`, which names the possible ones. */
export function statusAfter(status: Status, step: Step): Status {
  const next = STEPS[status][step]
  if (!next) throw failures.stepImpossible(status, step, stepsByHand(status))
  return next
}

function stepsByHand(status: Status): Step[] {
  const steps = Object.keys(STEPS[status]) as Step[] // the keys of a record of steps
  return steps.filter((step) => step !== 'end')
}

/** The subscription as it is in one of its terms. */
export function inTerm(
  subscription: Omit<Subscription, keyof Term | 'term'>,
  termNo: number,
): Subscription {
  const term = subscription.terms[termNo]
  invariant(term !== undefined, 'terms are numbered from 0')
  const { plan, quantity, overrides, anchor } = term
  return { ...subscription, term, plan, quantity, overrides, anchor }
}

/** The instant from which it covers nothing more; null while no end is known. */
export function endOf(subscription: Pick<Subscription, 'cancelAt' | 'endedAt'>): Date | null {
  return subscription.endedAt ?? subscription.cancelAt
}
