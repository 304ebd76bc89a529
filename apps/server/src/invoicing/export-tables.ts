import { formatMinor } from '@usageflow/pricing'
import type { Table } from '../platform/http/table-stream.ts'
import { toInvoice, toSummary } from './invoice-reply.ts'
import type { StoredInvoice } from './read-invoice.ts'

/** What is exported: a row as the API has it, and the cells of the row as a table has them. */
export type ExportTable<Row> = Table<Row> & {
  rowsOf(invoice: StoredInvoice): readonly Row[]
}

type InvoiceRow = ReturnType<typeof toSummary>

export const INVOICE_TABLE: ExportTable<InvoiceRow> = {
  name: 'invoices',
  columns: {
    number: ({ number }) => number,
    invoiceId: ({ id }) => id,
    kind: ({ kind }) => kind,
    status: ({ status }) => status,
    customerId: ({ customerId }) => customerId,
    subscriptionId: ({ subscriptionId }) => subscriptionId,
    planId: ({ planId }) => planId,
    planVersion: ({ planVersion }) => (planVersion === null ? null : String(planVersion)),
    periodStart: ({ periodStart }) => periodStart,
    periodEnd: ({ periodEnd }) => periodEnd,
    currency: ({ currency }) => currency,
    subtotal: (row) => major(row.subtotalMinor, row),
    trueUp: (row) => major(row.trueUpMinor, row),
    tax: (row) => major(row.taxMinor, row),
    total: ({ total }) => total,
    amountDue: ({ amountDue }) => amountDue,
    credited: (row) => major(row.creditedMinor, row),
    createdAt: ({ createdAt }) => createdAt,
    finalizedAt: ({ finalizedAt }) => finalizedAt,
    dueAt: ({ dueAt }) => dueAt,
    overdueAt: ({ overdueAt }) => overdueAt,
  },
  rowsOf: (invoice) => [toSummary(invoice)],
}

type LineRow = ReturnType<typeof linesOf>[number]

export const LINE_TABLE: ExportTable<LineRow> = {
  name: 'invoice-lines',
  columns: {
    number: ({ number }) => number,
    invoiceId: ({ invoiceId }) => invoiceId,
    status: ({ status }) => status,
    customerId: ({ customerId }) => customerId,
    subscriptionId: ({ subscriptionId }) => subscriptionId,
    lineNo: ({ lineNo }) => String(lineNo),
    kind: ({ kind }) => kind,
    meter: ({ meter }) => meter,
    dimension: ({ dimension }) => dimension && JSON.stringify(dimension),
    description: ({ description }) => description,
    periodStart: ({ periodStart }) => periodStart,
    periodEnd: ({ periodEnd }) => periodEnd,
    quantity: ({ quantity }) => quantity,
    included: ({ included }) => included,
    credited: ({ credited }) => credited,
    billable: ({ billable }) => billable,
    units: ({ units }) => units,
    unitPrice: ({ unitPrice }) => unitPrice,
    fixed: ({ fixed }) => fixed,
    currency: ({ currency }) => currency,
    amount: ({ amount }) => amount,
    discount: (row) => major(row.discountMinor, row),
    promotional: (row) => major(row.promotionalMinor, row),
    taxRateId: ({ taxRateId }) => taxRateId,
    tax: (row) => major(row.taxMinor, row),
  },
  rowsOf: linesOf,
}

/** Each line with what its invoice says of itself. */
function linesOf(invoice: StoredInvoice) {
  const { id: invoiceId, lines, ...head } = toInvoice(invoice)
  const { number, status, customerId, subscriptionId, currency } = head
  return lines.map((line) => ({
    ...{ invoiceId, number, status, customerId, subscriptionId, currency },
    ...line,
  }))
}

function major(amountMinor: string, { currency }: { readonly currency: string }): string {
  return formatMinor(BigInt(amountMinor), currency)
}
