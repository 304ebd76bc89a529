import { amountOf } from '../catalog/amount.ts'
import { planVersions } from '../catalog/find-plan.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { schedule } from '../platform/due/schedule.ts'
import { getSubscription, lockSubscription } from './change-subscription.ts'
import { thresholdWork } from './due-work.ts'
import { failures } from './failures.ts'
import { type Subscription, statusAfter } from './subscription.ts'
import { updateSpendThreshold } from './subscriptions.store.ts'

/**
 * Has usage billed as soon as it has come to an amount that is not billed yet, or with null when its period
 * is over. Throws `subscription.unknown`, `.step_impossible`, `.threshold_impossible` and
 * `plan.amount_impossible`.
 */
export async function setSpendThreshold(
  tx: Tx,
  envId: number,
  set: {
    readonly id: string /** In the major unit of the plan's currency. */
    readonly amount: string | null
  },
  now: Date,
): Promise<Subscription> {
  const { id, amount } = set
  const before = await lockSubscription(tx, envId, id)
  statusAfter(before.status, 'change')
  const spendThresholdMinor = amount === null ? null : await minorOf(tx, envId, before, amount)
  await updateSpendThreshold(tx, envId, id, spendThresholdMinor)
  if (spendThresholdMinor !== null) await schedule(tx, envId, thresholdWork(id, now))
  return { ...before, spendThresholdMinor }
}

/** Whether somebody is to go on looking: it has one, and has not ended. */
export async function hasSpendThreshold(tx: Tx, envId: number, id: string): Promise<boolean> {
  const { spendThresholdMinor, status } = await getSubscription(tx, envId, id)
  return spendThresholdMinor !== null && status !== 'canceled'
}

async function minorOf(
  tx: Tx,
  envId: number,
  { plan }: Subscription,
  amount: string,
): Promise<bigint> {
  const versions = await planVersions(tx, envId, [{ planId: plan.id, version: plan.version }])
  const [{ currency } = { currency: '' }] = versions.values()
  const amountMinor = amountOf(amount, currency)
  if (amountMinor === 0n) throw failures.thresholdImpossible()
  return amountMinor
}
