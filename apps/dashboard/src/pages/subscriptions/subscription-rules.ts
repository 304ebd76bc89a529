import type { Subscription } from '../../api/records.ts'

export type Step = 'pause' | 'suspend' | 'resume' | 'end-trial' | 'cancel'

type Status = Subscription['status']

const ALLOWED: Readonly<Record<Step, readonly Status[]>> = {
  pause: ['active'],
  suspend: ['active', 'trialing'],
  resume: ['paused', 'suspended'],
  'end-trial': ['trialing'],
  cancel: ['active', 'trialing', 'paused', 'suspended'],
}

/** What the status of a subscription does not allow, and why; the server decides, this only spares a try. */
export function refusalsOf({
  status,
}: Pick<Subscription, 'status'>): Readonly<Record<Step, string | null>> {
  const refusal = (step: Step): string | null =>
    ALLOWED[step].includes(status) ? null : `Not while it is ${status}.`
  return {
    pause: refusal('pause'),
    suspend: refusal('suspend'),
    resume: refusal('resume'),
    'end-trial': refusal('end-trial'),
    cancel: refusal('cancel'),
  }
}
