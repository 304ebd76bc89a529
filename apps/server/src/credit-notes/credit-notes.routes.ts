import { formatMinor } from '@usageflow/pricing'
import { z } from 'zod'
import { amountOf } from '../catalog/amount.ts'
import { failures as planFailures } from '../catalog/plan-failures.ts'
import { failures as invoiceFailures } from '../invoicing/failures.ts'
import { numbersOfInvoices } from '../invoicing/invoice-numbers.ts'
import { getInvoice } from '../invoicing/read-invoice.ts'
import { failures as paymentFailures } from '../payments/failures.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import {
  customerIdField,
  decimalField,
  instantText,
  pageOf,
  pageQuery,
  textField,
} from '../platform/http/fields.ts'
import { decodeTimeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { type CreditNote, SETTLEMENTS, type Wanted } from './credit-note.ts'
import { selectNotes } from './credit-notes.store.ts'
import { failures } from './failures.ts'
import { getCreditNote, issueCreditNote } from './issue-credit-note.ts'

const LINES_MAX = 10_000
const idField = textField(100)

const noteReply = z
  .object({
    id: z.string(),
    number: z.string(),
    invoiceId: z.string(),
    customerId: z.string(),
    currency: z.string(),
    settlement: z.enum(SETTLEMENTS),
    creditId: z.string().nullable().meta({ description: 'The credit that it became' }),
    refundId: z.string().nullable().meta({
      description: 'The payment that gives it back; null when none is known for the invoice',
    }),
    reason: z.string(),
    total: z.string().meta({ description: 'Tax included' }),
    totalMinor: z.string(),
    taxMinor: z.string(),
    issuedAt: instantText,
    lines: z.array(
      z.object({
        invoiceLineNo: z.number(),
        amount: z.string().meta({ description: 'Tax included' }),
        amountMinor: z.string(),
        taxMinor: z.string(),
      }),
    ),
  })
  .meta({ id: 'CreditNote' })

const listedReply = noteReply
  .extend({ invoiceNumber: z.string().nullable() })
  .meta({ id: 'ListedCreditNote' })

const amountField = decimalField.meta({
  description: 'In the major unit, tax included',
  example: '20',
})

export function creditNotesRoutes(): Route[] {
  return [createRoute(), listRoute(), readRoute()]
}

function createRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/invoices/:invoiceId/credit-notes',
    tag: 'Credit notes',
    summary: 'Take back an invoice, or a part of it',
    description:
      'Of `lines`, each by an `amount` or as a whole; an `amount` over all lines; or, with neither, all that is left. The money becomes prepaid credit of the customer, or is given back as it was paid, which only what was paid with money can be: by the provider of the payment, else by you.',
    scope: 'billing:write',
    params: z.object({ invoiceId: idField }),
    body: z
      .strictObject({
        lines: z
          .array(
            z.strictObject({
              lineNo: z.number().int().min(1).max(LINES_MAX),
              amount: amountField.optional(),
            }),
          )
          .min(1)
          .max(LINES_MAX)
          .optional(),
        amount: amountField.optional(),
        settlement: z.enum(SETTLEMENTS),
        reason: textField(500),
      })
      .refine(({ lines, amount }) => !lines || amount === undefined, {
        message: 'send `lines` or `amount`, not both',
      }),
    replies: { 201: noteReply },
    failures: [
      invoiceFailures.unknown,
      invoiceFailures.notCreditable,
      planFailures.amountImpossible,
      paymentFailures.refundTooLarge,
      ...Object.values(failures).filter((failure) => failure !== failures.unknown),
    ],
    async handle({ tx, caller, params, body, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      const { content } = await getInvoice(tx, caller.envId, params.invoiceId)
      const { settlement, reason } = body
      const wanted = wantedOf(body, content.currency)
      const asked = { invoiceId: params.invoiceId, wanted, settlement, reason }
      return { status: 201, body: toReply(await issueCreditNote(tx, caller.envId, asked, now)) }
    },
  })
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/credit-notes',
    tag: 'Credit notes',
    summary: 'List credit notes, the newest first',
    scope: 'billing:read',
    query: z.strictObject({
      ...pageQuery,
      customerId: customerIdField.optional(),
      invoiceId: idField.optional(),
      settlement: z.enum(SETTLEMENTS).optional(),
    }),
    replies: { 200: pageOf(listedReply) },
    async handle({ tx, caller, query }) {
      const rows = await selectNotes(tx, caller.envId, {
        limit: query.limit + 1,
        before: query.cursor ? decodeTimeCursor(query.cursor) : null,
        customer: query.customerId ?? null,
        invoiceId: query.invoiceId ?? null,
        settlement: query.settlement ?? null,
      })
      const page = pageFrom(rows, query.limit, ({ issuedAt, id }) => [issuedAt.toISOString(), id])
      const ids = page.data.map(({ invoiceId }) => invoiceId)
      const numbers = await numbersOfInvoices(tx, caller.envId, ids)
      const data = page.data.map((note) => ({
        ...toReply(note),
        invoiceNumber: numbers.get(note.invoiceId) ?? null,
      }))
      return { status: 200, body: { ...page, data } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/credit-notes/:creditNoteId',
    tag: 'Credit notes',
    summary: 'Read a credit note',
    scope: 'billing:read',
    params: z.object({ creditNoteId: idField }),
    replies: { 200: noteReply },
    failures: [failures.unknown],
    handle: async ({ tx, caller, params }) => ({
      status: 200,
      body: toReply(await getCreditNote(tx, caller.envId, params.creditNoteId)),
    }),
  })
}

type Asked = {
  readonly lines?:
    | readonly { readonly lineNo: number; readonly amount?: string | undefined }[]
    | undefined
  readonly amount?: string | undefined
}

function wantedOf({ lines, amount }: Asked, currency: string): Wanted {
  const minor = (text: string | undefined) => (text === undefined ? null : amountOf(text, currency))
  if (!lines) return { amountMinor: minor(amount) }
  return { lines: lines.map((line) => ({ lineNo: line.lineNo, amountMinor: minor(line.amount) })) }
}

function toReply(note: CreditNote): z.input<typeof noteReply> {
  const { id, number, invoiceId, currency, settlement, reason, totalMinor } = note
  return {
    ...{ id, number, invoiceId, currency, settlement, reason },
    customerId: note.customer,
    creditId: note.grantId,
    refundId: note.refundId,
    total: formatMinor(totalMinor, currency),
    totalMinor: String(totalMinor),
    taxMinor: String(note.taxMinor),
    issuedAt: note.issuedAt.toISOString(),
    lines: note.lines.map(({ invoiceLineNo, amountMinor, taxMinor }) => ({
      invoiceLineNo,
      amount: formatMinor(amountMinor, currency),
      amountMinor: String(amountMinor),
      taxMinor: String(taxMinor),
    })),
  }
}
