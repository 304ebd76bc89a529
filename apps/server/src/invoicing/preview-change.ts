import type { Tx } from '../platform/db/transaction.ts'
import { rateBills } from '../rating/rate-bills.ts'
import { type BilledPeriod, openBilledPeriod } from '../subscriptions/billed-periods.ts'
import { getSubscription } from '../subscriptions/change-subscription.ts'
import { type Change, plannedOffer } from '../subscriptions/change-terms.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import type { Offer } from '../subscriptions/term.ts'
import { billOf, contentOf } from './bill-of.ts'
import type { InvoiceContent } from './invoice.ts'

/** What a change would mean: the period under way as a whole with the usage so far, as it is sold and as it would be. */
export type ChangePreview = {
  readonly subscription: Subscription
  /** When the change would hold. */
  readonly at: Date
  /** Null: the period under way is not billed. */
  readonly contents: { readonly before: InvoiceContent; readonly after: InvoiceContent } | null
}

/** Throws what `changeTerms` would, and changes nothing. */
export async function previewChange(
  tx: Tx,
  envId: number,
  wanted: Change & { readonly id: string },
  now: Date,
): Promise<ChangePreview> {
  const { at, offer } = await plannedOffer(tx, envId, wanted, now)
  const subscription = await getSubscription(tx, envId, wanted.id)
  const open = await openBilledPeriod(tx, envId, subscription)
  if (!open) return { subscription, at, contents: null }
  const content = async (billed: BilledPeriod) => {
    const { rated, usage } = await rateBills(tx, envId, [billOf('open', 'period', billed)])
    const counted = { usageBefore: usage.totals.position, lateBefore: null }
    return rated[0] && contentOf(rated[0], counted)
  }
  const before = await content(open) // each by itself: else one would take the credits of the other
  const after = await content(underOffer(open, offer))
  return { subscription, at, contents: before && after ? { before, after } : null }
}

/** A period as if something else were sold in all of it. */
export function underOffer(billed: BilledPeriod, offer: Partial<Offer>): BilledPeriod {
  const { subscription } = billed
  const term = { ...subscription.term, ...offer }
  return { ...billed, subscription: { ...subscription, ...offer, term } }
}
