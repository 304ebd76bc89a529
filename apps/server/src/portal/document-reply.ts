import { formatDecimal } from '@usageflow/pricing'
import { z } from 'zod'
import type { Contact } from '../customers/contact.ts'
import { documentOf } from '../documents/document-of.ts'
import type { InvoiceDocument } from '../documents/invoice-document.ts'
import type { InvoiceContent } from '../invoicing/invoice.ts'
import { instantText } from '../platform/http/fields.ts'
import type { BillingSettings } from '../settings/billing-settings.ts'

const periodReply = z.object({ start: instantText, end: instantText })

/** A bill as its document says it: the same lines and sums as on the PDF. */
export const documentReply = z
  .object({
    currency: z.string(),
    number: z.string().nullable(),
    issuedAt: instantText.nullable(),
    dueAt: instantText.nullable(),
    period: periodReply.nullable(),
    lines: z.array(
      z.object({
        description: z.string(),
        period: periodReply.nullable().meta({ description: 'Null: that of the document' }),
        quantity: z.string().nullable(),
        unitPrice: z.string().nullable().meta({ description: 'In the major unit' }),
        amountMinor: z.string(),
      }),
    ),
    sums: z
      .array(z.object({ kind: z.string(), name: z.string(), amountMinor: z.string() }))
      .meta({ description: 'In the order in which they are added up' }),
    note: z.string().nullable(),
  })
  .meta({ id: 'PortalDocument' })

/** What an invoice that is not made yet would say. */
export function draftToReply(content: InvoiceContent, settings: BillingSettings, buyer: Contact) {
  return toReply(documentOf({ state: { status: 'draft' }, content }, settings, buyer))
}

export function toReply(document: InvoiceDocument): z.input<typeof documentReply> {
  return {
    currency: document.currency,
    number: document.number,
    issuedAt: document.issuedAt?.toISOString() ?? null,
    dueAt: document.dueAt?.toISOString() ?? null,
    period: spanOf(document.period),
    lines: document.lines.map(({ description, period, quantity, unitPrice, amountMinor }) => ({
      description,
      period: spanOf(period),
      quantity: quantity === null ? null : formatDecimal(quantity),
      unitPrice: unitPrice === null ? null : formatDecimal(unitPrice),
      amountMinor: String(amountMinor),
    })),
    sums: document.sums.map(({ kind, name, amountMinor }) => ({
      kind,
      name,
      amountMinor: String(amountMinor),
    })),
    note: document.note,
  }
}

function spanOf(period: { readonly start: Date; readonly end: Date } | null) {
  return period && { start: period.start.toISOString(), end: period.end.toISOString() }
}
