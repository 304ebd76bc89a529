import { formatDecimal, formatMinor } from '@usageflow/pricing'
import { z } from 'zod'
import { instantText } from '../platform/http/fields.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import { type InvoiceContent, type InvoiceLine, STATUSES } from './invoice.ts'
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
  kind: z.enum(['base', 'usage']),
  meter: z.string().nullable().meta({ description: 'Key of the meter; null for a base price' }),
  meterId: z.string().nullable(),
  description: z.string(),
  quantity: z.string().meta({ description: 'For a base price the part of the period' }),
  included: z.string(),
  billable: z.string(),
  unitPrice: z.string().meta({ description: 'In the major unit' }),
  amountMinor: z.string(),
  amount: z.string(),
  periodStart: instantText,
  periodEnd: instantText,
  coverage: z
    .array(sliceReply)
    .meta({ description: 'Whose events the line counts, from when to when' }),
})

const contentFields = {
  planId: z.string(),
  planVersion: z.number(),
  currency: z.string(),
  periodStart: instantText,
  periodEnd: instantText,
  totalMinor: z.string(),
  total: z.string(),
}

const invoiceFields = {
  id: z.string(),
  number: z.string().nullable().meta({ description: 'Null while it is a draft' }),
  status: z.enum(STATUSES),
  reason: z.string().nullable().meta({ description: 'Why it failed or was voided' }),
  version: z.number().meta({ description: 'Grows with every change' }),
  kind: z.enum(['period', 'advance']),
  customerId: z.string(),
  subscriptionId: z.string(),
  ...contentFields,
  createdAt: instantText,
  finalizedAt: instantText.nullable(),
}

export const summaryReply = z.object(invoiceFields).meta({ id: 'InvoiceSummary' })

export const invoiceReply = z
  .object({ ...invoiceFields, lines: z.array(lineReply) })
  .meta({ id: 'Invoice' })

export const previewReply = z
  .object({
    customerId: z.string(),
    subscriptionId: z.string(),
    ...contentFields,
    lines: z.array(lineReply),
  })
  .meta({ id: 'InvoicePreview' })

export function toSummary({ state, content }: StoredInvoice): z.input<typeof summaryReply> {
  return {
    id: state.id,
    number: content.number,
    status: state.status,
    reason: state.reason,
    version: state.version,
    kind: state.kind,
    customerId: state.customer,
    subscriptionId: state.subscriptionId,
    ...toContent(content),
    createdAt: state.createdAt.toISOString(),
    finalizedAt: content.finalizedAt?.toISOString() ?? null,
  }
}

export function toInvoice(invoice: StoredInvoice): z.input<typeof invoiceReply> {
  return { ...toSummary(invoice), lines: toLines(invoice.content) }
}

export function toPreview(
  subscription: Subscription,
  content: InvoiceContent,
): z.input<typeof previewReply> {
  return {
    customerId: subscription.customer,
    subscriptionId: subscription.id,
    ...toContent(content),
    lines: toLines(content),
  }
}

function toContent(content: InvoiceContent) {
  const { planId, planVersion, currency, totalMinor } = content
  return {
    planId,
    planVersion,
    currency,
    periodStart: content.periodStart.toISOString(),
    periodEnd: content.periodEnd.toISOString(),
    totalMinor: String(totalMinor),
    total: formatMinor(totalMinor, currency),
  }
}

function toLines({ lines, currency }: InvoiceContent) {
  return lines.map((line) => toLine(line, currency))
}

function toLine(line: InvoiceLine, currency: string): z.input<typeof lineReply> {
  return {
    lineNo: line.lineNo,
    kind: line.kind,
    meter: line.meterKey,
    meterId: line.meterId,
    description: line.description,
    quantity: formatDecimal(line.quantity),
    included: formatDecimal(line.included),
    billable: formatDecimal(line.billable),
    unitPrice: formatDecimal(line.unitPrice),
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
