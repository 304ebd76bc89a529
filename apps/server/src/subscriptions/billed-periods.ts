import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { type BillingPeriod, nextPeriod } from './billing-period.ts'
import {
  type PeriodRef,
  selectOpenPeriods,
  selectPeriodsAndNext,
  updateStates,
} from './billing-periods.store.ts'
import { endOf, type Subscription } from './subscription.ts'
import { lockSubscriptions, selectSubscriptionsById } from './subscriptions.store.ts'

/** A period of a subscription, and the one that follows it, if any does. */
export type BilledPeriod = {
  readonly subscription: Subscription
  readonly period: BillingPeriod
  readonly next: BillingPeriod | null
}

/** The named periods, to be looked up by `periodKey`, as they are stored now. */
export async function billedPeriods(
  tx: Tx,
  envId: number,
  refs: readonly PeriodRef[],
): Promise<ReadonlyMap<string, BilledPeriod>> {
  const ids = [...new Set(refs.map(({ subscriptionId }) => subscriptionId))]
  const subscriptions = await selectSubscriptionsById(tx, envId, ids)
  const byId = new Map(subscriptions.map((subscription) => [subscription.id, subscription]))
  const found = await selectPeriodsAndNext(tx, envId, refs)
  return new Map(
    found.map(({ subscriptionId, period, next }) => {
      const subscription = byId.get(subscriptionId)
      invariant(subscription !== undefined, 'a period has a subscription')
      const billed: BilledPeriod = { subscription, period, next }
      return [periodKey({ subscriptionId, periodNo: period.no }), billed]
    }),
  )
}

/**
 * The same for periods that are about to be invoiced: until the transaction ends no step is taken and
 * nobody beneath subscribes into a time that these invoices bill.
 */
export async function lockBilledPeriods(
  tx: Tx,
  envId: number,
  refs: readonly PeriodRef[],
): Promise<ReadonlyMap<string, BilledPeriod>> {
  const ids = [...new Set(refs.map(({ subscriptionId }) => subscriptionId))]
  await lockSubscriptions(tx, envId, ids)
  return billedPeriods(tx, envId, refs)
}

/** The periods with which these subscriptions began. */
export async function firstPeriods(
  tx: Tx,
  envId: number,
  subscriptionIds: readonly string[],
): Promise<readonly BilledPeriod[]> {
  const refs = subscriptionIds.map((subscriptionId) => ({ subscriptionId, periodNo: 0 }))
  return [...(await billedPeriods(tx, envId, refs)).values()]
}

/** The open period of a subscription with the one that will follow; null when it has ended. */
export async function openBilledPeriod(
  tx: Tx,
  envId: number,
  subscription: Subscription,
): Promise<BilledPeriod | null> {
  const [open] = await selectOpenPeriods(tx, envId, [subscription.id])
  if (!open) return null
  return { subscription, period: open.period, next: periodAfter(subscription, open.period) }
}

/** The period that will follow `period`; null when the subscription will have ended. */
export function periodAfter(
  subscription: Subscription,
  period: BillingPeriod,
): BillingPeriod | null {
  const { anchor, plan } = subscription
  return nextPeriod({ anchor, cycle: plan.cycle, endsAt: endOf(subscription) }, period)
}

/** Says that closed periods have their invoices. Each does so once: anything else is a mistake of ours. */
export async function markInvoiced(
  tx: Tx,
  envId: number,
  refs: readonly PeriodRef[],
): Promise<void> {
  const marked = await updateStates(tx, envId, refs, { from: 'closed', to: 'invoiced' })
  invariant(marked === refs.length, 'a closed period is invoiced once')
}

export function periodKey({ subscriptionId, periodNo }: PeriodRef): string {
  return `${subscriptionId} ${periodNo}`
}

export type { PeriodRef }
