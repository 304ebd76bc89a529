import type { Tx } from '../platform/db/transaction.ts'
import { getSubscription, suspend } from '../subscriptions/change-subscription.ts'
import { resume } from '../subscriptions/change-terms.ts'
import { STEPS } from '../subscriptions/subscription.ts'
import {
  deleteSuspension,
  insertSuspension,
  isSuspendedForAny,
  type UnpaidSuspension,
} from './unpaid-suspensions.store.ts'

/**
 * Suspends a subscription because an invoice of it was not paid. One that a person suspended is left to
 * that person, and one that has ended as it is. The caller has locked the subscription.
 */
export async function suspendUnpaid(
  tx: Tx,
  envId: number,
  unpaid: UnpaidSuspension,
  now: Date,
): Promise<void> {
  const { subscriptionId } = unpaid
  const { status } = await getSubscription(tx, envId, subscriptionId)
  if (STEPS[status].suspend) {
    await suspend(tx, envId, subscriptionId, now)
    await insertSuspension(tx, envId, unpaid, now)
  } else if (await isSuspendedForAny(tx, envId, subscriptionId)) {
    await insertSuspension(tx, envId, unpaid, now)
  }
}

/**
 * Lets a subscription go on once the last invoice it was suspended for is paid or void. A repeat changes
 * nothing. The caller has locked the subscription.
 */
export async function resumePaid(
  tx: Tx,
  envId: number,
  paid: UnpaidSuspension,
  now: Date,
): Promise<void> {
  const { subscriptionId } = paid
  if (!(await deleteSuspension(tx, envId, paid))) return
  if (await isSuspendedForAny(tx, envId, subscriptionId)) return
  const { status } = await getSubscription(tx, envId, subscriptionId)
  if (status === 'suspended') await resume(tx, envId, subscriptionId, now)
}
