import { isCurrency } from '@usageflow/pricing'
import { z } from 'zod'
import { failures as customerFailures } from '../customers/failures.ts'
import { customerIdField, instantText, textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import type { StripeDeps } from './account.ts'
import { connect, disconnect, proveKey, readConnection } from './connect.ts'
import type { Connection } from './connection.ts'
import { askFailures, failures } from './failures.ts'
import { findCustomer, linkCustomer, readLink } from './link-customer.ts'
import { EVENTS_PATH } from './mount-stripe.ts'
import { openSetup } from './set-up-method.ts'
import { EVENT_TYPES } from './take-event.ts'

export type StripeRoutesDeps = StripeDeps & {
  /** Where the server is reached. */
  place(): { readonly origin: string }
}

const tag = 'Stripe'
const ofCustomer = z.object({ customerId: customerIdField })

const connectionReply = z
  .object({
    accountId: z.string(),
    apiKeyLastFour: z.string(),
    webhookUrl: z
      .string()
      .meta({ description: 'Where Stripe is to send events: make an endpoint there with it' }),
    webhookEventTypes: z
      .array(z.string())
      .meta({ description: 'What the endpoint at Stripe is to send' }),
    hasWebhookSecret: z.boolean(),
    connectedAt: instantText,
    lastEvent: z.object({ at: instantText, type: z.string() }).nullable(),
    lastError: z
      .object({ at: instantText, code: z.string() })
      .nullable()
      .meta({ description: 'The last call for which Stripe refused the key' }),
  })
  .meta({ id: 'StripeConnection' })

const boundReply = z.object({
  connection: connectionReply.nullable().meta({ description: 'Null: no account is connected' }),
})

/** How an environment is bound to an account of Stripe, and its customers to those of the account. */
export function stripeRoutes(deps: StripeRoutesDeps): Route[] {
  return [
    readRoute(deps),
    connectRoute(deps),
    disconnectRoute(),
    setupRoute(deps),
    readLinkRoute(),
    linkRoute(deps),
  ]
}

function readRoute(deps: StripeRoutesDeps): Route {
  return route({
    method: 'GET',
    path: '/api/v1/stripe',
    tag,
    summary: 'Read which account of Stripe moves the money of the environment',
    description: 'Its secrets cannot be read back.',
    scope: 'billing:read',
    replies: { 200: boundReply },
    async handle({ tx, caller }) {
      const connection = await readConnection(tx, caller.envId)
      return { status: 200, body: { connection: connection && toReply(connection, deps) } }
    },
  })
}

function connectRoute(deps: StripeRoutesDeps): Route {
  return route({
    method: 'PUT',
    path: '/api/v1/stripe',
    tag,
    summary: 'Have an account of Stripe move the money of the environment',
    description:
      'A test environment takes test keys, a live one live keys. What is left out stays as it is. Another account can be connected while no payment by the earlier one is under way; payment methods of that one are detached.',
    scope: 'billing:write',
    body: z.strictObject({
      apiKey: textField(255)
        .optional()
        .meta({ description: 'Secret or, better, restricted key of the account' }),
      webhookSecret: z
        .string()
        .max(255)
        .regex(
          /^whsec_[A-Za-z0-9+/=_-]{8,}$/,
          'begins with whsec_; Stripe shows it at the endpoint',
        )
        .optional()
        .meta({ description: 'Signing secret of the endpoint at Stripe' }),
    }),
    replies: { 200: boundReply },
    failures: [
      ...[failures.keyMissing, failures.wrongMode, failures.keyRefused],
      ...[failures.unreachable, failures.paymentsOpen],
    ],
    prepare: async ({ caller: { mode }, body: { apiKey } }) =>
      apiKey === undefined ? null : proveKey(deps.api, { apiKey, mode }),
    async handle({ tx, caller, body, prepared: key, now }) {
      const wanted = { key, webhookSecret: body.webhookSecret ?? null }
      const { sealer } = deps
      const connection = await connect(tx, caller.envId, wanted, { sealer, now })
      return { status: 200, body: { connection: toReply(connection, deps) } }
    },
  })
}

function disconnectRoute(): Route {
  return route({
    method: 'DELETE',
    path: '/api/v1/stripe',
    tag,
    summary: 'Have Stripe move no money of the environment any more',
    description: 'Its secrets are forgotten, and the payment methods it knows are detached.',
    scope: 'billing:write',
    replies: { 200: boundReply },
    failures: [failures.paymentsOpen],
    async handle({ tx, caller, now }) {
      await disconnect(tx, caller.envId, now)
      return { status: 200, body: { connection: null } }
    },
  })
}

function setupRoute(deps: StripeRoutesDeps): Route {
  return route({
    method: 'POST',
    path: '/api/v1/customers/:customerId/payment-method-setups',
    tag,
    summary: 'Open a page of Stripe on which a customer gives a means to pay',
    description:
      'Send the customer to `url`. What they give becomes their default payment method as soon as Stripe tells of it.',
    scope: 'billing:write',
    params: ofCustomer,
    body: z.strictObject({
      returnUrl: z
        .url({ protocol: /^https?$/ })
        .max(2_000)
        .meta({ description: 'Where the page leads back to', example: 'https://cloudai.example' }),
      currency: z.string().length(3).refine(isCurrency, 'send an ISO 4217 code, like USD').meta({
        description: 'ISO 4217; it decides which means of payment are offered',
        example: 'USD',
      }),
    }),
    replies: { 201: z.object({ url: z.string(), expiresAt: instantText }) },
    failures: [customerFailures.unknown, ...askFailures, failures.customerGone],
    prepare: ({ caller: { envId }, params: { customerId: customer }, body }) =>
      openSetup(deps, envId, { ...body, customer }),
    handle: async ({ prepared: { url, expiresAt } }) => ({
      status: 201,
      body: { url, expiresAt: expiresAt.toISOString() },
    }),
  })
}

function readLinkRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/customers/:customerId/stripe-customer',
    tag,
    summary: 'Read which customer of Stripe a customer is linked to',
    scope: 'billing:read',
    params: ofCustomer,
    replies: {
      200: z.object({
        customerId: z.string(),
        stripeCustomerId: z
          .string()
          .nullable()
          .meta({ description: 'Null: the connected account does not know the customer yet' }),
        accountId: z.string().nullable().meta({ description: 'Null: no account is connected' }),
      }),
    },
    failures: [customerFailures.unknown],
    async handle({ tx, caller, params: { customerId } }) {
      const { accountId, customerRef } = await readLink(tx, caller.envId, customerId)
      return { status: 200, body: { customerId, stripeCustomerId: customerRef, accountId } }
    },
  })
}

function linkRoute(deps: StripeRoutesDeps): Route {
  return route({
    method: 'PUT',
    path: '/api/v1/customers/:customerId/stripe-customer',
    tag,
    summary: 'Link a customer to the one that the account of Stripe has already',
    description:
      'What the customer can pay with at Stripe is attached. Where none is linked, one is made at Stripe when it is needed.',
    scope: 'billing:write',
    params: ofCustomer,
    body: z.strictObject({
      stripeCustomerId: z
        .string()
        .regex(/^cus_\w{1,250}$/, 'begins with cus_')
        .meta({ example: 'cus_NffrFeUfNV2Hib' }),
    }),
    replies: { 200: z.object({ customerId: z.string(), stripeCustomerId: z.string() }) },
    failures: [
      ...[customerFailures.unknown, ...askFailures],
      ...[failures.customerUnknown, failures.customerTaken, failures.accountChanged],
      failures.customerGone,
    ],
    prepare: ({ caller: { envId }, params: { customerId: customer }, body }) =>
      findCustomer(deps, envId, { customer, customerRef: body.stripeCustomerId }),
    async handle({ tx, caller, params: { customerId: customer }, body, prepared: found, now }) {
      await linkCustomer(tx, caller.envId, { customer, found }, now)
      return { status: 200, body: { customerId: customer, ...body } }
    },
  })
}

function toReply(
  connection: Connection,
  { place }: StripeRoutesDeps,
): z.input<typeof connectionReply> {
  const { id, accountId, apiKeyLastFour, hasWebhookSecret, connectedAt } = connection
  const { lastEvent, lastError } = connection
  return {
    ...{ accountId, apiKeyLastFour, hasWebhookSecret, connectedAt: connectedAt.toISOString() },
    webhookUrl: `${place().origin}${EVENTS_PATH}/${id}`,
    webhookEventTypes: [...EVENT_TYPES],
    lastEvent: lastEvent && { ...lastEvent, at: lastEvent.at.toISOString() },
    lastError: lastError && { ...lastError, at: lastError.at.toISOString() },
  }
}
