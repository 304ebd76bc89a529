import type { Work } from '../platform/due/schedule.ts'
import type { Grant } from './credit.ts'
import { HOLD_MS_MAX, type Hold } from './hold.ts'

/** Due when a grant is no longer valid: what is left of it goes over or lapses. */
export const LAPSE_KIND = 'credit.lapse'

/** Due when a hold has not been committed or released in time. */
export const HOLD_EXPIRY_KIND = 'credit.hold_expiry'

/** Due when somebody should look whether a customer, its ref, needs more credits; payments does it. */
export const TOP_UP_KIND = 'credit.top_up'

export function topUpWork(customer: string, at: Date): Work {
  return { kind: TOP_UP_KIND, ref: customer, at }
}

/** Due when somebody should look whether what a customer, its ref, has used or has left is to be told; alerts does it. */
export const ALERT_KIND = 'customer.alert'

export function alertWork(customer: string, at: Date): Work {
  return { kind: ALERT_KIND, ref: customer, at }
}

/** Behind the longest hold, and behind the usual grace of a period that ends with the grant. */
export const LAPSE_DELAY_MS = HOLD_MS_MAX + 60_000

export function lapseWork(grants: readonly Pick<Grant, 'id' | 'to'>[]): Work[] {
  return grants.flatMap(({ id, to }) =>
    to === null ? [] : [{ kind: LAPSE_KIND, ref: id, at: new Date(to.getTime() + LAPSE_DELAY_MS) }],
  )
}

export function holdExpiryWork({ id, expiresAt }: Hold): Work {
  return { kind: HOLD_EXPIRY_KIND, ref: id, at: expiresAt }
}
