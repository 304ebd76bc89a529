import type { Bill, RatedBill } from '../rating/bill.ts'
import { type BilledPeriod, nextPaidAhead, paidAhead } from '../subscriptions/billed-periods.ts'
import type { InvoiceContent, InvoiceKind, InvoiceLine } from './invoice.ts'

/**
 * What an invoice has to pay for. In arrears: a period's usage and its base price. In advance: a
 * period's usage and the base price of the next; and before all, the base price of the first.
 */
export function billOf(id: string, kind: InvoiceKind, billed: BilledPeriod): Bill {
  const { subscription, period } = billed
  if (kind === 'advance') return { id, subscription, usage: null, base: paidAhead(period) }
  const base = subscription.plan.baseInAdvance ? nextPaidAhead(billed) : period
  return { id, subscription, usage: period, base }
}

/** The content of the invoice for a rated bill, as far as it is known before it is finalized. */
export function contentOf(rated: RatedBill, usageBefore: bigint): InvoiceContent {
  const { bill, version, totalMinor, lines } = rated
  const period = bill.usage ?? bill.base
  if (period === null) throw new TypeError('a bill is for a period')
  return {
    number: null,
    planId: version.planId,
    planVersion: version.version,
    currency: version.currency,
    periodStart: period.start,
    periodEnd: period.end,
    totalMinor,
    usageBefore,
    finalizedAt: null,
    lines: lines.map(
      (line, index): InvoiceLine => ({
        lineNo: index + 1,
        kind: line.kind,
        meterId: line.billedMeter?.id ?? null,
        meterKey: line.billedMeter?.key ?? null,
        description: line.description,
        quantity: line.quantity,
        included: line.included,
        billable: line.billable,
        unitPrice: line.unitPrice,
        amountMinor: line.amountMinor,
        periodStart: line.periodStart,
        periodEnd: line.periodEnd,
        coverage: line.coverage,
      }),
    ),
  }
}
