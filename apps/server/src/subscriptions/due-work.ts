import type { Work } from '../platform/due/schedule.ts'
import type { BillingPeriod } from './billing-period.ts'

/** Due when a subscription begins: what its first period grants, and what is paid in advance. */
export const START_KIND = 'period.start'

/** Due when the open period of a subscription is over: it is to be closed and the next one opened. */
export const CLOSE_KIND = 'period.close'

export function startWork(subscriptionId: string, period: BillingPeriod): Work {
  return { kind: START_KIND, ref: subscriptionId, at: period.start }
}

export function closeWork(subscriptionId: string, period: BillingPeriod): Work {
  return { kind: CLOSE_KIND, ref: subscriptionId, at: period.end }
}

/** Due when usage that comes after the last invoice of an ended subscription is looked for. Its ref is the subscription. */
export const LATE_KIND = 'subscription.late'

export function lateWork(subscriptionId: string, at: Date): Work {
  return { kind: LATE_KIND, ref: subscriptionId, at }
}

/** Due when somebody is to look whether the usage of a period has come to a threshold. Its ref is the subscription. */
export const THRESHOLD_KIND = 'subscription.threshold'

export function thresholdWork(subscriptionId: string, at: Date): Work {
  return { kind: THRESHOLD_KIND, ref: subscriptionId, at }
}
