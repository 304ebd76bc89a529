import { formatDecimal, formatMinor } from '@usageflow/pricing'
import { z } from 'zod'
import { instantText } from '../platform/http/fields.ts'
import { INVOICE_KINDS, type InvoiceContent, type InvoiceLine, STATUSES } from './invoice.ts'
import type { StoredInvoice } from './invoices.store.ts'

const sliceReply = z.object({
  customerId: z
    .string()
    .nullable()
    .meta({ description: 'Null: every customer except those of `except`' }),
  except: z.array(z.string()),
  from: instantText,
  to: instantText,
})

const lineReply = z.object({
  lineNo: z.number(),
  kind: z.enum(['base', 'flat', 'usage', 'late', 'item', 'true_up']).meta({
    description:
      '`late`: usage of an earlier period, at its prices, that came after it was invoiced; `periodStart` and `periodEnd` name it',
  }),
  rule: z.string().meta({ description: 'The amount is units × unitPrice + fixed, rounded once' }),
  name: z.string().meta({ description: 'Of a flat price, an add-on or an item' }),
  meter: z
    .string()
    .nullable()
    .meta({ description: 'Key of the meter; null for what is not usage' }),
  meterId: z.string().nullable(),
  description: z.string(),
  quantity: z.string().meta({ description: 'For a base price the part of the period' }),
  dimension: z
    .array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .nullable()
    .meta({ description: 'The values by which the usage is priced; null: all others' }),
  included: z.string(),
  credited: z.string().meta({ description: 'Units that credits paid for' }),
  billable: z.string(),
  units: z.string().meta({ description: 'How often the unit price is paid' }),
  unitPrice: z.string().meta({ description: 'In the major unit' }),
  fixed: z.string().meta({ description: 'In the major unit' }),
  amountMinor: z.string(),
  amount: z.string(),
  discountMinor: z.string(),
  promotionalMinor: z.string(),
  taxRateId: z.string().nullable(),
  taxMinor: z.string(),
  periodStart: instantText,
  periodEnd: instantText,
  coverage: z
    .array(sliceReply)
    .meta({ description: 'Whose events the line counts, from when to when' }),
})

const adjustmentReply = z.object({
  kind: z.enum(['unit_credit', 'discount', 'promotional', 'tax', 'prepaid']),
  ref: z.string().meta({ description: 'A grant, the attachment of a coupon, a rate of tax' }),
  name: z.string(),
  amountMinor: z.string(),
  amount: z.string(),
  units: z.object({ meterId: z.string(), quantity: z.string() }).nullable(),
  tax: z
    .object({ percent: z.string(), inclusive: z.boolean(), taxableMinor: z.string() })
    .nullable(),
})

const contentFields = {
  planId: z.string().nullable().meta({ description: 'Null for a one-off invoice' }),
  planVersion: z.number().nullable(),
  currency: z.string(),
  periodStart: instantText,
  periodEnd: instantText,
  subtotalMinor: z.string().meta({ description: 'The sum of the lines but the true-up' }),
  trueUpMinor: z.string(),
  taxMinor: z.string(),
  totalMinor: z.string(),
  total: z.string(),
  amountDueMinor: z.string(),
  amountDue: z.string(),
}

const invoiceFields = {
  id: z.string(),
  number: z.string().nullable().meta({ description: 'Null while it is a draft' }),
  status: z.enum(STATUSES),
  reason: z.string().nullable().meta({ description: 'Why it failed or was voided' }),
  version: z.number().meta({ description: 'Grows with every change' }),
  creditedMinor: z.string().meta({ description: 'What credit notes took back, tax included' }),
  kind: z.enum(INVOICE_KINDS),
  customerId: z.string(),
  subscriptionId: z.string().nullable().meta({ description: 'Null for a one-off invoice' }),
  ...contentFields,
  createdAt: instantText,
  finalizedAt: instantText.nullable(),
  dueAt: instantText.nullable(),
  overdueAt: instantText.nullable().meta({
    description: 'When it was found unpaid after it was due; stays when it is paid later',
  }),
}

export const summaryReply = z.object(invoiceFields).meta({ id: 'InvoiceSummary' })

export const invoiceReply = z
  .object({ ...invoiceFields, lines: z.array(lineReply), adjustments: z.array(adjustmentReply) })
  .meta({ id: 'Invoice' })

export const previewReply = z
  .object({
    customerId: z.string(),
    subscriptionId: z.string().nullable(),
    ...contentFields,
    lines: z.array(lineReply),
    adjustments: z.array(adjustmentReply),
  })
  .meta({ id: 'InvoicePreview' })

export function toSummary({ state, content }: StoredInvoice): z.input<typeof summaryReply> {
  return {
    id: state.id,
    number: content.number,
    status: state.status,
    reason: state.reason,
    version: state.version,
    creditedMinor: String(state.creditedMinor),
    kind: state.kind,
    customerId: state.customer,
    subscriptionId: state.subscriptionId,
    ...toContent(content),
    createdAt: state.createdAt.toISOString(),
    finalizedAt: content.finalizedAt?.toISOString() ?? null,
    dueAt: content.dueAt?.toISOString() ?? null,
    overdueAt: state.overdueAt?.toISOString() ?? null,
  }
}

export function toInvoice(invoice: StoredInvoice): z.input<typeof invoiceReply> {
  return {
    ...toSummary(invoice),
    lines: toLines(invoice.content),
    adjustments: toAdjustments(invoice.content),
  }
}

/** `id` is null for what is of no subscription. */
export function toPreview(
  { customer, id }: { readonly customer: string; readonly id: string | null },
  content: InvoiceContent,
): z.input<typeof previewReply> {
  return {
    customerId: customer,
    subscriptionId: id,
    ...toContent(content),
    lines: toLines(content),
    adjustments: toAdjustments(content),
  }
}

function toContent(content: InvoiceContent) {
  const { planId, planVersion, currency, totalMinor, amountDueMinor } = content
  return {
    planId,
    planVersion,
    currency,
    periodStart: content.periodStart.toISOString(),
    periodEnd: content.periodEnd.toISOString(),
    subtotalMinor: String(content.subtotalMinor),
    trueUpMinor: String(content.trueUpMinor),
    taxMinor: String(content.taxMinor),
    amountDueMinor: String(amountDueMinor),
    amountDue: formatMinor(amountDueMinor, currency),
    totalMinor: String(totalMinor),
    total: formatMinor(totalMinor, currency),
  }
}

function toLines({ lines, currency }: InvoiceContent) {
  return lines.map((line) => toLine(line, currency))
}

function toAdjustments({
  adjustments,
  currency,
}: InvoiceContent): z.input<typeof adjustmentReply>[] {
  return adjustments.map(({ kind, ref, name, units, tax, amountMinor }) => ({
    ...{ kind, ref, name },
    amountMinor: String(amountMinor),
    amount: formatMinor(amountMinor, currency),
    units: units && { meterId: units.meterId, quantity: formatDecimal(units.quantity) },
    tax: tax && {
      percent: formatDecimal(tax.percent),
      inclusive: tax.isInclusive,
      taxableMinor: String(tax.taxableMinor),
    },
  }))
}

function toLine(line: InvoiceLine, currency: string): z.input<typeof lineReply> {
  return {
    lineNo: line.lineNo,
    kind: line.kind,
    rule: line.rule,
    name: line.name,
    meter: line.meterKey,
    meterId: line.meterId,
    description: line.description,
    quantity: formatDecimal(line.quantity),
    included: formatDecimal(line.included),
    dimension: line.dimension && [...line.dimension],
    credited: formatDecimal(line.credited),
    billable: formatDecimal(line.billable),
    units: formatDecimal(line.units),
    unitPrice: formatDecimal(line.unitPrice),
    fixed: formatDecimal(line.fixed),
    discountMinor: String(line.discountMinor),
    promotionalMinor: String(line.promotionalMinor),
    taxRateId: line.taxRateId,
    taxMinor: String(line.taxMinor),
    amountMinor: String(line.amountMinor),
    amount: formatMinor(line.amountMinor, currency),
    periodStart: line.periodStart.toISOString(),
    periodEnd: line.periodEnd.toISOString(),
    coverage: line.coverage.map(({ customer, except, from, to }) => ({
      customerId: customer,
      except: [...except],
      from: from.toISOString(),
      to: to.toISOString(),
    })),
  }
}
