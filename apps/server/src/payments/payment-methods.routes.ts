import { z } from 'zod'
import { getCustomer } from '../customers/declare-customer.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import { customerIdField, textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { failures } from './failures.ts'
import { selectMethods } from './payment-methods.store.ts'
import { attachMethod, detachMethod, makeDefault } from './payment-methods.ts'
import { methodReply, toMethod } from './payment-reply.ts'
import { TEST_TOKENS } from './sandbox-provider.ts'

const ofCustomer = z.object({ customerId: customerIdField })
const params = z.object({ paymentMethodId: textField(100) })
const tag = 'Payments'

export function paymentMethodsRoutes(): Route[] {
  return [attachRoute(), listRoute(), defaultRoute(), detachRoute()]
}

function attachRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/customers/:customerId/payment-methods',
    tag,
    summary: 'Attach a payment method to a customer',
    description:
      'The test methods stand for cards that pass, are declined, are declined twice, need the customer, or give no answer in time. The first method of a customer is the default.',
    scope: 'billing:write',
    params: ofCustomer,
    body: z.strictObject({
      provider: z.enum(['test']).default('test'),
      token: z.enum(TEST_TOKENS),
      isDefault: z.boolean().default(false),
    }),
    replies: { 201: methodReply },
    failures: [customerFailures.unknown, failures.testMethodInLive],
    async handle({ tx, caller, params: { customerId: customer }, body, now }) {
      await getCustomer(tx, caller.envId, customer)
      if (caller.mode !== 'test') throw failures.testMethodInLive()
      const { token, isDefault } = body
      const wanted = { customer, provider: 'test', token, isDefault } as const
      const method = await attachMethod(tx, caller.envId, wanted, now)
      return { status: 201, body: toMethod(method) }
    },
  })
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/customers/:customerId/payment-methods',
    tag,
    summary: 'List the payment methods of a customer',
    scope: 'billing:read',
    params: ofCustomer,
    replies: { 200: z.object({ data: z.array(methodReply) }) },
    failures: [customerFailures.unknown],
    async handle({ tx, caller, params: { customerId } }) {
      await getCustomer(tx, caller.envId, customerId)
      const methods = await selectMethods(tx, caller.envId, customerId)
      return { status: 200, body: { data: methods.map(toMethod) } }
    },
  })
}

function defaultRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/payment-methods/:paymentMethodId/default',
    tag,
    summary: 'Have invoices be collected with a payment method',
    scope: 'billing:write',
    params,
    replies: { 200: methodReply },
    failures: [failures.methodUnknown],
    handle: async ({ tx, caller, params }) => ({
      status: 200,
      body: toMethod(await makeDefault(tx, caller.envId, params.paymentMethodId)),
    }),
  })
}

function detachRoute(): Route {
  return route({
    method: 'DELETE',
    path: '/api/v1/payment-methods/:paymentMethodId',
    tag,
    summary: 'Detach a payment method',
    description:
      'If it was the default the customer has none until another is chosen. Payments under way with it go on.',
    scope: 'billing:write',
    params,
    replies: { 200: z.object({ id: z.string(), isDetached: z.literal(true) }) },
    failures: [failures.methodUnknown],
    async handle({ tx, caller, params, now }) {
      await detachMethod(tx, caller.envId, params.paymentMethodId, now)
      return { status: 200, body: { id: params.paymentMethodId, isDetached: true } }
    },
  })
}
