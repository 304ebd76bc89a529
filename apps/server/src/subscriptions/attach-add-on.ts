import type { Decimal } from '@usageflow/pricing'
import type { AddOn } from '../catalog/add-on.ts'
import { addOnOnSale, addOnsById } from '../catalog/find-add-on.ts'
import { planVersions } from '../catalog/find-plan.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { newId } from '../platform/id.ts'
import { later } from '../platform/instant.ts'
import type { AttachedAddOn } from './attached-add-on.ts'
import {
  deleteAttached,
  insertAttached,
  selectAttached,
  updateDetached,
} from './attached-add-ons.store.ts'
import { periodEndAfter } from './billing-period.ts'
import { selectOpenPeriods } from './billing-periods.store.ts'
import { lockSubscription } from './change-subscription.ts'
import { failures } from './failures.ts'
import { endOf, type Subscription, statusAfter } from './subscription.ts'
import { tellOfAddOn } from './subscription-facts.ts'

/** An attached add-on with what it is. */
export type SubscriptionAddOn = { readonly attached: AttachedAddOn; readonly addOn: AddOn }

/**
 * Gives a subscription an add-on from now on, or from an instant of its open period or later: what was
 * closed before stays as it is. Throws `subscription.unknown`, `.step_impossible`, `.add_on_out_of_time`,
 * `.add_on_currency`, `add_on.unknown` and `add_on.archived`.
 */
export async function attachAddOn(
  tx: Tx,
  envId: number,
  wanted: {
    readonly subscriptionId: string
    /** Id or key. */
    readonly addOn: string
    readonly quantity: Decimal
    /** Null: now. */
    readonly from: Date | null
  },
  now: Date,
): Promise<SubscriptionAddOn> {
  const { subscriptionId, quantity } = wanted
  const subscription = await lockSubscription(tx, envId, subscriptionId)
  statusAfter(subscription.status, 'change')
  const addOn = await addOnOnSale(tx, envId, wanted.addOn)
  const from = wanted.from ?? now
  await assertInTime(tx, envId, subscription, from)
  await assertInCurrency(tx, envId, subscription, { addOn, from })
  const attached = {
    ...{ id: newId('soa'), subscriptionId, addOnId: addOn.id, quantity, from },
    until: null,
  }
  await insertAttached(tx, envId, attached)
  const fact = { type: 'subscription.add_on_attached' as const, subscription, attached, addOn }
  await tellOfAddOn(tx, envId, fact, now)
  return { attached, addOn }
}

/**
 * Takes an add-on off from now on, at the end of the period, or at an instant ahead. One that has not begun by then
 * never was; one that has ended by then stays as it is. Throws `subscription.unknown`,
 * `.add_on_unknown` and `.add_on_out_of_time`.
 */
export async function detachAddOn(
  tx: Tx,
  envId: number,
  wanted: {
    readonly subscriptionId: string
    readonly id: string
    readonly when: 'now' | 'period_end' | Date
  },
  now: Date,
): Promise<SubscriptionAddOn> {
  const { subscriptionId, id } = wanted
  const subscription = await lockSubscription(tx, envId, subscriptionId)
  const all = await attachedAddOns(tx, envId, subscriptionId)
  const found = all.find(({ attached }) => attached.id === id)
  if (!found) throw failures.addOnUnknown(subscriptionId, id)
  const at = detachedAt(subscription, wanted.when, now)
  const { addOn, attached: before } = found
  if (before.until && before.until <= at) return found
  const attached = { ...before, until: later(at, before.from) }
  if (at <= before.from) await deleteAttached(tx, envId, id)
  else await updateDetached(tx, envId, attached)
  const fact = { type: 'subscription.add_on_detached' as const, subscription, attached, addOn }
  await tellOfAddOn(tx, envId, fact, now)
  return { attached, addOn }
}

/** All add-ons that a subscription has, had or will have, in the order in which it got them. */
export async function attachedAddOns(
  tx: Tx,
  envId: number,
  subscriptionId: string,
): Promise<readonly SubscriptionAddOn[]> {
  return (await addOnsOf(tx, envId, [subscriptionId])).get(subscriptionId) ?? []
}

/** The same of many subscriptions, by their ids. */
export async function addOnsOf(
  tx: Tx,
  envId: number,
  subscriptionIds: readonly string[],
): Promise<ReadonlyMap<string, readonly SubscriptionAddOn[]>> {
  const all = await selectAttached(tx, envId, subscriptionIds)
  const addOns = await addOnsById(
    tx,
    envId,
    all.map(({ addOnId }) => addOnId),
  )
  const bySubscription = new Map<string, SubscriptionAddOn[]>()
  for (const attached of all) {
    const addOn = addOns.get(attached.addOnId)
    invariant(addOn !== undefined, 'what is attached is an add-on')
    const known = bySubscription.get(attached.subscriptionId) ?? []
    bySubscription.set(attached.subscriptionId, [...known, { attached, addOn }])
  }
  return bySubscription
}

/**
 * An add-on costs an amount of one currency: a subscription that has some from `at` on cannot be sold in
 * another. Throws `subscription.add_on_currency`.
 */
export async function assertAddOnsIn(
  tx: Tx,
  envId: number,
  subscriptionId: string,
  { currency, at }: { readonly currency: string; readonly at: Date },
): Promise<void> {
  const all = await attachedAddOns(tx, envId, subscriptionId)
  const other = all.find(
    ({ attached, addOn }) =>
      addOn.currency !== currency && (attached.until === null || attached.until > at),
  )
  if (other) throw failures.addOnCurrency(other.addOn.key, other.addOn.currency, currency)
}

async function assertInTime(
  tx: Tx,
  envId: number,
  subscription: Subscription,
  from: Date,
): Promise<void> {
  const [open] = await selectOpenPeriods(tx, envId, [subscription.id])
  const earliest = open?.period.start ?? subscription.startedAt
  const end = endOf(subscription)
  if (from < earliest || (end && from >= end)) throw failures.addOnOutOfTime(earliest, end)
}

/** In all that the subscription is and will be sold as. */
async function assertInCurrency(
  tx: Tx,
  envId: number,
  { terms }: Subscription,
  { addOn, from }: { readonly addOn: AddOn; readonly from: Date },
): Promise<void> {
  const ahead = terms.filter(({ until }) => until === null || until > from)
  const refs = ahead.map(({ plan }) => ({ planId: plan.id, version: plan.version }))
  for (const { currency } of (await planVersions(tx, envId, refs)).values())
    if (currency !== addOn.currency)
      throw failures.addOnCurrency(addOn.key, addOn.currency, currency)
}

function detachedAt(
  subscription: Subscription,
  when: 'now' | 'period_end' | Date,
  now: Date,
): Date {
  if (when === 'now') return now
  const { terms, startedAt } = subscription
  if (when === 'period_end') return periodEndAfter(terms, later(now, startedAt))
  if (when < now) throw failures.addOnOutOfTime(now, endOf(subscription))
  return when
}
