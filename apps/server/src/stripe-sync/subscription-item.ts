import type Stripe from 'stripe'
import type { Account } from '../stripe/account.ts'
import { type Outcome, outcomeOf } from './send-usage.ts'
import type { SyncRecord } from './sync-record.ts'
import type { ProrationBehavior } from './trigger.ts'

/** An item of a subscription as Stripe has it now. */
export type Item = {
  readonly ref: string
  readonly quantity: bigint
  readonly period: { readonly from: Date; readonly to: Date }
}

/** A subscription in any other state bills nothing, or is not to go on. */
const LIVE: readonly string[] = ['active', 'trialing', 'past_due']
const PAGE = 100
const LOOK_TIMEOUT_MS = 4_000
const SET_TIMEOUT_MS = 6_000 // with the looks and the turn it is within the lease

/** The items of a price in the live subscriptions of a customer. Throws what Stripe throws. */
export async function itemsOf(
  { client }: Account,
  { customerRef, priceRef }: { readonly customerRef: string; readonly priceRef: string },
): Promise<Item[]> {
  const options = { timeout: LOOK_TIMEOUT_MS }
  const asked = { customer: customerRef, price: priceRef, limit: PAGE }
  const items: Item[] = []
  for await (const { id, status } of client.subscriptions.list(asked, options)) {
    if (!LIVE.includes(status)) continue
    const ofOne = { subscription: id, limit: PAGE }
    for await (const item of client.subscriptionItems.list(ofOne, options))
      if (item.price.id === priceRef) items.push(toItem(item))
  }
  return items
}

function toItem(item: Stripe.SubscriptionItem): Item {
  return {
    ref: item.id,
    quantity: BigInt(item.quantity ?? 0),
    period: {
      from: new Date(item.current_period_start * 1_000),
      to: new Date(item.current_period_end * 1_000),
    },
  }
}

/**
 * Sets the quantity that the record says. Each attempt has a key of its own: Stripe would repeat an error for a day, and
 * to set the same again does no harm. Never throws what Stripe throws, but for a refused key.
 */
export async function setQuantity(
  { client }: Account,
  {
    itemRef,
    value,
    identifier,
    attempts,
  }: Pick<SyncRecord, 'itemRef' | 'value' | 'identifier' | 'attempts'>,
  prorationBehavior: ProrationBehavior,
): Promise<Outcome> {
  try {
    await client.subscriptionItems.update(
      itemRef ?? '',
      { quantity: Number(value), proration_behavior: prorationBehavior }, // of at most 15 digits
      { idempotencyKey: `${identifier}-${attempts}`, timeout: SET_TIMEOUT_MS },
    )
    return { status: 'sent' }
  } catch (error) {
    return outcomeOf(error)
  }
}
