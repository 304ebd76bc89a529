import { z } from 'zod'
import { failures as invoiceFailures } from '../invoicing/failures.ts'
import { invoiceReply, toInvoice } from '../invoicing/invoice-reply.ts'
import { textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { failures } from './failures.ts'
import { collectNow, recordPaid, recordUnpaid } from './pay-by-request.ts'
import { paymentReply, toPayment } from './payment-reply.ts'

const params = z.object({ invoiceId: textField(100) })
const stepFailures = [invoiceFailures.unknown, invoiceFailures.stepImpossible, failures.underWay]

/** What can be done about an invoice that is due. */
export function invoicePaymentsRoutes(): Route[] {
  return [
    collectRoute(),
    payRoute(),
    stepRoute('fail', 'Record that the payment of an invoice failed'),
    stepRoute('void', 'Declare an invoice void; its period is not invoiced again'),
  ]
}

function collectRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/invoices/:invoiceId/collect',
    tag: 'Payments',
    summary: "Charge the customer's default payment method for an invoice now",
    description:
      'Answers before the outcome is known, which `payment.succeeded` or `payment.failed` tells. The schedule of retries stays as it is.',
    scope: 'billing:write',
    params,
    replies: { 202: paymentReply },
    failures: [
      invoiceFailures.unknown,
      failures.notCollectable,
      failures.underWay,
      failures.billedElsewhere,
      failures.noMethod,
    ],
    handle: async ({ tx, caller, params, now }) => ({
      status: 202,
      body: toPayment(await collectNow(tx, caller.envId, params.invoiceId, now)),
    }),
  })
}

function payRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/invoices/:invoiceId/pay',
    tag: 'Invoices',
    summary: 'Record that an invoice was paid',
    description: 'All that is due becomes a payment by hand.',
    scope: 'billing:write',
    params,
    replies: { 200: invoiceReply },
    failures: stepFailures,
    handle: async ({ tx, caller, params, now }) => ({
      status: 200,
      body: toInvoice(await recordPaid(tx, caller.envId, params.invoiceId, now)),
    }),
  })
}

function stepRoute(step: 'fail' | 'void', summary: string): Route {
  return route({
    method: 'POST',
    path: `/api/v1/invoices/:invoiceId/${step}`,
    tag: 'Invoices',
    summary,
    description: 'It is not collected by itself any more.',
    scope: 'billing:write',
    params,
    body: z.strictObject({ reason: textField(500) }),
    replies: { 200: invoiceReply },
    failures:
      step === 'void'
        ? [...stepFailures, invoiceFailures.credited, invoiceFailures.deducted]
        : stepFailures,
    async handle({ tx, caller, params, body, now }) {
      const taken = { id: params.invoiceId, step, reason: body.reason }
      return { status: 200, body: toInvoice(await recordUnpaid(tx, caller.envId, taken, now)) }
    },
  })
}
