import type { Decimal } from '@usageflow/pricing'

/**
 * What Stripe is told: `stripe_usage` sends events of a meter of Stripe, `stripe_subscription` sets the quantities of items
 * of subscriptions there, `stripe_invoice` makes invoice items of the lines of our invoices.
 */
export const TRIGGER_TYPES = ['stripe_usage', 'stripe_subscription', 'stripe_invoice'] as const

/** How Stripe collects an invoice: from what the customer pays with there, or by sending it. */
export const COLLECTION_METHODS = ['charge_automatically', 'send_invoice'] as const
export type CollectionMethod = (typeof COLLECTION_METHODS)[number]

/** What Stripe does about the part of a period that is over when a quantity changes. */
export const PRORATION_BEHAVIORS = ['none', 'create_prorations', 'always_invoice'] as const
export type ProrationBehavior = (typeof PRORATION_BEHAVIORS)[number]

/** What is told to Stripe of what. Only whether it is active ever changes. */
export type Trigger = MeterTrigger | InvoiceTrigger

/** Of a meter of ours. */
export type MeterTrigger = UsageTrigger | SubscriptionTrigger

export type InvoiceTrigger = Common & {
  readonly type: 'stripe_invoice'
  /** How an invoice that is made there for each of ours is collected; null: the items wait for the customer's next one. */
  readonly collectionMethod: CollectionMethod | null
}

export type UsageTrigger = OfMeter & {
  readonly type: 'stripe_usage'
  /** Null: the meter of Stripe was found by the name of its events. */
  readonly priceRef: string | null
  readonly stripeMeter: StripeMeter
}

export type SubscriptionTrigger = OfMeter & {
  readonly type: 'stripe_subscription'
  /** Its item in the subscription of a customer has the quantity. */
  readonly priceRef: string
  readonly prorationBehavior: ProrationBehavior
}

type OfMeter = Common & {
  readonly meterId: string
  /** What a unit of our meter is in units of Stripe, which takes whole ones only. */
  readonly multiplier: Decimal
  /** The first hour that is told. */
  readonly usageFrom: Date
}

type Common = {
  readonly id: string
  /** Of Stripe, at which its price and its meter stand. */
  readonly accountId: string
  /** Whether a customer who is linked to none of Stripe is made there; else what is told of them waits. */
  readonly makesCustomers: boolean
  readonly isActive: boolean
  readonly createdAt: Date
}

/** What of a meter of Stripe its events have to know. */
export type StripeMeter = {
  readonly ref: string
  readonly eventName: string
  /** Where in the payload the customer stands, */
  readonly customerKey: string
  /** and where the value. */
  readonly valueKey: string
}

export const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Stripe takes no older event. An hour less, so that one that is on its way is still taken. */
export const SENDABLE_MS = 35 * DAY_MS - HOUR_MS

/** How far back usage is looked for that came late; what Stripe does not take any more is refused, and so can be seen. */
export const LOOK_BACK_MS = 60 * DAY_MS

export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS)
}
