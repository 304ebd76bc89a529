import type { Decimal } from '@usageflow/pricing'

/** A rate of tax. What it says never changes: another rate has another key. */
export type TaxRate = {
  readonly id: string
  readonly key: string
  readonly name: string
  /** Like `19`. */
  readonly percent: Decimal
  /** The tax is a part of the prices; else it is added to them. */
  readonly isInclusive: boolean
  readonly createdAt: Date
  /** Nothing new can name it from then on. */
  readonly archivedAt: Date | null
}
