import type { Decimal } from '@usageflow/pricing'
import type { Filter } from './filter.ts'

/** How the events of a meter become one number. */
export const AGGREGATIONS = ['COUNT', 'SUM', 'MAX', 'MIN', 'AVG', 'LAST', 'UNIQUE'] as const
export type Aggregation = (typeof AGGREGATIONS)[number]

/** What a meter counts and how. None of it ever changes: what was invoiced stays what it was. */
export type MeterRule = {
  readonly eventName: string
  readonly aggregation: Aggregation
  /** Where in the metadata the value stands, key by key; null: the event's amount. COUNT reads none. */
  readonly valueProperty: readonly string[] | null
  /** Which events count; null: all of the name. */
  readonly filter: Filter | null
  /** Metadata properties, as dotted paths, by which usage is kept apart. */
  readonly groupBy: readonly string[]
  /** The unit conversion: what was aggregated × factor ÷ divisor is the quantity. */
  readonly factor: Decimal
  readonly divisor: Decimal
  /** What becomes of the quantity after the conversion. */
  readonly rounding: Rounding
}

/**
 * What becomes of usage that comes after its period was invoiced: `bill` passes on whatever it changes,
 * `credit` what is in the customer's favour, `absorb` nothing. It is always on an invoice.
 */
export const LATE_USAGES = ['bill', 'credit', 'absorb'] as const
export type LateUsage = (typeof LATE_USAGES)[number]

export const ROUNDINGS = ['none', 'up', 'down', 'nearest'] as const

/** To how many digits after the point a quantity is rounded: away from zero, towards it, or halves away from it. */
export type Rounding = { readonly mode: (typeof ROUNDINGS)[number]; readonly digits: number }

export const UNROUNDED: Rounding = { mode: 'none', digits: 0 }

/** Turns events into a quantity. */
export type Meter = MeterRule & {
  readonly id: string
  /** The meter in big tables. */
  readonly meterNo: number
  readonly key: string
  readonly name: string
  /** What one is called, like `call`; empty when it has no name. */
  readonly unit: string
  readonly lateUsage: LateUsage
  readonly createdAt: Date
  /** Nothing new can be priced by it from then on; what is priced goes on being counted. */
  readonly archivedAt: Date | null
  /** Whether the events that are older than the meter are counted, too. */
  readonly isComplete: boolean
}
