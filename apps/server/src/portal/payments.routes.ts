import { z } from 'zod'
import { planVersions, versionKey } from '../catalog/find-plan.ts'
import type { PublicPlace } from '../identity/origins.ts'
import { failures as invoiceFailures } from '../invoicing/failures.ts'
import { invoiceOf, invoicesOf } from '../invoicing/invoices-of.ts'
import { failures as paymentFailures } from '../payments/failures.ts'
import { collectNow } from '../payments/pay-by-request.ts'
import { PAYMENT_STATUSES } from '../payments/payment.ts'
import { methodLabelOf } from '../payments/payment-reply.ts'
import { chooseMethod, giveUpMethod, methodsOf } from '../payments/payments-of.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { textField } from '../platform/http/fields.ts'
import { type Visitor, visitorsRoute, visitRoute } from '../platform/http/portal-route.ts'
import type { Route } from '../platform/http/route.ts'
import type { StripeDeps } from '../stripe/account.ts'
import { readConnection } from '../stripe/connect.ts'
import { askFailures, failures as stripeFailures } from '../stripe/failures.ts'
import { openSetup } from '../stripe/set-up-method.ts'
import { subscriptionsOf } from '../subscriptions/subscriptions-of.ts'
import { PORTAL_PATH } from './portal-links.ts'

export type PaymentsDeps = { readonly stripe: StripeDeps; place(): PublicPlace }

const nothing = z.strictObject({})

/** What customers pay with, and that they pay. */
export function paymentsRoutes(deps: PaymentsDeps): Route[] {
  return [methodsRoute(), setupRoute(deps), defaultRoute(), detachRoute(), payRoute()]
}

function methodsRoute(): Route {
  return visitRoute({
    path: '/api/portal/v1/payment-methods',
    summary: 'List what the customer can pay with',
    replies: {
      200: z.object({
        canAdd: z.boolean().meta({ description: 'Whether there is somebody who takes another' }),
        data: z.array(
          z.object({
            id: z.string(),
            label: z.string(),
            expiresOn: z.string().nullable().meta({ description: 'Like `2030-04`' }),
            isDefault: z.boolean().meta({ description: 'Invoices are charged to it' }),
          }),
        ),
      }),
    },
    async handle({ tx, visitor: { envId, customer } }) {
      const methods = await methodsOf(tx, envId, customer)
      const canAdd = (await readConnection(tx, envId)) !== null
      const data = methods.map((method) => ({
        ...{ id: method.id, label: methodLabelOf(method) },
        ...{ expiresOn: method.expiresOn, isDefault: method.isDefault },
      }))
      return { status: 200, body: { canAdd, data } }
    },
  })
}

function setupRoute({ stripe, place }: PaymentsDeps): Route {
  return visitorsRoute({
    path: '/api/portal/v1/payment-method-setups',
    summary: 'Open a page of Stripe on which the customer gives a means to pay',
    description:
      'It leads back to the portal, with `?given` in the address when they gave one. What they give becomes their default.',
    body: nothing,
    replies: { 201: z.object({ url: z.string() }) },
    failures: [...askFailures, stripeFailures.customerGone],
    async prepare({ visitor }) {
      const { envId, customer } = visitor
      const currency = await stripe.db.inTransaction((tx) => currencyOf(tx, visitor))
      const returnUrl = `${place().origin}${PORTAL_PATH}`
      const doneUrl = `${returnUrl}?given`
      return openSetup(stripe, envId, { customer, returnUrl, doneUrl, currency })
    },
    handle: async ({ prepared: { url } }) => ({ status: 201, body: { url } }),
  })
}

/** In which they will be charged. Who has neither a plan nor an invoice is shown what takes dollars: cards are always among it. */
async function currencyOf(tx: Tx, { envId, customer }: Visitor): Promise<string> {
  const [newest] = await subscriptionsOf(tx, envId, { customer, limit: 1 })
  if (newest) {
    const { id: planId, version } = newest.subscription.plan
    const plans = await planVersions(tx, envId, [{ planId, version }])
    const currency = plans.get(versionKey({ planId, version }))?.currency
    if (currency !== undefined) return currency
  }
  const [invoice] = await invoicesOf(tx, envId, { customer, limit: 1, before: null })
  return invoice?.content.currency ?? 'USD'
}

function defaultRoute(): Route {
  return visitorsRoute({
    path: '/api/portal/v1/payment-methods/:paymentMethodId/default',
    summary: 'Have invoices be charged to another means to pay',
    params: z.object({ paymentMethodId: textField(100) }),
    body: nothing,
    replies: { 200: z.object({ id: z.string() }) },
    failures: [paymentFailures.methodUnknown],
    async handle({ tx, visitor: { envId, customer }, params: { paymentMethodId: id } }) {
      await chooseMethod(tx, envId, { customer, id })
      return { status: 200, body: { id }, changed: id }
    },
  })
}

function detachRoute(): Route {
  return visitorsRoute({
    path: '/api/portal/v1/payment-methods/:paymentMethodId/detach',
    summary: 'Take a means to pay away',
    description:
      'If invoices were charged to it, none can be until another is chosen. Payments under way with it go on.',
    params: z.object({ paymentMethodId: textField(100) }),
    body: nothing,
    replies: { 200: z.object({ id: z.string() }) },
    failures: [paymentFailures.methodUnknown],
    async handle({ tx, visitor: { envId, customer }, params: { paymentMethodId: id }, now }) {
      await giveUpMethod(tx, envId, { customer, id }, now)
      return { status: 200, body: { id }, changed: id }
    },
  })
}

function payRoute(): Route {
  return visitorsRoute({
    path: '/api/portal/v1/invoices/:invoiceId/pay',
    summary: 'Pay an invoice with the default means to pay',
    description:
      'Answers before the outcome is known, which stands with the invoice then. An invoice is never charged twice.',
    params: z.object({ invoiceId: textField(100) }),
    body: nothing,
    replies: { 202: z.object({ status: z.enum(PAYMENT_STATUSES) }) },
    failures: [
      ...[invoiceFailures.unknown, paymentFailures.notCollectable],
      ...[paymentFailures.underWay, paymentFailures.billedElsewhere, paymentFailures.noMethod],
    ],
    async handle({ tx, visitor: { envId, customer }, params: { invoiceId: id }, now }) {
      await invoiceOf(tx, envId, { customer, id })
      const { status } = await collectNow(tx, envId, id, now)
      return { status: 202, body: { status }, changed: id }
    },
  })
}
