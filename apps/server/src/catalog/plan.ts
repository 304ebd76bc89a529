import { type Cycle, type PerUnit, parsePrice, type SimplePrice } from '@usageflow/pricing'
import { invariant } from '../platform/errors.ts'
import type { Meter } from './meter.ts'

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
  readonly createdAt: Date
  /** In the order of the lines of an invoice; at most one for each meter. */
  readonly prices: readonly PlanPrice[]
}

/** What one meter costs on a plan version. */
export type PlanPrice = {
  readonly meter: PricedMeter
  readonly price: PerUnitPrice
}

/** The one model that plans have. */
export type PerUnitPrice = SimplePrice & PerUnit

/** Reads a price from JSON. Throws RangeError that names the field for an impossible one. */
export function perUnitPrice(json: unknown): PerUnitPrice {
  const price = parsePrice(json)
  invariant(price.model === 'per_unit', 'plans have no other model')
  return price
}

/** What a price and its invoice lines say about a meter, and what turns its totals into a quantity. */
export type PricedMeter = Pick<
  Meter,
  'id' | 'meterNo' | 'key' | 'name' | 'unit' | 'aggregation' | 'factor' | 'divisor'
>

/** Names a version of a plan. */
export type PlanVersionRef = { readonly planId: string; readonly version: number }
