import type { Decimal } from './decimal.ts'
import type { DimensionValue, SimplePrice } from './price.ts'
import type { Share } from './proration.ts'
import type { MeteredUsage } from './rate.ts'
import type { Terms } from './settle.ts'

/** What an invoice is computed from. Nothing else decides an amount. */
export type InvoiceInput = Terms & {
  /** ISO 4217 code. */
  readonly currency: string
  /**
   * The base price and the period it pays for: in arrears that of the usage, in advance the one
   * after it. Null where there is none to pay for: the last invoice of a plan in advance.
   */
  readonly base: RecurringCharge | null
  /** Flat prices of the plan and add-ons, in the order of their lines. */
  readonly flats?: readonly RecurringCharge[]
  /** The usage of a period. Null before any usage, and on invoices that are not of a period. */
  readonly usage: UsageCharges | null
  /** What comes from elsewhere: usage of earlier periods, unused time of an earlier plan, single charges. */
  readonly items?: readonly Item[]
  /** The rate of tax of the base price and of the plan's true-up. */
  readonly planTaxRate?: string | null
}

/** An amount for a whole period, as often as `quantity` says, of which a share is billed. */
export type RecurringCharge = Interval & {
  /** Empty for the base price. */
  readonly name?: string
  /** For the whole period and once, in minor units; 0 gives a line as well. */
  readonly amountMinor: bigint
  /** Like the seats of a team; 1 unless given. */
  readonly quantity?: Decimal
  /** The part of the whole period that is billed. */
  readonly share: Share
  readonly taxRate?: string | null
}

export type UsageCharges = Interval & {
  /** The part of the whole period that is billed: included units shrink with it. */
  readonly share: Share
  /** In the order of the lines; at most one for each meter and dimension. */
  readonly prices: readonly MeteredPrice[]
}

/** Usage of exactly this interval, with its price. */
export type MeteredPrice = Pick<MeteredUsage, 'quantity'> &
  Partial<MeteredUsage> & {
    /** The caller's name for the meter, repeated on its lines. */
    readonly meter: string
    /** Of a price by dimension: the values of one case; null for all others. */
    readonly dimension?: readonly DimensionValue[] | null
    readonly price: SimplePrice
    readonly taxRate?: string | null
  }

/** A single charge, or a correction of an earlier one, which may be negative. */
export type Item = Interval & {
  readonly name: string
  /** Of one unit, in minor units. */
  readonly amountMinor: bigint
  /** 1 unless given. */
  readonly quantity?: Decimal
  /** Of usage that came late: the caller's name for the meter, repeated on its line. */
  readonly meter?: string
  readonly taxRate?: string | null
}

/** Half-open: `periodEnd` is not part of it. */
export type Interval = { readonly periodStart: Date; readonly periodEnd: Date }
