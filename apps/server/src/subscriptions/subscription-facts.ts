import { formatDecimal } from '@usageflow/pricing'
import type { AddOn } from '../catalog/add-on.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { appendFact, appendFacts } from '../platform/facts/append-fact.ts'
import type { AttachedAddOn } from './attached-add-on.ts'
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

/** Tells that a subscription gets an add-on or loses one. */
export async function tellOfAddOn(
  tx: Tx,
  envId: number,
  fact: {
    readonly type: 'subscription.add_on_attached' | 'subscription.add_on_detached'
    readonly subscription: Subscription
    readonly attached: AttachedAddOn
    readonly addOn: AddOn
  },
  at: Date,
): Promise<void> {
  const { type, subscription, attached, addOn } = fact
  const data = {
    ...factData(subscription),
    attachedAddOnId: attached.id,
    addOnId: addOn.id,
    addOn: addOn.key,
    addOnQuantity: formatDecimal(attached.quantity),
    from: attached.from.toISOString(),
    until: attached.until?.toISOString() ?? null,
  }
  await appendFact(tx, envId, { type, at, data })
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
