import { findPlan } from '../catalog/find-plan.ts'
import { lockCustomer } from '../customers/declare-customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { Subscription } from './subscription.ts'
import { lockSubscriptions, selectSubscriptionsOn } from './subscriptions.store.ts'

/**
 * Subscriptions that are on a version of a plan at present, in the order of their ids. Throws
 * `plan.unknown`.
 */
export async function subscriptionsOnVersion(
  tx: Tx,
  envId: number,
  wanted: {
    readonly plan: string
    readonly version: number
    /** The id after which they begin; empty: with the first. */
    readonly after: string
    readonly limit: number
  },
): Promise<readonly Subscription[]> {
  const { id: planId } = await findPlan(tx, envId, wanted.plan)
  return selectSubscriptionsOn(tx, envId, { ...wanted, planId })
}

/**
 * Lets nobody else take a step of these subscriptions, or subscribe their customers, until the
 * transaction ends. All are locked in one order before any is changed, so that two such moves wait.
 */
export async function lockForChange(
  tx: Tx,
  envId: number,
  subscriptions: readonly Subscription[],
): Promise<void> {
  const customers = [...new Set(subscriptions.map(({ customer }) => customer))].sort()
  for (const customer of customers) await lockCustomer(tx, envId, customer)
  await lockSubscriptions(
    tx,
    envId,
    subscriptions.map(({ id }) => id),
  )
}
