import fc from 'fast-check'
import { expect, test } from 'vitest'
import { billingApp } from './test-http.ts'

const START = '2026-03-01T00:00:00Z'
const CHANGE = '2026-03-11T07:30:00Z'
const BEFORE_END = '2026-03-31T23:59:59Z'
const AFTER = '2026-04-01T02:00:00Z'

const cents = (max: number) => fc.integer({ min: 0, max }).map((minor) => (minor / 100).toFixed(2))
const units = fc.constantFrom('0', '0', '1', '25', '99.5', '1000')
const unitPrices = fc.constantFrom('0', '0.01', '0.005', '0.333333333333', '7')

const bounds = fc.record(
  { includedUnits: units, minimum: cents(900), maximum: fc.constant('2500.00') },
  { requiredKeys: [] },
)
const tiers = fc
  .tuple(unitPrices, unitPrices, unitPrices, cents(500))
  .map(([first, second, rest, flatFee]) => [
    { upTo: '50', unitPrice: first },
    { upTo: '100.25', unitPrice: second, flatFee },
    { upTo: null, unitPrice: rest },
  ])
const simplePrices = fc.oneof(
  fc.record({ model: fc.constant('per_unit'), unitPrice: unitPrices }),
  fc.record({ model: fc.constant('graduated'), tiers }),
  fc.record({ model: fc.constant('volume'), tiers }),
  fc.record({
    model: fc.constant('package'),
    packageSize: fc.constantFrom('1', '10', '12.5'),
    packagePrice: cents(900),
  }),
  fc.record({
    model: fc.constant('percentage'),
    percent: fc.constantFrom('2.9', '0', '33.3333333333'),
    fixedPerEvent: fc.constantFrom('0', '0.3'),
  }),
)
const bounded = fc
  .tuple(simplePrices, bounds)
  .map(([price, terms]): object => ({ ...price, ...terms }))
const prices = fc.oneof(
  { weight: 4, arbitrary: bounded },
  {
    weight: 1,
    arbitrary: fc.tuple(bounded, bounded).map(([price, otherwise]) => ({
      ...{ model: 'by_dimension', properties: ['tier'] },
      ...{ cases: [{ values: ['big'], price }], otherwise },
    })),
  },
)
const plans = fc.record({
  basePrice: cents(20_000),
  baseInAdvance: fc.boolean(),
  minimum: fc.option(cents(30_000)),
  isTaxed: fc.boolean(),
  price: prices,
  credits: fc.option(fc.constantFrom('1', '40', '5000')),
})
const stories = fc.record({
  plan: plans,
  changesTo: fc.option(plans),
  quantity: fc.integer({ min: 1, max: 3 }),
  tax: fc.record({ percent: fc.constantFrom('19', '7.7', '0'), inclusive: fc.boolean() }),
  units: fc.option(fc.constantFrom('3', '70.5', '2000')),
  promotional: fc.option(fc.integer({ min: 1, max: 9_000 })),
  prepaid: fc.option(fc.integer({ min: 1, max: 90_000 })),
  coupons: fc.array(
    fc.oneof(
      fc.record({ percent: fc.constantFrom('10', '33.3', '100') }),
      fc.record({ amount: cents(5_000).map((text) => (text === '0.00' ? '0.01' : text)) }),
    ),
    { maxLength: 2 },
  ),
  usage: fc.array(
    fc.record({
      hour: fc.integer({ min: 0, max: 31 * 24 - 1 }),
      amount: fc.constantFrom('0', '1', '24.5', '50', '50.25', '100', '733.333'),
      tier: fc.constantFrom('big', 'small'),
    }),
    { maxLength: 8 },
  ),
})
type Plan = typeof plans extends fc.Arbitrary<infer T> ? T : never
type Story = typeof stories extends fc.Arbitrary<infer T> ? T : never

const SUMS = ['subtotalMinor', 'trueUpMinor', 'taxMinor', 'totalMinor', 'amountDueMinor'] as const

test('what a preview says of a period is what its invoice says, in every line and cent', async () => {
  await fc.assert(
    fc.asyncProperty(stories, async (story) => {
      const { preview, invoice } = await play(story)
      expect(preview.lines).toEqual(invoice.lines)
      expect(preview.adjustments).toEqual(invoice.adjustments)
      for (const sum of SUMS) expect([sum, preview[sum]]).toEqual([sum, invoice[sum]])
      expect(BigInt(invoice.amountDueMinor)).toBeGreaterThanOrEqual(0n)
    }),
    { numRuns: 25 },
  )
})

/** The preview of a customer's period when everything was used, and the invoice of it. */
async function play(story: Story) {
  const app = await billingApp(START)
  await app.good('POST', '/meters', { key: 'CALLS', groupBy: ['tier'] })
  await app.good('POST', '/tax-rates', { key: 'tax', name: 'Tax', ...story.tax })
  await app.good('POST', '/plans', planBody('first', story.plan))
  await app.good('POST', '/customers', { customerId: 'ann' })
  await give(app.good, story)
  const quantity = String(story.quantity)
  const subscription = await app.good('POST', '/subscriptions', {
    ...{ customerId: 'ann', plan: 'first', startedAt: START, quantity },
  })
  await app.use(story.usage.map(({ hour, amount, tier }) => usageAt(hour, amount, tier)))
  if (story.changesTo) {
    await app.good('POST', '/plans', planBody('second', story.changesTo))
    await app.until(CHANGE)
    const change = { plan: 'second', when: 'now' }
    await app.good('POST', `/subscriptions/${subscription.id}/change`, change)
  }
  await app.until(BEFORE_END)
  const preview = await app.good('GET', `/subscriptions/${subscription.id}/preview`)
  await app.until(AFTER)
  const { data } = await app.good('GET', `/invoices?subscriptionId=${subscription.id}`)
  const mine = data.find(
    ({ kind, periodEnd }: { kind: string; periodEnd: string }) =>
      kind === 'period' && periodEnd === preview.periodEnd,
  )
  const invoice = await app.good('GET', `/invoices/${mine.id}`)
  expect(['finalized', 'paid']).toContain(invoice.status)
  return { preview, invoice }
}

async function give(
  good: Awaited<ReturnType<typeof billingApp>>['good'],
  { units: granted, promotional, prepaid, coupons }: Story,
): Promise<void> {
  const grant = (body: object) =>
    good('POST', '/customers/ann/credits', { validFrom: START, ...body })
  const money = (amount: number, isPromotional: boolean) =>
    grant({ amountMinor: String(amount), currency: 'USD', isPromotional })
  if (granted !== null) await grant({ meter: 'CALLS', units: granted })
  if (promotional !== null) await money(promotional, true)
  if (prepaid !== null) await money(prepaid, false)
  for (const [index, coupon] of coupons.entries()) {
    const key = `coupon-${index}`
    const currency = 'amount' in coupon ? { currency: 'USD' } : {}
    await good('POST', '/coupons', { key, name: key, duration: 'forever', ...coupon, ...currency })
    await good('POST', '/coupon-attachments', { coupon: key, customerId: 'ann' })
  }
}

function planBody(key: string, { price, isTaxed, credits, ...plan }: Plan) {
  return {
    ...{ key, name: key, currency: 'USD', cycle: 'month' },
    ...plan,
    taxRate: isTaxed ? 'tax' : null,
    prices: [{ meter: 'CALLS', ...price }],
    credits: credits === null ? [] : [{ meter: 'CALLS', units: credits }],
  }
}

function usageAt(hour: number, amount: string, tier: string) {
  const at = new Date(Date.parse(START) + hour * 3_600_000).toISOString()
  return { name: 'CALLS', customer: 'ann', at, amount, metadata: { tier } }
}
