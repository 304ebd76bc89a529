import type { Cycle, Price } from '@usageflow/pricing'
import type { Recurring } from './add-on.ts'
import type { Meter } from './meter.ts'
import type { PlanCredit } from './plan-credits.ts'

/** What is sold. Its content stands in versions: a subscription keeps the one it was made with. */
export type Plan = {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly createdAt: Date
  /** From then on nobody can subscribe any more; who has subscribed keeps it. Null: on sale. */
  readonly archivedAt: Date | null
}

/** One version of a plan: never changed once it was made. */
export type PlanVersion = {
  readonly planId: string
  readonly version: number
  /** ISO 4217 code. */
  readonly currency: string
  readonly cycle: Cycle
  /** The base price of a whole period, in minor units. */
  readonly baseMinor: bigint
  /** Whether a period's base price is billed at its start (with the usage of the one before) or at its end. */
  readonly baseInAdvance: boolean
  /** How long the end of a period waits for late events. */
  readonly graceSeconds: number
  /** What a period costs at least, in minor units; null: nothing. */
  readonly minimumMinor: bigint | null
  /** In the order of their lines, after the base price. */
  readonly flatPrices: readonly FlatPrice[]
  /** What is granted anew for each period. */
  readonly credits: readonly PlanCredit[]
  /** How long a new subscription is not billed. */
  readonly trialDays: number
  /** From the invoice until it is due. */
  readonly netDays: number
  /** Of all that names no rate of its own; that of a customer goes before. Null: not taxed. */
  readonly taxRateId: string | null
  readonly createdAt: Date
  /** In the order of the lines of an invoice; at most one for each meter. */
  readonly prices: readonly PlanPrice[]
}

/** What one meter costs on a plan version. */
export type PlanPrice = {
  readonly meter: PricedMeter
  readonly price: Price
  readonly taxRateId: string | null
}

/** A fixed amount beside the base price: for every period, or with the first one. */
export type FlatPrice = {
  readonly name: string
  readonly amountMinor: bigint
  readonly recurring: Recurring
  readonly taxRateId: string | null
}

/** What a price and its invoice lines say about a meter, and what turns its totals into a quantity. */
export type PricedMeter = Pick<
  Meter,
  | 'id'
  | 'meterNo'
  | 'key'
  | 'name'
  | 'unit'
  | 'aggregation'
  | 'groupBy'
  | 'factor'
  | 'divisor'
  | 'rounding'
  | 'lateUsage'
>

/** Names a version of a plan. */
export type PlanVersionRef = { readonly planId: string; readonly version: number }
