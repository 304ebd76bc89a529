import { z } from 'zod'
import { textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { autoTopUpsRoutes } from './auto-top-ups.routes.ts'
import { collectionSettingsRoutes } from './collection-settings.routes.ts'
import { disputesRoute } from './disputes.routes.ts'
import { endPayment } from './end-payment.ts'
import { failures } from './failures.ts'
import { invoicePaymentsRoutes } from './invoice-payments.routes.ts'
import { listPaymentsRoute } from './list-payments.route.ts'
import { actForCustomer, cancelPayment, getPayment, refundPayment } from './pay-by-request.ts'
import { paymentMethodsRoutes } from './payment-methods.routes.ts'
import { paymentReply, toPayment } from './payment-reply.ts'

const idField = textField(100)
const params = z.object({ paymentId: idField })
const tag = 'Payments'
const minorField = z
  .string()
  .regex(/^[1-9]\d{0,17}$/, 'send a whole number of minor units, as a string')
  .transform(BigInt)
  .meta({ type: 'string', description: 'In minor units', example: '1500' })

export function paymentsRoutes(): Route[] {
  return [
    listPaymentsRoute(),
    readRoute(),
    refundRoute(),
    cancelRoute(),
    endRoute(),
    actRoute(),
    disputesRoute(),
    ...invoicePaymentsRoutes(),
    ...paymentMethodsRoutes(),
    ...collectionSettingsRoutes(),
    ...autoTopUpsRoutes(),
  ]
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

function endRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/payments/:paymentId/end',
    tag,
    summary: 'End a payment as failed of which its provider says nothing',
    description:
      'Money may have been taken: look at the provider first. The invoice stays owed, and is not charged by the schedule any more. What the provider still has of the payment is given up there; if it turns out to have gone through, it pays its invoice, or is `surplus` and `payment.surplus` tells of it.',
    scope: 'billing:write',
    params,
    body: z.strictObject({
      moneyMayHaveMoved: z
        .literal(true)
        .meta({ description: 'You know that the provider may have taken the money' }),
    }),
    replies: { 200: paymentReply },
    failures: [failures.unknown, failures.notPending],
    handle: async ({ tx, caller, params, now }) => ({
      status: 200,
      body: toPayment(await endPayment(tx, caller.envId, params.paymentId, now)),
    }),
  })
}

function actRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/payments/:paymentId/act',
    tag,
    summary: 'Stand in for the customer that a test payment waits for',
    description:
      'The customer either confirms the payment or lets it be declined. A payment by another provider is refused: its customer does that at `actionUrl`.',
    scope: 'billing:write',
    params,
    body: z.strictObject({ outcome: z.enum(['succeeded', 'declined']) }),
    replies: { 202: paymentReply },
    failures: [failures.unknown, failures.notOfTestProvider, failures.notWaiting],
    async handle({ tx, caller, params, body, now }) {
      const act = { id: params.paymentId, outcome: body.outcome }
      return { status: 202, body: toPayment(await actForCustomer(tx, caller.envId, act, now)) }
    },
  })
}
