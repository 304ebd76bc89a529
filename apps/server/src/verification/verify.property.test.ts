import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BillingApp, billingApp } from '../invoicing/test-http.ts'
import { verificationRoutes } from './verification.routes.ts'

const DAY_MS = 86_400_000
const START = Date.parse('2026-03-01T00:00:00Z')

const cents = (max: number) => fc.integer({ min: 0, max }).map((n) => (n / 100).toFixed(2))
const prices = fc.oneof(
  fc.record({
    model: fc.constant('per_unit'),
    unitPrice: cents(30),
    includedUnits: fc.constant('40'),
  }),
  fc.record({
    model: fc.constantFrom('graduated', 'volume'),
    tiers: cents(90).map((flatFee) => [
      { upTo: '50', unitPrice: '0.5' },
      { upTo: null, unitPrice: '0.25', flatFee },
    ]),
  }),
)
const plans = fc.record({
  basePrice: cents(5_000),
  baseInAdvance: fc.boolean(),
  minimum: fc.option(cents(9_000)),
  taxRate: fc.constantFrom(null, 'vat'),
  price: prices,
})

/** What is done on a day: events of that day or of many days before, and all else that may change an invoice. */
const steps = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ use: fc.constantFrom('10', '37.5', '250'), daysAgo: fc.nat(45) }),
  },
  fc.record({ units: fc.constantFrom('30', '500') }),
  fc.record({ amountMinor: fc.constantFrom('150', '9000'), isPromotional: fc.boolean() }),
  fc.record({
    customer: fc.constantFrom({ taxExempt: true }, { taxExempt: false }, { taxRate: 'low' }),
  }),
  fc.record({ coupon: fc.constantFrom('tenth', 'five') }),
  fc.record({ lateUsage: fc.constantFrom('bill', 'credit', 'absorb') }),
  fc.record({ threshold: fc.constantFrom('5', '40', null) }),
  fc.record({
    change: fc.constantFrom('first', 'second'),
    when: fc.constantFrom('now', 'period_end'),
  }),
)
const stories = fc.record({
  first: plans,
  second: plans,
  days: fc.array(fc.record({ after: fc.integer({ min: 1, max: 12 }), step: steps }), {
    maxLength: 14,
  }),
})
type Story = typeof stories extends fc.Arbitrary<infer T> ? T : never
type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never

test('whatever happens, every invoice is verified afterwards', async () => {
  const verified: string[] = []
  await fc.assert(
    fc.asyncProperty(stories, async (story) => {
      const app = await billingApp(text(START), verificationRoutes())
      await live(app, story)
      const { data } = await app.good('GET', '/invoices?limit=200')
      for (const { id, status, kind } of data as Record<'id' | 'status' | 'kind', string>[]) {
        if (status === 'draft') continue
        const { differences, rollUps } = await app.good('POST', `/invoices/${id}/verify`)
        expect([differences, rollUps]).toEqual([[], []])
        verified.push(kind)
      }
    }),
    { numRuns: 12 },
  )
  expect(verified.length).toBeGreaterThan(12)
  expect(verified).toContain('late')
}, 900_000)

async function live(app: BillingApp, { first, second, days }: Story): Promise<void> {
  await app.good('POST', '/tax-rates', { key: 'vat', name: 'VAT', percent: '19' })
  await app.good('POST', '/tax-rates', { key: 'low', name: 'Low', percent: '7', inclusive: true })
  const coupon = { duration: 'forever' }
  await app.good('POST', '/coupons', { key: 'tenth', name: 'Tenth', percent: '10', ...coupon })
  const five = { key: 'five', name: 'Five', amount: '5', currency: 'EUR' }
  await app.good('POST', '/coupons', { ...five, ...coupon })
  await app.good('POST', '/meters', { key: 'CALLS' })
  for (const [key, { price, ...plan }] of Object.entries({ first, second })) {
    const body = {
      currency: 'EUR',
      cycle: 'month',
      prices: [{ meter: 'CALLS', ...price }],
      ...plan,
    }
    await app.good('POST', '/plans', { key, name: key, ...body })
  }
  await app.good('POST', '/customers', { customerId: 'ann' })
  const { id } = await app.good('POST', '/subscriptions', { customerId: 'ann', plan: 'first' })
  let now = START
  for (const { after, step } of days) {
    now += after * DAY_MS
    await app.until(text(now))
    await take(app, step, { id, now })
  }
  await app.until(text(now + 70 * DAY_MS))
  await app.good('POST', `/subscriptions/${id}/cancel`, { when: 'now' })
  await app.until(text(now + 72 * DAY_MS))
  for (const daysAgo of [2, 40])
    await app.use([
      { customer: 'ann', name: 'CALLS', at: text(now + (72 - daysAgo) * DAY_MS), amount: '99' },
    ])
  await app.until(text(now + 120 * DAY_MS))
}

/** What is impossible then is refused, and changes nothing. */
async function take(
  app: BillingApp,
  step: Step,
  { id, now }: { readonly id: string; readonly now: number },
): Promise<void> {
  const at = text(Math.max(START, now - ('use' in step ? step.daysAgo : 0) * DAY_MS))
  if ('use' in step) return app.use([{ customer: 'ann', name: 'CALLS', at, amount: step.use }])
  const [method, path, body] = requestOf(step, id)
  await app.good(method, path, body).catch((error: Error) => {
    if (!/: 4\d\d \{/.test(error.message)) throw error
  })
}

function requestOf(step: Exclude<Step, { use: string }>, id: string): [string, string, object] {
  const credits = '/customers/ann/credits'
  if ('units' in step) return ['POST', credits, { meter: 'CALLS', ...step }]
  if ('amountMinor' in step) return ['POST', credits, { currency: 'EUR', ...step }]
  if ('customer' in step) return ['PATCH', '/customers/ann', step.customer]
  if ('coupon' in step) return ['POST', '/coupon-attachments', { ...step, customerId: 'ann' }]
  if ('lateUsage' in step) return ['PATCH', '/meters/CALLS', step]
  if ('threshold' in step)
    return ['PUT', `/subscriptions/${id}/spend-threshold`, { amount: step.threshold }]
  return ['POST', `/subscriptions/${id}/change`, { plan: step.change, when: step.when }]
}

function text(ms: number): string {
  return new Date(ms).toISOString()
}
