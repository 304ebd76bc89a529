import { expect, test } from 'vitest'
import { addsUp, EMPTY, triggerBody } from './trigger-values.ts'

test('what was left empty is not sent, and what was typed goes exactly', () => {
  expect(triggerBody({ ...EMPTY, meter: 'tokens', eventName: ' api_calls ' })).toEqual({
    ...{ type: 'stripe_usage', meter: 'tokens', eventName: 'api_calls' },
    ...{ multiplier: '1', createCustomers: false },
  })
  const multiplier = '0.123456789012'
  const usageFrom = '2026-11-01T00:00'
  expect(triggerBody({ ...EMPTY, priceId: 'price_1', multiplier, usageFrom })).toMatchObject({
    ...{ priceId: 'price_1', multiplier, usageFrom: '2026-11-01T00:00:00.000Z' },
  })
})

test('a quantity of subscriptions is sent without what only usage has', () => {
  const typed = { ...EMPTY, type: 'stripe_subscription', meter: 'seats', priceId: 'price_1' }
  const left = { eventName: 'calls', usageFrom: '2026-11-01T00:00', createCustomers: true }
  expect(triggerBody({ ...typed, ...left, prorationBehavior: 'always_invoice' })).toEqual({
    ...{ type: 'stripe_subscription', meter: 'seats', priceId: 'price_1' },
    ...{ multiplier: '1', prorationBehavior: 'always_invoice' },
  })
})

test('of invoices it is sent how Stripe is to collect them, where it makes one for each', () => {
  const typed = { ...EMPTY, type: 'stripe_invoice', meter: 'seats', priceId: 'price_1' }
  const said = { type: 'stripe_invoice', createCustomers: false }
  const collectionMethod = 'charge_automatically'
  expect(triggerBody(typed)).toEqual({ ...said, createInvoices: true, collectionMethod })
  expect(triggerBody({ ...typed, createInvoices: false })).toEqual({
    ...said,
    createInvoices: false,
  })
})

test.each([
  ['COUNT', 'none', true],
  ['SUM', 'none', true],
  ['SUM', 'up', false],
  ['MAX', 'none', false],
] as const)('that a meter adds up, by %s and rounding %s, is %s', (aggregation, mode, is) => {
  expect(addsUp({ aggregation, rounding: { mode, digits: 0 } })).toBe(is)
})
