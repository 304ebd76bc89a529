import { describe, expect, test } from 'vitest'
import {
  type Decimal,
  decimal,
  formatDecimal,
  type MeteredUsage,
  parsePrice,
  rate,
  type Share,
  type SimplePrice,
  WHOLE,
  ZERO,
} from './index.ts'

const API_CALLS = aPrice({ model: 'per_unit', included: '10000', unitPrice: '0.01' })
const TIERS = [
  { upTo: '10', unitPrice: '1' },
  { upTo: '100', unitPrice: '0.5', flatFee: '3' },
  { upTo: null, unitPrice: '0.1' },
]

function aPrice(json: object): SimplePrice {
  const price = parsePrice(json)
  if (price.model === 'by_dimension') throw new TypeError('that is several prices')
  return price
}

function usageOf(used: Decimal, given: Partial<MeteredUsage> = {}): MeteredUsage {
  return { quantity: used, events: 1n, credited: ZERO, ...given }
}

/** Only the amounts, in US cents. */
function cents(given: SimplePrice, used: string, part: Share = WHOLE): bigint[] {
  return rate(given, usageOf(decimal(used)), part, 2).map((line) => line.amountMinor)
}

describe('per unit', () => {
  test('charges only what exceeds the included units', () => {
    expect(rate(API_CALLS, usageOf(decimal('12000')), WHOLE, 2)).toEqual([
      {
        rule: 'per_unit',
        quantity: decimal('12000'),
        included: decimal('10000'),
        credited: ZERO,
        billable: decimal('2000'),
        units: decimal('2000'),
        unitPrice: decimal('0.01'),
        fixed: ZERO,
        amountMinor: 2000n, // the example of the guide: 2,000 × $0.01 = $20
      },
    ])
  })

  test.each([
    ['no usage gives no line', '0', []],
    ['the smallest usage gives a line at 0', '0.000000000001', [0n]],
    ['one unit below', '9999', [0n]],
    ['exactly at', '10000', [0n]],
    ['half a unit above, half a cent', '10000.5', [1n]],
    ['just under half a unit above', '10000.499999999999', [0n]],
    ['one unit above', '10001', [1n]],
  ])('at the border of the included units: %s', (_where, used, expected) => {
    expect(cents(API_CALLS, used)).toEqual(expected)
  })

  test('keeps prices far below one cent exact until the line is rounded', () => {
    const tokens = aPrice({ model: 'per_unit', unitPrice: '0.0000005' })
    expect(cents(tokens, '9999')).toEqual([0n]) // $0.0049995
    expect(cents(tokens, '10000')).toEqual([1n]) // $0.005 rounds away from zero
  })

  test('includes less in a part of a period, to 12 digits, and prices the rest in full', () => {
    const [line] = rate(API_CALLS, usageOf(decimal('12000')), { part: 1n, whole: 3n }, 2)
    expect(line).toMatchObject({
      included: decimal('3333.333333333333'),
      billable: decimal('8666.666666666667'),
      amountMinor: 8667n,
    })
  })

  test('bills a negative quantity, as a gauge may have, at 0 rather than pay it out', () => {
    expect(cents(API_CALLS, '-5')).toEqual([0n])
  })
})

describe('package', () => {
  const messages = aPrice({
    model: 'package',
    included: '1000',
    packageSize: '1000',
    packagePrice: '2',
  })

  test.each([
    ['all included', '1000', 0n, '0'],
    ['the smallest part of a package is a whole one', '1000.000000000001', 200n, '1'],
    ['a full package', '2000', 200n, '1'],
    ['one beyond it', '2001', 400n, '2'],
    ['a fraction beyond it', '2000.000000000001', 400n, '2'],
  ])('%s', (_what, used, amount, started) => {
    const [line] = rate(messages, usageOf(decimal(used)), WHOLE, 2)
    expect(line).toMatchObject({ rule: 'package', amountMinor: amount, units: decimal(started) })
  })

  test('of a size that is no whole number', () => {
    const gigabytes = aPrice({ model: 'package', packageSize: '0.5', packagePrice: '0.333' })
    expect(cents(gigabytes, '1')).toEqual([67n]) // two at 33.3 cents, rounded once
    expect(cents(gigabytes, '1.1')).toEqual([100n]) // three: 99.9
  })
})

describe('graduated', () => {
  const storage = aPrice({ model: 'graduated', tiers: TIERS })

  test.each([
    ['within the first tier', '4', [400n]],
    ['at a border, which belongs to the tier below', '10', [1000n]],
    ['just beyond it, where the next begins with its fee', '10.000000000001', [1000n, 300n]],
    ['at the second border', '100', [1000n, 4800n]],
    ['just beyond the second border', '100.000000000001', [1000n, 4800n, 0n]],
    ['in the last tier, each line rounded', '123.456', [1000n, 4800n, 235n]],
  ])('%s', (_where, used, expected) => {
    expect(cents(storage, used)).toEqual(expected)
  })

  test('counts its borders from the billable quantity, and shows what was free on the first line', () => {
    const price = aPrice({ model: 'graduated', included: '5', tiers: TIERS })
    const lines = rate(price, usageOf(decimal('20'), { credited: decimal('3') }), WHOLE, 2)
    expect(lines.map((line) => [line.quantity, line.billable].map(formatDecimal))).toEqual([
      ['18', '10'],
      ['2', '2'],
    ])
    expect(lines[0]).toMatchObject({ included: decimal('5'), credited: decimal('3') })
    expect(lines[1]).toMatchObject({ included: ZERO, credited: ZERO, fixed: decimal('3') })
  })

  test('takes no fee of a tier that nothing billable reaches', () => {
    const price = aPrice({
      model: 'graduated',
      included: '5',
      tiers: [{ upTo: null, unitPrice: '1', flatFee: '7' }],
    })
    expect(cents(price, '5')).toEqual([0n])
    expect(cents(price, '5.000000000001')).toEqual([700n])
  })
})

describe('volume', () => {
  const tokens = aPrice({ model: 'volume', included: '5', tiers: TIERS })

  test.each([
    ['all included: no fee', '5', 0n],
    ['in the first tier', '10', 500n],
    ['at the border, which belongs to the tier below', '15', 1000n],
    ['just beyond it, where all units cost the next price', '15.000000000001', 800n],
    ['at the second border', '105', 5300n],
    ['just beyond the second border', '105.000000000001', 1000n],
  ])('%s', (_where, used, expected) => {
    expect(cents(tokens, used)).toEqual([expected])
  })

  test('jumps at a border by design, also downwards', () => {
    expect(cents(tokens, '105.000000000001') < cents(tokens, '105')).toBe(true)
  })
})

describe('percentage', () => {
  const card = aPrice({ model: 'percentage', percent: '2.9', fixedPerEvent: '0.30' })

  test('is a part of the sum and a fixed part for each event, rounded together', () => {
    const [line] = rate(card, usageOf(decimal('1234.56'), { events: 7n }), WHOLE, 2)
    expect(line).toMatchObject({
      rule: 'percentage',
      unitPrice: decimal('0.029'),
      fixed: decimal('2.1'),
      amountMinor: 3790n, // 35.80224 + 2.10
    })
  })

  test('takes the fixed part of events that sum up to nothing, and nothing without events', () => {
    const nothing = { events: 3n, credited: ZERO, quantity: ZERO }
    expect(rate(card, nothing, WHOLE, 2).map((line) => line.amountMinor)).toEqual([90n])
    expect(rate(card, { ...nothing, events: 0n }, WHOLE, 2)).toEqual([])
  })
})

describe('minimum and maximum', () => {
  const bounded = aPrice({ model: 'per_unit', unitPrice: '0.01', minimum: '5', maximum: '20' })

  test.each([
    ['no usage: the minimum alone', '0', [500n]],
    ['one below the minimum', '499', [499n, 1n]],
    ['exactly the minimum', '500', [500n]],
    ['between', '501', [501n]],
    ['exactly the maximum', '2000', [2000n]],
    ['one above the maximum', '2001', [2001n, -1n]],
  ])('%s', (_where, used, expected) => {
    expect(cents(bounded, used)).toEqual(expected)
  })

  test('do not shrink with the share of the period', () => {
    expect(cents(bounded, '100', { part: 1n, whole: 2n })).toEqual([100n, 400n])
  })

  test('bound the sum of all tiers', () => {
    const price = aPrice({ model: 'graduated', tiers: TIERS, maximum: '30' })
    expect(cents(price, '100')).toEqual([1000n, 4800n, -2800n])
  })
})

describe('credited units', () => {
  test('come after the included ones and before the model', () => {
    const usage = usageOf(decimal('12000'), { credited: decimal('1500') })
    expect(rate(API_CALLS, usage, WHOLE, 2)[0]).toMatchObject({
      included: decimal('10000'),
      credited: decimal('1500'),
      billable: decimal('500'),
      amountMinor: 500n,
    })
  })

  test.each([
    ['more than what is beyond the included units', '2000.000000000001'],
    ['less than nothing', '-0.000000000001'],
  ])('stop at %s: only our own mistake takes so many', (_what, credited) => {
    const usage = usageOf(decimal('12000'), { credited: decimal(credited) })
    expect(() => rate(API_CALLS, usage, WHOLE, 2)).toThrow('invariant broken')
  })
})

test('refuses a model that it does not know, rather than bill nothing', () => {
  const unknown = { ...API_CALLS, model: 'guess' } as unknown as SimplePrice
  expect(() => rate(unknown, usageOf(decimal('1')), WHOLE, 2)).toThrow('unknown price model')
})
