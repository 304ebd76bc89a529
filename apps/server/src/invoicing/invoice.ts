import type { Decimal, DimensionValue, Line } from '@usageflow/pricing'
import type { Slice } from '../metering/total.ts'
import type { Adjustment } from '../rating/bill.ts'
import type { LateOf } from '../rating/late-usage.ts'
import { failures } from './failures.ts'

export const STATUSES = ['draft', 'finalized', 'paid', 'failed', 'void'] as const
export type Status = (typeof STATUSES)[number]

/** `period`: a period's usage and a base price; `advance`: the first base price of a plan paid in advance. */
export type PeriodInvoiceKind = 'period' | 'advance'

/**
 * `threshold`: usage of a period under way, which had come to what may be owed; `late`: usage that came after the
 * last invoice of a subscription that has ended; `one_off`: what a customer is charged for beside all plans.
 */
export const INVOICE_KINDS = ['period', 'advance', 'threshold', 'late', 'one_off'] as const
export type InvoiceKind = (typeof INVOICE_KINDS)[number]

/** Where an invoice stands. It changes; the content beside it never does. */
export type InvoiceState = PeriodInvoiceState | ThresholdState | LateState | OneOffState

/** Of a period of a subscription. */
export type PeriodInvoiceState = CommonState & {
  readonly kind: PeriodInvoiceKind
  readonly subscriptionId: string
  readonly periodNo: number
}

/** Of a part of a period; there may be several. */
export type ThresholdState = CommonState & {
  readonly kind: 'threshold'
  readonly subscriptionId: string
  readonly periodNo: number
}

/** Of an ended subscription, whose last period is named; there may be several. */
export type LateState = CommonState & {
  readonly kind: 'late'
  readonly subscriptionId: string
  readonly periodNo: number
}

/** Of no subscription. */
export type OneOffState = CommonState & {
  readonly kind: 'one_off'
  readonly subscriptionId: null
  readonly periodNo: null
}

type CommonState = {
  readonly id: string
  readonly customer: string
  readonly status: Status
  /** Why it failed or was voided, in a person's words. */
  readonly reason: string | null
  /** What credit notes took back of it, tax included. */
  readonly creditedMinor: bigint
  /** Grows with every change: what is told with a higher one is later. */
  readonly version: number
  /** When it was found unpaid after it was due; it stays when the invoice is paid later. */
  readonly overdueAt: Date | null
  readonly createdAt: Date
}

/** What an invoice says. Computed anew while it is a draft, stored once when it is finalized. */
export type InvoiceContent = {
  /** Null while it is a draft. */
  readonly number: string | null
  /** Null for a one-off invoice. */
  readonly planId: string | null
  readonly planVersion: number | null
  /** ISO 4217 code. */
  readonly currency: string
  readonly periodStart: Date
  readonly periodEnd: Date
  /** The sum of its lines but the true-up. */
  readonly subtotalMinor: bigint
  readonly trueUpMinor: bigint
  readonly taxMinor: bigint
  /** Negative where corrections come to more than everything else. */
  readonly totalMinor: bigint
  /** What is left to pay, never below 0. */
  readonly amountDueMinor: bigint
  /** From `finalizedAt` until it is due. */
  readonly netDays: number
  /** Null while it is a draft. */
  readonly dueAt: Date | null
  /** Events of transactions below this number are counted, and no others. */
  readonly usageBefore: bigint
  /** Late usage that was counted up to this number was looked for; null where none is. */
  readonly lateBefore: bigint | null
  /** Null while it is a draft. */
  readonly finalizedAt: Date | null
  readonly lines: readonly InvoiceLine[]
  /** What was taken off or put on beside the lines, in the order in which it was done. */
  readonly adjustments: readonly Adjustment[]
}

export type InvoiceLine = {
  readonly lineNo: number
  readonly kind: Line['kind']
  /** How the amount comes about: it is always units × unitPrice + fixed, rounded once. */
  readonly rule: Line['rule']
  /** Of a flat price, an add-on or an item; else empty. */
  readonly name: string
  /** The values by which usage is priced; null: of all others, or not priced by any. */
  readonly dimension: readonly DimensionValue[] | null
  /** Null for what is not usage. */
  readonly meterId: string | null
  readonly meterKey: string | null
  readonly description: string
  /** What the meter says; for the base price the part of the period. */
  readonly quantity: Decimal
  readonly included: Decimal
  /** Units that credits paid for. */
  readonly credited: Decimal
  readonly billable: Decimal
  /** How often the unit price is paid: the billable units, or the packages that they start. */
  readonly units: Decimal
  /** In the currency's major unit. */
  readonly unitPrice: Decimal
  /** In the currency's major unit: the fee of a tier, the fixed part of a percentage, what a bound adds. */
  readonly fixed: Decimal
  readonly taxRateId: string | null
  readonly discountMinor: bigint
  readonly promotionalMinor: bigint
  readonly taxMinor: bigint
  readonly amountMinor: bigint
  readonly periodStart: Date
  readonly periodEnd: Date
  /** Whose events it counts, from when to when; empty for what is not usage. */
  readonly coverage: readonly Slice[]
  /** Null for all but late usage. */
  readonly late: LateOf | null
}

/** Whether it is one of the two that every period has, whose drafts are computed anew. */
export function isOfPeriod(state: InvoiceState): state is PeriodInvoiceState {
  return state.kind === 'period' || state.kind === 'advance'
}

export type Step = 'finalize' | 'pay' | 'fail' | 'void'

/** The whole life of an invoice. A step that is not named is impossible. */
export const STEPS: Readonly<Record<Status, Readonly<Partial<Record<Step, Status>>>>> = {
  draft: { finalize: 'finalized' },
  finalized: { pay: 'paid', fail: 'failed', void: 'void' },
  failed: { pay: 'paid', void: 'void' },
  paid: {},
  void: {},
}

/** Where a step leads. Throws `invoice.step_impossible`, which names the possible ones. */
export function statusAfter(status: Status, step: Step): Status {
  const next = STEPS[status][step]
  if (!next) throw failures.stepImpossible(status, step, stepsByHand(status))
  return next
}

/** Nobody finalizes by hand: the time does. */
function stepsByHand(status: Status): Step[] {
  const steps = Object.keys(STEPS[status]) as Step[] // the keys of a record of steps
  return steps.filter((step) => step !== 'finalize')
}
