import { majorText } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import { appendFacts } from '../platform/facts/append-fact.ts'
import type { InvoiceContent, InvoiceState } from './invoice.ts'

/** What can happen to an invoice, as others are told. */
export type InvoiceFact = {
  readonly type:
    | 'invoice.created'
    | 'invoice.finalized'
    | 'invoice.paid'
    | 'invoice.failed'
    | 'invoice.overdue'
    | 'invoice.voided'
  /** As it is after the change. */
  readonly state: InvoiceState
  readonly content: InvoiceContent
}

/** Tells of changes in their own transaction; they happened in this order. */
export async function tellOf(
  tx: Tx,
  envId: number,
  facts: readonly InvoiceFact[],
  at: Date,
): Promise<void> {
  const written = facts.map((fact) => ({ type: fact.type, at, data: factData(fact) }))
  await appendFacts(tx, envId, written)
}

function factData({ state, content }: InvoiceFact): Record<string, unknown> {
  return {
    invoiceId: state.id,
    amount: jsonAmount(content),
    totalMinor: String(content.totalMinor),
    amountDueMinor: String(content.amountDueMinor),
    taxMinor: String(content.taxMinor),
    dueAt: content.dueAt?.toISOString() ?? null,
    currency: content.currency,
    number: content.number,
    status: state.status,
    version: state.version,
    kind: state.kind,
    customerId: state.customer,
    subscriptionId: state.subscriptionId,
    periodStart: content.periodStart.toISOString(),
    periodEnd: content.periodEnd.toISOString(),
    reason: state.reason,
  }
}

/** The amount in the major unit, as a JSON number, for those who only show it; `totalMinor` is exact. */
function jsonAmount({ totalMinor, currency }: InvoiceContent): number {
  return Number(majorText(totalMinor, currency)) // tidy: not money — for show, from the exact text
}
