import type { Work } from '../platform/due/schedule.ts'

/** Due when a payment is to be brought to its outcome. Its ref is the payment. */
export const SETTLE_KIND = 'payment.settle'

export function settleWork(paymentId: string, at: Date): Work {
  return { kind: SETTLE_KIND, ref: paymentId, at }
}
