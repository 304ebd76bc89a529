import type { Anchor, Cycle } from '@usageflow/pricing'
import { failures } from './failures.ts'

export type Status = 'active' | 'suspended' | 'canceled'

/** A customer on one version of a plan. */
export type Subscription = {
  readonly id: string
  readonly customer: string
  readonly plan: {
    readonly id: string
    readonly key: string
    readonly version: number
    readonly cycle: Cycle
    readonly baseInAdvance: boolean
    readonly graceSeconds: number
  }
  readonly status: Status
  readonly anchor: Anchor
  /** Usage is covered from then on; the first period may begin earlier the same day. */
  readonly startedAt: Date
  /** When it will end; null while nobody has asked for it. */
  readonly cancelAt: Date | null
  /** When it did end. */
  readonly endedAt: Date | null
  /** Why billing stopped until a person has looked; null: it goes on. */
  readonly parkedReason: string | null
  readonly createdAt: Date
}

/** What can be done to a subscription. To end is what a planned cancelation does when its time comes. */
export type Step = 'suspend' | 'resume' | 'cancel' | 'end'

/** The whole life of a subscription. A step that is not named is impossible. */
export const STEPS: Readonly<Record<Status, Readonly<Partial<Record<Step, Status>>>>> = {
  active: { suspend: 'suspended', cancel: 'canceled', end: 'canceled' },
  suspended: { resume: 'active', cancel: 'canceled', end: 'canceled' },
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

/** The instant from which it covers nothing more; null while no end is known. */
export function endOf(subscription: Pick<Subscription, 'cancelAt' | 'endedAt'>): Date | null {
  return subscription.endedAt ?? subscription.cancelAt
}
