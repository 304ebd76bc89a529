import type { Tx } from '../platform/db/transaction.ts'
import { schedule } from '../platform/due/schedule.ts'
import { earlier, later } from '../platform/instant.ts'
import { type BillingPeriod, cutEnd, endWithin, periodEndAfter } from './billing-period.ts'
import { selectOpenPeriods, updateEnd } from './billing-periods.store.ts'
import { closeWork } from './due-work.ts'
import { failures } from './failures.ts'
import { endOf, type Subscription, statusAfter } from './subscription.ts'
import { tellOf } from './subscription-facts.ts'
import {
  lockSubscriptions,
  selectSubscription,
  updateCancelAt,
  updateParked,
  updateStatus,
  updateUnparked,
} from './subscriptions.store.ts'

/** Throws `subscription.unknown`. */
export async function getSubscription(tx: Tx, envId: number, id: string): Promise<Subscription> {
  const found = await selectSubscription(tx, envId, id)
  if (!found) throw failures.unknown(id)
  return found
}

/**
 * Ends a subscription at this instant. The open period ends with it, and its base price and included
 * units shrink to the part that was. Throws `subscription.unknown` and `subscription.step_impossible`.
 */
export async function cancelNow(
  tx: Tx,
  envId: number,
  id: string,
  now: Date,
): Promise<Subscription> {
  const before = await lockSubscription(tx, envId, id)
  const planned = endOf(before)
  const endedAt = planned ? earlier(planned, now) : now
  const after = { ...before, status: statusAfter(before.status, 'cancel'), endedAt }
  await updateStatus(tx, envId, id, after)
  await cutOpenPeriod(tx, envId, id, endedAt)
  await tellOf(tx, envId, { type: 'subscription.canceled', subscription: after }, now)
  return after
}

/**
 * Has a subscription end with the period that is under way, or earlier if that is planned. It stays
 * what it is until then. Throws `subscription.unknown` and `subscription.step_impossible`.
 */
export async function cancelAtPeriodEnd(
  tx: Tx,
  envId: number,
  id: string,
  now: Date,
): Promise<Subscription> {
  const before = await lockSubscription(tx, envId, id)
  statusAfter(before.status, 'end')
  const planned = endOf(before)
  const end = periodEndAfter(before.terms, later(now, before.startedAt))
  const cancelAt = planned ? earlier(planned, end) : end
  await updateCancelAt(tx, envId, id, cancelAt)
  return { ...before, cancelAt }
}

/** While suspended, usage is billed as before. Throws like `cancelNow`. */
export async function suspend(tx: Tx, envId: number, id: string, now: Date): Promise<Subscription> {
  const before = await lockSubscription(tx, envId, id)
  const after = { ...before, status: statusAfter(before.status, 'suspend') }
  await updateStatus(tx, envId, id, after)
  await tellOf(tx, envId, { type: 'subscription.suspended', subscription: after }, now)
  return after
}

/**
 * Stops the billing of a subscription because something about it cannot be right: until a person has
 * looked, no period is closed and nothing is invoiced. A repeat changes nothing.
 */
export async function park(
  tx: Tx,
  envId: number,
  parked: { readonly id: string; readonly reason: string },
  now: Date,
): Promise<void> {
  const before = await lockSubscription(tx, envId, parked.id)
  const { reason } = parked
  if (!(await updateParked(tx, envId, parked.id, { at: now, reason }))) return
  const subscription = { ...before, parkedReason: reason }
  await tellOf(tx, envId, { type: 'subscription.parked', subscription }, now)
}

/**
 * Lets billing go on where it was stopped; whoever calls this sees to the invoices that waited.
 * Throws `subscription.unknown` and `subscription.not_parked`.
 */
export async function unpark(tx: Tx, envId: number, id: string, now: Date): Promise<Subscription> {
  const before = await lockSubscription(tx, envId, id)
  if (!(await updateUnparked(tx, envId, id))) throw failures.notParked(id)
  const subscription = { ...before, parkedReason: null }
  const open = await openPeriodOf(tx, envId, id)
  if (open) await schedule(tx, envId, closeWork(id, open))
  await tellOf(tx, envId, { type: 'subscription.unparked', subscription }, now)
  return subscription
}

/** One step at a time: of two that race, the second is judged by what the first has left. */
export async function lockSubscription(tx: Tx, envId: number, id: string): Promise<Subscription> {
  await lockSubscriptions(tx, envId, [id])
  return getSubscription(tx, envId, id)
}

/** Has the open period end by what is known now, and its closing fall due then. */
export async function refitOpenPeriod(
  tx: Tx,
  envId: number,
  subscription: Subscription,
): Promise<void> {
  const { id, terms } = subscription
  const open = await openPeriodOf(tx, envId, id)
  if (!open) return
  const end = endWithin({ terms, endsAt: endOf(subscription) }, open)
  if (end.getTime() === open.end.getTime()) return
  await updateEnd(tx, envId, { subscriptionId: id, periodNo: open.no }, end)
  await schedule(tx, envId, closeWork(id, { ...open, end }))
}

/** A period that is over already is closed as it stands, and the next one is opened already cut. */
async function cutOpenPeriod(tx: Tx, envId: number, id: string, endsAt: Date): Promise<void> {
  const open = await openPeriodOf(tx, envId, id)
  if (!open) return
  const end = cutEnd(open, endsAt)
  if (end < open.end) await updateEnd(tx, envId, { subscriptionId: id, periodNo: open.no }, end)
  await schedule(tx, envId, closeWork(id, { ...open, end }))
}

async function openPeriodOf(tx: Tx, envId: number, id: string): Promise<BillingPeriod | undefined> {
  const [open] = await selectOpenPeriods(tx, envId, [id])
  return open?.period
}
