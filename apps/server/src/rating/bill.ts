import type { Line, Span } from '@usageflow/pricing'
import type { NamedVersion } from '../catalog/find-plan.ts'
import type { PricedMeter } from '../catalog/plan.ts'
import type { AskedUsage, Slice, Totals } from '../metering/total.ts'
import type { Subscription } from '../subscriptions/subscription.ts'

/** What is to be rated: the question behind an invoice, a draft and a preview alike. */
export type Bill = {
  /** The caller's name for it. */
  readonly id: string
  readonly subscription: Subscription
  /** The period whose usage is billed; null for the first base price in advance. */
  readonly usage: Span | null
  /** The period whose base price is billed; null after the end of a plan paid in advance. */
  readonly base: Span | null
}

/** One row of an invoice, with what it counts. */
export type BillLine = Line & {
  readonly kind: 'base' | 'usage'
  readonly description: string
  /** Null for the base price. */
  readonly billedMeter: PricedMeter | null
  /** Whose events it counts, from when to when; empty for the base price. */
  readonly coverage: readonly Slice[]
}

export type RatedBill = {
  readonly bill: Bill
  readonly version: NamedVersion
  readonly lines: readonly BillLine[]
  readonly totalMinor: bigint
  /** Whether all usage is in: no meter of it is still counting events older than itself. */
  readonly isComplete: boolean
}

/** What was asked of metering for some bills, and what it answered. */
export type RatedUsage = {
  readonly asked: readonly (AskedUsage & { readonly billId: string })[]
  readonly totals: Totals
}
