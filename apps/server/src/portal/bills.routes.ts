import { z } from 'zod'
import { planVersions, versionKey } from '../catalog/find-plan.ts'
import { contactOf } from '../customers/contact.ts'
import { documentOf } from '../documents/document-of.ts'
import { fileName } from '../documents/documents.routes.ts'
import { renderInvoice } from '../documents/render.ts'
import { failures as invoiceFailures } from '../invoicing/failures.ts'
import { STATUSES } from '../invoicing/invoice.ts'
import { invoiceOf, invoicesOf } from '../invoicing/invoices-of.ts'
import { previewInvoice } from '../invoicing/read-invoice.ts'
import { handedOver } from '../payments/hand-over.ts'
import type { Payment } from '../payments/payment.ts'
import { lastChargesOf } from '../payments/payments-of.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { Failure } from '../platform/errors.ts'
import { instantText, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeTimeCursor, pageFrom } from '../platform/http/page.ts'
import { type Visitor, visitRoute } from '../platform/http/portal-route.ts'
import type { Route } from '../platform/http/route.ts'
import { billingSettings } from '../settings/decide-settings.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import { subscriptionsOf } from '../subscriptions/subscriptions-of.ts'
import { documentReply, draftToReply, toReply } from './document-reply.ts'

const SUBSCRIPTIONS_MAX = 20 // each is a bill to compute
const params = z.object({ invoiceId: textField(100) })

/** What it will cost, and what it did. */
export function billsRoutes(): Route[] {
  return [billRoute(), listRoute(), readRoute(), pdfRoute()]
}

function billRoute(): Route {
  return visitRoute({
    path: '/api/portal/v1/bill',
    summary: 'Read what the periods under way come to so far',
    description: 'By the function that computes the invoice, if nothing more is used.',
    replies: {
      200: z.object({
        data: z.array(z.object({ plan: z.string(), bill: documentReply })),
      }),
    },
    async handle({ tx, visitor, now }) {
      const { envId, customer } = visitor
      const all = await subscriptionsOf(tx, envId, { customer, limit: SUBSCRIPTIONS_MAX })
      const settings = await billingSettings(tx, envId)
      const buyer = await contactOf(tx, envId, customer)
      const data = []
      for (const { subscription } of all) {
        const content = await previewOf(tx, envId, subscription, now)
        if (!content) continue
        const bill = draftToReply(content, settings, buyer)
        data.push({ plan: await planNameOf(tx, envId, subscription), bill })
      }
      return { status: 200, body: { data } }
    },
  })
}

/** Null: of this one nothing is billed now. */
async function previewOf(tx: Tx, envId: number, { id }: Subscription, now: Date) {
  try {
    return (await previewInvoice(tx, envId, id, now)).content
  } catch (error) {
    if (error instanceof Failure && error.code === NOTHING_TO_PREVIEW) return null
    throw error
  }
}

const NOTHING_TO_PREVIEW = invoiceFailures.nothingToPreview('').code

async function planNameOf(tx: Tx, envId: number, { plan }: Subscription): Promise<string> {
  const ref = { planId: plan.id, version: plan.version }
  return (await planVersions(tx, envId, [ref])).get(versionKey(ref))?.planName ?? plan.key
}

const sentStatus = z.enum(STATUSES).exclude(['draft'])

const summaryReply = z.object({
  id: z.string(),
  number: z.string().nullable(),
  status: sentStatus,
  currency: z.string(),
  totalMinor: z.string(),
  amountDueMinor: z.string(),
  issuedAt: instantText.nullable(),
  dueAt: instantText.nullable(),
  isOverdue: z.boolean(),
  isPayable: z.boolean().meta({
    description: 'Whether it can be paid here: it is owed, and nobody else bills it',
  }),
  payment: z
    .object({
      status: z.enum(['pending', 'action_required', 'failed']),
      actionUrl: z.string().nullable(),
    })
    .nullable()
    .meta({
      description:
        'The newest attempt to collect it, unless it is paid or that was given up; `actionUrl` is where the customer confirms it',
    }),
})

function listRoute(): Route {
  return visitRoute({
    path: '/api/portal/v1/invoices',
    summary: 'List the invoices of the customer, the newest first',
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(summaryReply) },
    async handle({ tx, visitor: { envId, customer }, query }) {
      const before = query.cursor ? decodeTimeCursor(query.cursor) : null
      const rows = await invoicesOf(tx, envId, { customer, limit: query.limit + 1, before })
      const page = pageFrom(rows, query.limit, ({ state: { createdAt, id } }) => [
        createdAt.toISOString(),
        id,
      ])
      const ids = page.data.map(({ state }) => state.id)
      const charges = await lastChargesOf(tx, envId, ids)
      const elsewhere = await handedOver(tx, envId, ids)
      const data = page.data.map(({ state, content }) => ({
        ...{ id: state.id, number: content.number, status: state.status as SentStatus },
        currency: content.currency,
        totalMinor: String(content.totalMinor),
        amountDueMinor: String(content.amountDueMinor),
        issuedAt: content.finalizedAt?.toISOString() ?? null,
        dueAt: content.dueAt?.toISOString() ?? null,
        isOverdue: state.overdueAt !== null && isOwed(state.status),
        isPayable: isOwed(state.status) && !elsewhere.has(state.id),
        payment: isOwed(state.status) ? paymentToReply(charges.get(state.id)) : null,
      }))
      return { status: 200, body: { ...page, data } }
    },
  })
}

const isOwed = (status: string): boolean => status === 'finalized' || status === 'failed'

/** Why it failed is between the customer and their bank. */
function paymentToReply(payment: Payment | undefined) {
  const { status, actionUrl = null } = payment ?? {}
  return status === 'pending' || status === 'action_required' || status === 'failed'
    ? { status, actionUrl }
    : null
}

type SentStatus = z.output<typeof sentStatus>

function readRoute(): Route {
  return visitRoute({
    path: '/api/portal/v1/invoices/:invoiceId',
    summary: 'Read an invoice of the customer',
    params,
    replies: { 200: z.object({ status: sentStatus, invoice: documentReply }) },
    failures: [invoiceFailures.unknown],
    async handle({ tx, visitor, params }) {
      const { status, document } = await sentInvoice(tx, visitor, params.invoiceId)
      return { status: 200, body: { status, invoice: toReply(document) } }
    },
  })
}

function pdfRoute(): Route {
  return visitRoute({
    path: '/api/portal/v1/invoices/:invoiceId/pdf',
    summary: 'Read an invoice of the customer as a PDF',
    params,
    replies: { 200: z.string().meta({ description: 'application/pdf' }) },
    failures: [invoiceFailures.unknown],
    async handle({ tx, visitor, params }) {
      const { document } = await sentInvoice(tx, visitor, params.invoiceId)
      const bytes = await renderInvoice(document)
      const name = `${fileName(document.number)}.pdf`
      return { status: 200, file: { type: 'application/pdf', name, bytes } }
    },
  })
}

async function sentInvoice(tx: Tx, { envId, customer }: Visitor, id: string) {
  const invoice = await invoiceOf(tx, envId, { customer, id })
  const settings = await billingSettings(tx, envId)
  const document = documentOf(invoice, settings, await contactOf(tx, envId, customer))
  return { status: invoice.state.status as SentStatus, document } // a draft is none that was sent
}
