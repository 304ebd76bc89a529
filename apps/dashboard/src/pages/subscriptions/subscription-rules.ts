import type { Subscription } from '../../api/records.ts'

export type Step =
  | 'change'
  | 'unschedule'
  | 'uncancel'
  | 'pause'
  | 'suspend'
  | 'resume'
  | 'end-trial'
  | 'spend-threshold'
  | 'cancel'

type Status = Subscription['status']
type Known = Pick<Subscription, 'status' | 'scheduledChange' | 'cancelAt'>

const ALIVE: readonly Status[] = ['active', 'trialing', 'paused', 'suspended']

const ALLOWED: Readonly<Record<Step, readonly Status[]>> = {
  change: ALIVE,
  unschedule: ALIVE,
  uncancel: ALIVE,
  pause: ['active'],
  suspend: ['active'],
  resume: ['paused', 'suspended'],
  'end-trial': ['trialing'],
  'spend-threshold': ALIVE,
  cancel: ALIVE,
}

/** What the state of a subscription does not allow, and why; the server decides, this only spares a try. */
export function refusalsOf(subscription: Known): Readonly<Record<Step, string | null>> {
  const { status, scheduledChange, cancelAt } = subscription
  const byStatus = (step: Step): string | null =>
    ALLOWED[step].includes(status) ? null : `Not while it is ${status}.`
  const planned =
    scheduledChange === null ? null : 'A change is planned already; take it back first.'
  const unplanned = (step: Step) => byStatus(step) ?? planned
  return {
    change: unplanned('change'),
    unschedule: byStatus('unschedule') ?? (planned === null ? 'No change is planned.' : null),
    uncancel: byStatus('uncancel') ?? (cancelAt === null ? 'No cancelation is planned.' : null),
    pause: unplanned('pause'),
    suspend: byStatus('suspend'),
    resume: byStatus('resume') ?? (status === 'paused' ? planned : null),
    'end-trial': unplanned('end-trial'),
    'spend-threshold': byStatus('spend-threshold'),
    cancel: byStatus('cancel'),
  }
}
