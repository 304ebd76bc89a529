import { formatDecimal } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import { appendFact, appendFacts } from '../platform/facts/append-fact.ts'
import type { Subscription } from './subscription.ts'

/** What can happen to a subscription, as others are told. */
export type SubscriptionFact = {
  readonly type:
    | 'subscription.activated'
    | 'subscription.changed'
    | 'subscription.trial_ended'
    | 'subscription.paused'
    | 'subscription.suspended'
    | 'subscription.resumed'
    | 'subscription.canceled'
    | 'subscription.parked'
    | 'subscription.unparked'
  /** As it is after the change. */
  readonly subscription: Subscription
}

/** Tells of a change in its own transaction. */
export async function tellOf(
  tx: Tx,
  envId: number,
  { type, subscription }: SubscriptionFact,
  at: Date,
): Promise<void> {
  await appendFact(tx, envId, { type, at, data: factData(subscription) })
}

/** The same for many, in the order in which they happened. */
export async function tellOfMany(
  tx: Tx,
  envId: number,
  facts: readonly SubscriptionFact[],
  at: Date,
): Promise<void> {
  const written = facts.map(({ type, subscription }) => ({
    type,
    at,
    data: factData(subscription),
  }))
  await appendFacts(tx, envId, written)
}

function factData(subscription: Subscription): Record<string, unknown> {
  const { plan } = subscription
  return {
    subscriptionId: subscription.id,
    customerId: subscription.customer,
    planId: plan.id,
    plan: plan.key,
    planVersion: plan.version,
    quantity: formatDecimal(subscription.quantity),
    status: subscription.status,
    startedAt: subscription.startedAt.toISOString(),
    cancelAt: subscription.cancelAt?.toISOString() ?? null,
    endedAt: subscription.endedAt?.toISOString() ?? null,
    parkedReason: subscription.parkedReason,
  }
}
