import type { Work } from '../platform/due/schedule.ts'

/**
 * Due when something has become of an invoice that is billed elsewhere: it was handed over, paid by hand, or is void. Its
 * ref is the invoice; whoever bills it does it.
 */
export const HANDED_OVER_KIND = 'invoice.handed_over'

export function handedOverWork(invoiceId: string, at: Date): Work {
  return { kind: HANDED_OVER_KIND, ref: invoiceId, at }
}
