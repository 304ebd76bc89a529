import type { Bill, BillLine, RatedBill } from '../rating/bill.ts'
import type { LatePeriod } from '../rating/late-usage.ts'
import { type BilledPeriod, nextPaidAhead, paidAhead } from '../subscriptions/billed-periods.ts'
import type { InvoiceContent, InvoiceLine, PeriodInvoiceKind } from './invoice.ts'

/**
 * What an invoice has to pay for. In arrears: a period's usage and its base price. In advance: a
 * period's usage and the base price of the next; and before all, the base price of the first.
 */
export function billOf(
  id: string,
  kind: PeriodInvoiceKind,
  billed: BilledPeriod,
  late: readonly LatePeriod[] = [],
): Bill {
  const { subscription, period, unusedBase } = billed
  const isFirst = startsBilling(billed)
  if (kind === 'advance')
    return {
      id,
      subscription,
      period: paidAhead(period),
      usage: null,
      base: paidAhead(period),
      isFirst,
      unusedBase: null,
      paidAhead: null,
      late,
      deducted: [],
      afterwardsAt: null,
    }
  const { baseInAdvance } = subscription.plan
  const base = baseInAdvance ? nextPaidAhead(billed) : period
  const pays = {
    period,
    usage: period,
    base,
    isFirst: isFirst && !baseInAdvance,
    unusedBase,
    paidAhead: baseInAdvance ? { span: paidAhead(period), chargedMinor: null } : null,
    late,
    deducted: [],
    afterwardsAt: null,
  }
  return { id, subscription, ...pays }
}

/** What late usage is left to pay for after the last invoice of a subscription, whose period is `billed`. */
export function lateBillOf(
  id: string,
  { subscription, period }: BilledPeriod,
  late: readonly LatePeriod[],
  at: Date,
): Bill {
  return {
    id,
    subscription,
    period,
    usage: null,
    base: null,
    isFirst: false,
    unusedBase: null,
    paidAhead: null,
    late,
    deducted: [],
    afterwardsAt: at,
  }
}

/** Whether nothing of the subscription was billed before the period. */
export function startsBilling({ subscription, period }: BilledPeriod): boolean {
  const first = subscription.terms.find(({ kind }) => kind === 'billed')
  return first?.no === period.termNo && period.start <= first.since
}

/** How much of what was sent an invoice has seen. */
export type Counted = Pick<InvoiceContent, 'usageBefore' | 'lateBefore'>

/** The content of the invoice for a rated bill, as far as it is known before it is finalized. */
export function contentOf(rated: RatedBill, counted: Counted): InvoiceContent {
  const { bill, version, lines, adjustments, netDays } = rated
  const { subtotalMinor, trueUpMinor, taxMinor, totalMinor, amountDueMinor } = rated
  const { period } = bill
  return {
    number: null,
    planId: version.planId,
    planVersion: version.version,
    currency: version.currency,
    periodStart: period.start,
    periodEnd: period.end,
    subtotalMinor,
    trueUpMinor,
    taxMinor,
    totalMinor,
    amountDueMinor,
    netDays,
    dueAt: null,
    finalizedAt: null,
    adjustments,
    lines: lines.map(lineOf),
    ...counted,
  }
}

/** A rated line as it stands on an invoice. */
export function lineOf(line: BillLine, index: number): InvoiceLine {
  return {
    lineNo: index + 1,
    kind: line.kind,
    rule: line.rule,
    name: line.kind === 'usage' ? '' : line.name,
    dimension: line.kind === 'usage' ? line.dimension : null,
    meterId: line.billedMeter?.id ?? null,
    meterKey: line.billedMeter?.key ?? null,
    description: line.description,
    quantity: line.quantity,
    included: line.included,
    credited: line.credited,
    billable: line.billable,
    units: line.units,
    unitPrice: line.unitPrice,
    fixed: line.fixed,
    taxRateId: line.taxRate,
    discountMinor: line.discountMinor,
    promotionalMinor: line.promotionalMinor,
    taxMinor: line.taxMinor,
    amountMinor: line.amountMinor,
    periodStart: line.periodStart,
    periodEnd: line.periodEnd,
    coverage: line.coverage,
    late: line.late,
  }
}
