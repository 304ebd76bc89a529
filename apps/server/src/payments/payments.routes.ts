import { z } from 'zod'
import { numbersOfInvoices } from '../invoicing/invoice-numbers.ts'
import { customerIdField, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeTimeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { autoTopUpsRoutes } from './auto-top-ups.routes.ts'
import { collectionSettingsRoutes } from './collection-settings.routes.ts'
import { disputesRoute } from './disputes.routes.ts'
import { failures } from './failures.ts'
import { invoicePaymentsRoutes } from './invoice-payments.routes.ts'
import { askNow, cancelPayment, getPayment, refundPayment } from './pay-by-request.ts'
import { PAYMENT_STATUSES } from './payment.ts'
import { paymentMethodsRoutes } from './payment-methods.routes.ts'
import { paymentReply, toPayment } from './payment-reply.ts'
import { selectPayments } from './payments.store.ts'
import { decideTestCharge } from './sandbox-charges.store.ts'

const idField = textField(100)
const params = z.object({ paymentId: idField })
const tag = 'Payments'
const minorField = z
  .string()
  .regex(/^[1-9]\d{0,17}$/, 'send a whole number of minor units, as a string')
  .transform(BigInt)
  .meta({ type: 'string', description: 'In minor units', example: '1500' })

const listedReply = paymentReply
  .extend({ invoiceNumber: z.string().nullable() })
  .meta({ id: 'ListedPayment' })

export function paymentsRoutes(): Route[] {
  return [
    listRoute(),
    readRoute(),
    refundRoute(),
    cancelRoute(),
    actRoute(),
    disputesRoute(),
    ...invoicePaymentsRoutes(),
    ...paymentMethodsRoutes(),
    ...collectionSettingsRoutes(),
    ...autoTopUpsRoutes(),
  ]
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/payments',
    tag,
    summary: 'List payments, the newest first',
    description: 'Every attempt is a payment of its own.',
    scope: 'billing:read',
    query: z.strictObject({
      ...pageQuery,
      invoiceId: idField.optional(),
      customerId: customerIdField.optional(),
      status: z.enum(PAYMENT_STATUSES).optional(),
    }),
    replies: { 200: pageOf(listedReply) },
    async handle({ tx, caller, query }) {
      const rows = await selectPayments(tx, caller.envId, {
        limit: query.limit + 1,
        before: query.cursor ? decodeTimeCursor(query.cursor) : null,
        invoiceId: query.invoiceId ?? null,
        customer: query.customerId ?? null,
        status: query.status ?? null,
      })
      const page = pageFrom(rows, query.limit, ({ createdAt, id }) => [createdAt.toISOString(), id])
      const ids = page.data.map(({ invoiceId }) => invoiceId)
      const numbers = await numbersOfInvoices(tx, caller.envId, ids)
      const data = page.data.map((payment) => ({
        ...toPayment(payment),
        invoiceNumber: numbers.get(payment.invoiceId) ?? null,
      }))
      return { status: 200, body: { ...page, data } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/payments/:paymentId',
    tag,
    summary: 'Read a payment',
    scope: 'billing:read',
    params,
    replies: { 200: paymentReply },
    failures: [failures.unknown],
    handle: async ({ tx, caller, params }) => ({
      status: 200,
      body: toPayment(await getPayment(tx, caller.envId, params.paymentId)),
    }),
  })
}

function refundRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/payments/:paymentId/refund',
    tag,
    summary: 'Give a payment back, or a part of it',
    description:
      'Answers with a payment of kind `refund`, before its outcome is known. The invoice stays paid.',
    scope: 'billing:write',
    params,
    body: z.strictObject({ amountMinor: minorField.optional() }),
    replies: { 202: paymentReply },
    failures: [failures.unknown, failures.notRefundable, failures.refundTooLarge],
    async handle({ tx, caller, params, body, now }) {
      const wanted = { id: params.paymentId, amountMinor: body.amountMinor ?? null }
      return { status: 202, body: toPayment(await refundPayment(tx, caller.envId, wanted, now)) }
    },
  })
}

function cancelRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/payments/:paymentId/cancel',
    tag,
    summary: 'Give up a payment that waits for its customer',
    description:
      'The provider has the last word: if the customer was faster the payment has succeeded.',
    scope: 'billing:write',
    params,
    replies: { 202: paymentReply },
    failures: [failures.unknown, failures.notWaiting],
    handle: async ({ tx, caller, params, now }) => ({
      status: 202,
      body: toPayment(await cancelPayment(tx, caller.envId, params.paymentId, now)),
    }),
  })
}

function actRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/payments/:paymentId/act',
    tag,
    summary: 'Stand in for the customer that a test payment waits for',
    description: 'The customer either confirms the payment or lets it be declined.',
    scope: 'billing:write',
    params,
    body: z.strictObject({ outcome: z.enum(['succeeded', 'declined']) }),
    replies: { 202: paymentReply },
    failures: [failures.unknown, failures.notWaiting],
    async handle({ tx, caller, params, body, now }) {
      const payment = await askNow(tx, caller.envId, params.paymentId, now)
      await decideTestCharge(tx, caller.envId, params.paymentId, body.outcome)
      return { status: 202, body: toPayment(payment) }
    },
  })
}
