import type { Tx } from '../platform/db/transaction.ts'
import type { BillingPeriod } from './billing-period.ts'
import { selectOpenPeriods } from './billing-periods.store.ts'
import type { Subscription } from './subscription.ts'
import { selectSubscriptionsOf } from './subscriptions.store.ts'

/** A subscription and its period under way; null: it has ended. */
export type WithOpenPeriod = {
  readonly subscription: Subscription
  readonly open: BillingPeriod | null
}

/** Up to `limit` subscriptions of a customer: those that go on before those that are canceled, the newest first. */
export async function subscriptionsOf(
  tx: Tx,
  envId: number,
  wanted: { readonly customer: string; readonly limit: number },
): Promise<WithOpenPeriod[]> {
  return withOpenPeriods(tx, envId, await selectSubscriptionsOf(tx, envId, wanted))
}

/** These subscriptions, each with its period under way. */
export async function withOpenPeriods(
  tx: Tx,
  envId: number,
  subscriptions: readonly Subscription[],
): Promise<WithOpenPeriod[]> {
  const ids = subscriptions.map(({ id }) => id)
  const periods = await selectOpenPeriods(tx, envId, ids)
  const open = new Map(periods.map(({ subscriptionId, period }) => [subscriptionId, period]))
  return subscriptions.map((subscription) => {
    return { subscription, open: open.get(subscription.id) ?? null }
  })
}
