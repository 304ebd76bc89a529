import type { Decimal, Line, LineShare, Span } from '@usageflow/pricing'
import type { NamedVersion } from '../catalog/find-plan.ts'
import type { PricedMeter } from '../catalog/plan.ts'
import type { AskedUsage, Slice, Totals } from '../metering/total.ts'
import type { UnusedBase } from '../subscriptions/billed-periods.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import type { LateOf, LatePeriod } from './late-usage.ts'

/** What is to be rated: the question behind an invoice, a draft and a preview alike. */
export type Bill = {
  /** The caller's name for it. */
  readonly id: string
  /** As it is in the term of the period. */
  readonly subscription: Subscription
  /** The period that it is for: its coupons count, and credits of money that are valid in it. */
  readonly period: Span
  /** The period whose usage is billed; null for the first base price in advance, and where only late usage is. */
  readonly usage: Span | null
  /** The period whose base price is billed; null after the end of a plan paid in advance. */
  readonly base: Span | null
  /** Whether it is the first of its subscription: what is charged once is on it. */
  readonly isFirst: boolean
  /** What of a base price in advance was billed and not used. */
  readonly unusedBase: UnusedBase | null
  /** Of a plan paid in advance: the base price of the period of the usage, billed before; else null. */
  readonly paidAhead: PaidAhead | null
  /** Earlier periods of which usage has come since they were invoiced. */
  readonly late: readonly LatePeriod[]
  /** What of the usage was billed before, while the period was under way. */
  readonly deducted: readonly Deduction[]
  /**
   * When it is made, if that is after the bill of its period: then credits of money pay that are valid at that
   * time, and coupons of an amount, which the bill of the period had, take nothing off. Else null.
   */
  readonly afterwardsAt: Date | null
}

export type Deduction = {
  readonly name: string
  readonly taxRate: string | null
  /** Below 0 where something comes off. */
  readonly amountMinor: bigint
}

/** A base price that an earlier invoice has. */
export type PaidAhead = {
  readonly span: Span
  /** What that invoice charged for the period, after coupons; null while it is not final. */
  readonly chargedMinor: bigint | null
}

/** One row of an invoice, with what it counts. */
export type BillLine = Line &
  LineShare & {
    readonly description: string
    /** Null for what is not usage. */
    readonly billedMeter: PricedMeter | null
    /** Whose events it counts, from when to when; empty for what is not usage. */
    readonly coverage: readonly Slice[]
    /** Null for all but late usage. */
    readonly late: LateOf | null
  }

/** What was taken off an invoice or put on it, beside its lines. */
export type Adjustment = {
  readonly kind: 'unit_credit' | 'discount' | 'promotional' | 'tax' | 'prepaid'
  /** A grant, the attachment of a coupon, a rate of tax. */
  readonly ref: string
  readonly name: string
  /** Of units of a meter, which have no amount. */
  readonly units: { readonly meterId: string; readonly quantity: Decimal } | null
  readonly tax: {
    readonly percent: Decimal
    readonly isInclusive: boolean
    readonly taxableMinor: bigint
  } | null
  readonly amountMinor: bigint
}

/** What becomes of the sum of the lines. */
export type Sums = {
  readonly subtotalMinor: bigint
  readonly trueUpMinor: bigint
  readonly taxMinor: bigint
  /** Negative where corrections come to more than everything else: then nothing is due. */
  readonly totalMinor: bigint
  readonly amountDueMinor: bigint
}

export type RatedBill = Sums & {
  readonly bill: Bill
  readonly version: NamedVersion
  readonly lines: readonly BillLine[]
  /** In the order in which they were made. */
  readonly adjustments: readonly Adjustment[]
  /** From the invoice until it is due. */
  readonly netDays: number
  /** Whether all usage is in: no meter of it is still counting events older than itself. */
  readonly isComplete: boolean
}

/** What was asked of metering for some bills, and what it answered. */
export type RatedUsage = {
  readonly asked: readonly (AskedUsage & { readonly billId: string })[]
  readonly totals: Totals
}
