import type { Work } from '../platform/due/schedule.ts'

/** Due when an invoice with something to pay is to be collected. Its ref is the invoice; payments does it. */
export const COLLECT_KIND = 'invoice.collect'

/** Due when an invoice should have been paid. Its ref is the invoice; payments does it. */
export const OVERDUE_KIND = 'invoice.overdue'

export function collectWork(invoiceId: string, at: Date): Work {
  return { kind: COLLECT_KIND, ref: invoiceId, at }
}

export function overdueWork(invoiceId: string, at: Date): Work {
  return { kind: OVERDUE_KIND, ref: invoiceId, at }
}
