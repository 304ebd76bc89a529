import { describe, expect, test } from 'vitest'
import { type Drafted, keyOf } from './draft.ts'
import { fromDodo } from './from-dodo.ts'
import { fromLago } from './from-lago.ts'
import { fromOpenmeter } from './from-openmeter.ts'

const bodyOf = (drafted: Drafted | undefined) => drafted && 'body' in drafted && drafted.body
const whyOf = (drafted: Drafted | undefined) => drafted && 'why' in drafted && drafted.why

test.each([
  ['API calls', 'API_calls'],
  ['  ai/tokens (large) ', 'ai_tokens_large'],
  ['mtr_1', 'imported-mtr_1'],
  ['日本', 'imported-'],
  ['x'.repeat(120), 'x'.repeat(100)],
])('a key of ours is made of %j', (name, key) => {
  expect(keyOf(name)).toBe(key)
})

describe('of Dodo Payments', () => {
  const meter = {
    ...{ id: 'mtr_1', name: 'AI tokens', event_name: 'ai', measurement_unit: 'token' },
    aggregation: { type: 'sum', key: 'tokens' },
  }
  const price = {
    ...{ type: 'usage_based_price', currency: 'USD', fixed_price: 2_000, discount: 0 },
    ...{ payment_frequency_count: 3, payment_frequency_interval: 'Month' },
    meters: [{ meter_id: 'mtr_1', price_per_unit: '0.5', free_threshold: 1_000 }],
  }
  const product = { product_id: 'pdt_1', name: 'Pro', price }
  const plan = (changes: object) => fromDodo([meter], [{ ...product, ...changes }]).plans[0]

  test('a meter keeps its event, its property and its filter', () => {
    const is = (value: string) => ({ key: 'model', operator: 'does_not_contain', value })
    const filter = {
      conjunction: 'or',
      clauses: [{ conjunction: 'and', clauses: [is('a'), is('b')] }],
    }
    const not = (value: string) => ({ property: ['model'], operator: 'not_contains', value })
    expect(bodyOf(fromDodo([{ ...meter, filter }], []).meters[0])).toEqual({
      ...{ name: 'AI tokens', unit: 'token', eventName: 'ai', aggregation: 'SUM' },
      ...{ valueProperty: ['tokens'], filter: { or: [{ and: [not('a'), not('b')] }] } },
    })
  })

  test('a product becomes a plan, its price per unit out of minor units', () => {
    expect(bodyOf(plan({}))).toEqual({
      ...{ name: 'Pro', currency: 'USD', cycle: 'quarter', basePrice: '20', baseInAdvance: true },
      prices: [
        { meter: 'AI_tokens', model: 'per_unit', unitPrice: '0.005', includedUnits: '1000' },
      ],
      trialDays: 0,
    })
  })

  test.each([
    ['once', { price: { ...price, type: 'one_time_price' } }, /sold once/],
    [
      'every two weeks',
      { price: { ...price, payment_frequency_count: 2 } },
      /no period of 2 Month/,
    ],
    ['at a discount', { price: { ...price, discount: 10 } }, /discount/],
    ['with free usage only here', { price: { ...price, trial_period_days: 14 } }, /its trial/],
    ['with tax in it', { price: { ...price, tax_inclusive: true } }, /tax/],
    [
      'at prices by country',
      { price: { ...price, purchasing_power_parity: true } },
      /depends on the country/,
    ],
    ['with credits', { credit_entitlements: [{}] }, /credits/],
    [
      'by a meter that was not given',
      { price: { ...price, meters: [{ meter_id: 'other', price_per_unit: '1' }] } },
      /its meter other/,
    ],
    [
      'at a price too fine',
      { price: { ...price, meters: [{ meter_id: 'mtr_1', price_per_unit: '0.000000000001' }] } },
      /12 digits/,
    ],
  ])('a product sold %s is left out, and says why', (_how, changes, why) => {
    expect(whyOf(plan(changes))).toMatch(why)
  })

  test('a product with add-ons says that they are not taken over, and one without says nothing', () => {
    const notes = [expect.stringContaining('add-ons are not taken over')]
    expect(plan({ addons: ['adn_1'] })).toMatchObject({ key: 'Pro', notes })
    expect(plan({ addons: [] })).toMatchObject({ key: 'Pro', notes: [] })
  })

  test('of two meters that come to one key the second is left out', () => {
    const { meters } = fromDodo([meter, { ...meter, id: 'mtr_2', name: 'AI/tokens' }], [])
    expect(whyOf(meters[1])).toMatch(/comes before/)
  })
})

describe('of OpenMeter', () => {
  const meter = { slug: 'tokens_total', aggregation: 'SUM', eventType: 'prompt' }

  test('a meter keeps its event, its value and its groups', () => {
    const groupBy = { model: '$.model', kind: '$.usage.kind' }
    const [one] = fromOpenmeter([{ ...meter, valueProperty: '$.usage.tokens', groupBy }]).meters
    expect(one).toEqual({
      key: 'tokens_total',
      body: {
        ...{ name: 'tokens_total', eventName: 'prompt', aggregation: 'SUM' },
        ...{ valueProperty: ['usage', 'tokens'], groupBy: ['model', 'usage.kind'] },
      },
      notes: ['its group "kind" is called "usage.kind" here'],
    })
  })

  test.each([
    [{ valueProperty: '$.tokens[0]' }, /the path/],
    [{ aggregation: 'MEDIAN' }, /no aggregation "MEDIAN"/],
  ])('what there is not here is left out, and says why: %j', (changes, why) => {
    expect(whyOf(fromOpenmeter([{ ...meter, ...changes }]).meters[0])).toMatch(why)
  })
})

describe('of Lago', () => {
  const metric = { code: 'storage', name: 'Storage', aggregation_type: 'sum_agg', field_name: 'gb' }
  const charge = {
    billable_metric_code: 'storage',
    charge_model: 'standard',
    properties: { amount: '0.1' },
  }
  const plan = {
    ...{
      code: 'pro',
      name: 'Pro',
      interval: 'monthly',
      amount_cents: 9_950,
      amount_currency: 'EUR',
    },
    ...{ pay_in_advance: true, charges: [charge] },
  }
  const priced = (changes: object) => {
    const [one] = fromLago([], [{ ...plan, charges: [{ ...charge, ...changes }] }]).plans
    return one
  }

  test('a billable metric keeps its code, its field, its filters and its rounding', () => {
    const more = { rounding_function: 'ceil', rounding_precision: 2, filters: [{ key: 'region' }] }
    expect(bodyOf(fromLago([{ ...metric, ...more }], []).meters[0])).toEqual({
      ...{ name: 'Storage', eventName: 'storage', aggregation: 'SUM', valueProperty: ['gb'] },
      ...{ groupBy: ['region'], rounding: { mode: 'up', digits: 2 } },
    })
  })

  test.each([
    [{ recurring: true }, /carries over/],
    [{ expression: 'round(a)' }, /expression/],
    [{ aggregation_type: 'weighted_sum_agg' }, /no aggregation/],
  ])('a metric with %j is left out, and says why', (changes, why) => {
    expect(whyOf(fromLago([{ ...metric, ...changes }], []).meters[0])).toMatch(why)
  })

  test('a plan without usage keeps its trial', () => {
    const [one] = fromLago([], [{ ...plan, charges: [], trial_period: 14 }]).plans
    expect(bodyOf(one)).toMatchObject({ trialDays: 14, prices: [] })
  })

  test.each([[{}], [{ charges: [], minimum_commitment: { amount_cents: 100 } }]])(
    'a trial of the base price alone is not made one of everything: %j',
    (changes) => {
      const [one] = fromLago([], [{ ...plan, trial_period: 14, ...changes }]).plans
      expect(whyOf(one)).toMatch(/its trial/)
    },
  )

  test('a plan keeps its price, its period and its minimum', () => {
    const minimum_commitment = { amount_cents: 20_000 }
    expect(bodyOf(fromLago([], [{ ...plan, minimum_commitment }]).plans[0])).toEqual({
      ...{ name: 'Pro', currency: 'EUR', cycle: 'month', basePrice: '99.5', baseInAdvance: true },
      ...{ trialDays: 0, minimum: '200' },
      prices: [{ meter: 'storage', model: 'per_unit', unitPrice: '0.1' }],
    })
  })

  test.each([
    [
      { charge_model: 'package', properties: { amount: '5', package_size: 100, free_units: 10 } },
      { model: 'package', packageSize: '100', packagePrice: '5', includedUnits: '10' },
    ],
    [
      {
        charge_model: 'graduated',
        properties: {
          graduated_ranges: [
            { from_value: 0, to_value: 10, per_unit_amount: '1', flat_amount: '2' },
            { from_value: 11, to_value: null, per_unit_amount: '0.5', flat_amount: '0' },
          ],
        },
        min_amount_cents: 100,
      },
      {
        model: 'graduated',
        tiers: [
          { upTo: '10', unitPrice: '1', flatFee: '2' },
          { upTo: null, unitPrice: '0.5', flatFee: '0' },
        ],
        minimum: '1',
      },
    ],
    [
      { charge_model: 'percentage', properties: { rate: '2.9', fixed_amount: '0.3' } },
      { model: 'percentage', percent: '2.9', fixedPerEvent: '0.3' },
    ],
    [
      {
        charge_model: 'percentage',
        properties: {
          ...{ rate: '2.9', free_units_per_events: 0, per_transaction_min_amount: '0.00' },
          free_units_per_total_aggregation: '0.0',
        },
      },
      { model: 'percentage', percent: '2.9' },
    ],
  ])('a charge %j is the same price here', (changes, price) => {
    expect(bodyOf(priced(changes))).toMatchObject({ prices: [{ meter: 'storage', ...price }] })
  })

  test.each([
    [{ charge_model: 'dynamic' }, /model "dynamic"/],
    [{ pay_in_advance: true }, /with each event/],
    [{ prorated: true }, /prorated/],
    [{ filters: [{}] }, /depends on properties/],
    [{ properties: { amount: '1', pricing_group_keys: ['region'] } }, /depends on properties/],
    [{ applied_pricing_unit: { code: 'credits', conversion_rate: '0.1' } }, /not money/],
    [{ taxes: [{ code: 'vat' }] }, /taxed/],
    [
      { charge_model: 'percentage', properties: { rate: '1', per_transaction_max_amount: '0' } },
      /by event/,
    ],
    [
      { charge_model: 'percentage', properties: { rate: '1', free_units_per_events: 3 } },
      /by event/,
    ],
  ])('a plan with a charge %j is left out whole, and says why', (changes, why) => {
    expect(whyOf(priced(changes))).toMatch(why)
  })
})
