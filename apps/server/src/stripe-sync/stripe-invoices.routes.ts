import { formatMinor } from '@usageflow/pricing'
import { z } from 'zod'
import type { Tx } from '../platform/db/transaction.ts'
import {
  customerIdField,
  instantText,
  pageOf,
  pageQuery,
  textField,
} from '../platform/http/fields.ts'
import { decodeTimeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { failures } from './failures.ts'
import { retryInvoice } from './retry-invoice.ts'
import { adviceOnInvoice, INVOICE_STATES, type StripeInvoice } from './stripe-invoice.ts'
import { selectStripeInvoice, selectStripeInvoices } from './stripe-invoices.store.ts'

const tag = 'Stripe'
const params = z.object({ invoiceId: textField(100) })

const invoiceReply = z
  .object({
    invoiceId: z.string(),
    triggerId: z.string(),
    customerId: z.string(),
    currency: z.string(),
    amountMinor: z
      .string()
      .meta({ description: 'What is due, to which its items at Stripe add up' }),
    amount: z.string(),
    state: z.enum(INVOICE_STATES).meta({
      description:
        '`waiting`: Stripe has nothing of it. `sending`: it has none, some or all. `sent`: it has all. `paid`: Stripe was paid. `refused`: Stripe does not take it as it is. `withdrawing`: paid by hand or void here, to be taken back there. `withdrawn`: nothing of it is billed there',
    }),
    reason: z
      .string()
      .nullable()
      .meta({ description: 'Why it waits or was refused: a word of ours, or the code of Stripe' }),
    reasonText: z.string().nullable().meta({ description: 'What Stripe said' }),
    whatToDo: z.string().nullable(),
    stripeCustomerId: z.string().nullable(),
    stripeInvoiceId: z.string().nullable().meta({
      description: 'The invoice that was made for it, or the one that its items came on',
    }),
    stripeInvoiceStatus: z.string().nullable().meta({ description: 'In the words of Stripe' }),
    attempts: z.number().int(),
    createdAt: instantText,
    sentAt: instantText.nullable(),
  })
  .meta({ id: 'StripeInvoice' })

/** What becomes of invoices at Stripe. */
export function stripeInvoicesRoutes(): Route[] {
  return [listRoute(), readRoute(), retryRoute()]
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/stripe/invoices',
    tag,
    summary: 'List the invoices that are billed at Stripe, the newest first',
    scope: 'billing:read',
    query: z.strictObject({
      ...pageQuery,
      triggerId: textField(100).optional(),
      customerId: customerIdField.optional(),
      invoiceId: textField(100).optional(),
      state: z.enum(INVOICE_STATES).optional(),
    }),
    replies: { 200: pageOf(invoiceReply) },
    async handle({ tx, caller, query }) {
      const { triggerId = null, customerId: customer = null } = query
      const { invoiceId = null, state = null } = query
      const before = query.cursor ? decodeTimeCursor(query.cursor) : null
      const filter = { triggerId, customer, invoiceId, state }
      const asked = { limit: query.limit + 1, before }
      const rows = await selectStripeInvoices(tx, caller.envId, filter, asked)
      const page = pageFrom(rows, query.limit, (row) => [
        row.createdAt.toISOString(),
        row.invoiceId,
      ])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/stripe/invoices/:invoiceId',
    tag,
    summary: 'Read how an invoice stands at Stripe',
    scope: 'billing:read',
    params,
    replies: { 200: invoiceReply },
    failures: [failures.invoiceUnknown],
    handle: async ({ tx, caller, params: { invoiceId } }) => ({
      status: 200,
      body: toReply(await found(tx, caller.envId, invoiceId)),
    }),
  })
}

function retryRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/stripe/invoices/:invoiceId/retry',
    tag,
    summary: 'Have an invoice that Stripe refused be billed there again',
    description: 'What is there of it is looked for first, and only what is missing is made.',
    scope: 'billing:write',
    params,
    replies: { 200: invoiceReply },
    failures: [failures.invoiceUnknown, failures.invoiceNotRefused],
    async handle({ tx, caller, params: { invoiceId }, now, systemNow }) {
      const before = await found(tx, caller.envId, invoiceId)
      await retryInvoice(tx, caller.envId, invoiceId, { now, systemNow })
      const after = await selectStripeInvoice(tx, caller.envId, invoiceId)
      const isPlannedAnew = after === undefined
      const waiting = { ...before, state: 'waiting', reason: null, reasonText: null } as const
      return { status: 200, body: toReply(isPlannedAnew ? waiting : after) }
    },
  })
}

async function found(tx: Tx, envId: number, invoiceId: string): Promise<StripeInvoice> {
  const invoice = await selectStripeInvoice(tx, envId, invoiceId)
  if (!invoice) throw failures.invoiceUnknown(invoiceId)
  return invoice
}

function toReply(invoice: StripeInvoice): z.input<typeof invoiceReply> {
  const { invoiceId, triggerId, customer: customerId, currency, amountMinor } = invoice
  const { state, reason, reasonText, attempts } = invoice
  return {
    ...{ invoiceId, triggerId, customerId, currency, amountMinor: String(amountMinor) },
    amount: formatMinor(amountMinor, currency),
    ...{ state, reason, reasonText, whatToDo: adviceOnInvoice(invoice) },
    stripeCustomerId: invoice.customerRef,
    stripeInvoiceId: invoice.invoiceRef,
    stripeInvoiceStatus: invoice.invoiceStatus,
    attempts,
    createdAt: invoice.createdAt.toISOString(),
    sentAt: invoice.sentAt?.toISOString() ?? null,
  }
}
