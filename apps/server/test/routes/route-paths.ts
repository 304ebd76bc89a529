import type { Route } from '../../src/platform/http/route.ts'
import { newId } from '../../src/platform/id.ts'

const PARAMETER = /:([a-z]\w*)/gi // the colon of a time is none

export function nameOf({ method, path }: Pick<Route, 'method' | 'path'>): string {
  return `${method} ${path}`
}

export function parametersOf(path: string): string[] {
  return [...path.matchAll(PARAMETER)].map(([, name = '']) => name)
}

/** The path with what `choose` gives for each parameter. */
export function filled(path: string, choose: (parameter: string) => string): string {
  return path.replace(PARAMETER, (_, name: string) => encodeURIComponent(choose(name)))
}

/** Of the same shape as `id`, and nobody's. */
export function unknownLike(id: string): string {
  const prefix = /^([a-z]+)_[0-9a-z]{26}$/.exec(id)?.[1]
  return prefix ? newId('inv').replace('inv', prefix) : `${id.slice(0, 3)}-none`
}

/** A body that each route with a parameter takes, so that a request gets as far as the thing it names. */
export const BODIES: Readonly<Record<string, object>> = {
  'POST /api/v1/plans/:plan/versions': { currency: 'USD', cycle: 'month' },
  'PATCH /api/v1/meters/:meter': { name: 'stolen' },
  'PATCH /api/v1/customers/:customerId': { name: 'stolen' },
  'POST /api/v1/plans/:plan/versions/:version/move': { from: 1, when: 'now' },
  'POST /api/v1/subscriptions/:subscriptionId/change': { when: 'now', quantity: '2' },
  'POST /api/v1/subscriptions/:subscriptionId/change/preview': { when: 'now', quantity: '2' },
  'POST /api/v1/customers/:customerId/credits': { currency: 'USD', amountMinor: '100' },
  'PATCH /api/v1/alerts/:alertId': { name: 'stolen' },
  'PATCH /api/v1/control/strategies/:strategy': { name: 'stolen' },
  'PATCH /api/v1/control/policies/:policy': { name: 'stolen' },
  'POST /api/v1/holds/:holdId/commit': { units: '1' },
  'PUT /api/v1/subscriptions/:subscriptionId/spend-threshold': { amount: '1000' },
  'POST /api/v1/subscriptions/:subscriptionId/add-ons': { addOn: 'any' },
  'POST /api/v1/subscriptions/:subscriptionId/add-ons/:attachedAddOnId/detach': { when: 'now' },
  'POST /api/v1/subscriptions/:subscriptionId/cancel': { when: 'now' },
  'POST /api/v1/invoices/:invoiceId/credit-notes': { settlement: 'credit', reason: 'stolen' },
  'POST /api/v1/invoices/:invoiceId/fail': { reason: 'stolen' },
  'POST /api/v1/invoices/:invoiceId/void': { reason: 'stolen' },
  'POST /api/v1/customers/:customerId/payment-methods': { token: 'pm_test_ok' },
  'POST /api/v1/customers/:customerId/payment-method-setups': {
    ...{ returnUrl: 'https://example.com', currency: 'USD' },
  },
  'PUT /api/v1/customers/:customerId/stripe-customer': { stripeCustomerId: 'cus_none' },
  'PATCH /api/v1/stripe/triggers/:triggerId': { active: false },
  'POST /api/v1/stripe/triggers/:triggerId/retry': {},
  'PUT /api/v1/customers/:customerId/collection': { collection: 'manual' },
  'PUT /api/v1/plans/:plan/collection': { collection: 'manual' },
  'POST /api/v1/payments/:paymentId/refund': {},
  'PUT /api/v1/customers/:customerId/auto-top-up': {
    ...{ amountMinor: '100', currency: 'USD', below: '1' },
  },
  'POST /api/v1/payments/:paymentId/end': { moneyMayHaveMoved: true },
  'POST /api/v1/payments/:paymentId/act': { outcome: 'succeeded' },
  'PATCH /api/v1/webhook-endpoints/:endpointId': { description: 'stolen' },
  'POST /api/v1/webhook-endpoints/:endpointId/rotate-secret': { oldValidHours: 0 },
  'POST /api/v1/events/:eventId/void': { reason: 'stolen' },
  'POST /api/v1/events/:eventId/amend': { amount: '1' },
  'POST /api/v1/customers/:customerId/portal-links': {},
  'POST /api/portal/v1/open': { token: 'stolen' },
  'POST /api/portal/v1/subscriptions/:subscriptionId/change/preview': {
    plan: 'any',
    version: 1,
    when: 'now',
  },
  'POST /api/portal/v1/subscriptions/:subscriptionId/change': {
    plan: 'any',
    version: 1,
    when: 'now',
  },
  'POST /api/portal/v1/payment-methods/:paymentMethodId/default': {},
  'POST /api/portal/v1/payment-methods/:paymentMethodId/detach': {},
  'POST /api/portal/v1/invoices/:invoiceId/pay': {},
  'PATCH /api/v1/organizations/:organizationId/members/:userId': { role: 'VIEWER' },
  'POST /api/v1/organizations/:organizationId/keys/:keyId/rotate': {},
}

/** The query that a route cannot do without. */
export const QUERIES: Readonly<Record<string, string>> = {
  'GET /api/v1/customers/:customerId/access': '?meter=any',
  'GET /api/v1/stripe/triggers/:triggerId/reconciliation':
    '?from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z',
}
