import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assertPriceIn, decimal, parsePrice, priceToJson, ZERO } from './index.ts'
import { price, RUNS } from './test-arbitraries.ts'

const API_CALLS = { model: 'per_unit', included: '10000', unitPrice: '0.01' }
const PACKAGE = { model: 'package', packageSize: '1000', packagePrice: '2' }
const PERCENTAGE = { model: 'percentage', percent: '2.9' }
const LAST_TIER = { upTo: null, unitPrice: '0.1' }
const BY_MODEL = {
  model: 'by_dimension',
  properties: ['model'],
  cases: [{ values: ['small'], price: API_CALLS }],
  otherwise: API_CALLS,
}

function graduated(...tiers: object[]) {
  return { model: 'graduated', tiers }
}

describe('parsePrice', () => {
  test('reads decimals exactly', () => {
    expect(parsePrice(API_CALLS)).toEqual({
      model: 'per_unit',
      included: decimal('10000'),
      minimum: null,
      maximum: null,
      unitPrice: decimal('0.01'),
    })
  })

  test.each([
    ['included units', { model: 'per_unit', unitPrice: '1' }, { included: ZERO }],
    ['bounds', { model: 'per_unit', unitPrice: '1' }, { minimum: null, maximum: null }],
    ['a fixed part', PERCENTAGE, { fixedPerEvent: ZERO }],
    ['a fee', graduated(LAST_TIER), { tiers: [{ flatFee: ZERO, unitPrice: decimal('0.1') }] }],
  ])('takes %s for none where they are left out', (_what, json, expected) => {
    expect(parsePrice(json)).toMatchObject(expected)
  })

  test.each([
    ['equal bounds', { ...API_CALLS, minimum: '5', maximum: '5' }],
    ['a minimum of nothing', { ...API_CALLS, minimum: '0' }],
    ['a free package', { ...PACKAGE, packagePrice: '0' }],
    ['ten digits of a percentage', { ...PERCENTAGE, percent: '0.0000000001' }],
    ['the narrowest tier', graduated({ upTo: '0.000000000001', unitPrice: '1' }, LAST_TIER)],
    ['a price for all values alike', { ...BY_MODEL, cases: [] }],
  ])('takes %s', (_what, json) => {
    expect(priceToJson(parsePrice(json))).toMatchObject(json)
  })

  test.each<[string, unknown, string]>([
    [
      'a misspelt field, which would bill every unit',
      { ...API_CALLS, inclded: '1' },
      'price.inclded',
    ],
    ['the field of another model', { ...API_CALLS, tiers: [LAST_TIER] }, 'price.tiers'],
    ['an inherited name', { ...API_CALLS, constructor: '1' }, 'price.constructor'],
    [
      '__proto__',
      JSON.parse('{"model":"per_unit","unitPrice":"1","__proto__":{}}'),
      'price.__proto__',
    ],
    ['an unknown model', { ...API_CALLS, model: 'guess' }, 'price.model'],
    ['no model', { unitPrice: '1' }, 'price.model'],
    ['no unit price', { model: 'per_unit' }, 'price.unitPrice'],
    [
      'a JSON number, which may have lost digits',
      { ...API_CALLS, unitPrice: 0.01 },
      'price.unitPrice',
    ],
    ['null', { ...API_CALLS, included: null }, 'price.included'],
    ['a negative unit price', { ...API_CALLS, unitPrice: '-0.000000000001' }, 'price.unitPrice'],
    ['negative included units', { ...API_CALLS, included: '-0.000000000001' }, 'price.included'],
    ['an exponent', { ...API_CALLS, unitPrice: '1e-7' }, 'price.unitPrice'],
    ['too many digits', { ...API_CALLS, unitPrice: '0.0000000000001' }, 'price.unitPrice'],
    ['a list', [API_CALLS], 'must be an object'],
    ['nothing', null, 'must be an object'],
    ['bounds in the wrong order', { ...API_CALLS, minimum: '5.01', maximum: '5' }, 'price.maximum'],
    ['a negative minimum', { ...API_CALLS, minimum: '-1' }, 'price.minimum'],
    ['a package of nothing', { ...PACKAGE, packageSize: '0' }, 'price.packageSize'],
    ['a package without a price', { model: 'package', packageSize: '1' }, 'price.packagePrice'],
    [
      'a percentage finer than its hundredth can be',
      { ...PERCENTAGE, percent: '0.00000000001' },
      'price.percent',
    ],
    ['a negative fixed part', { ...PERCENTAGE, fixedPerEvent: '-1' }, 'price.fixedPerEvent'],
  ])('refuses %s and names it', (_what, json, named) => {
    expect(() => parsePrice(json)).toThrow(RangeError)
    expect(() => parsePrice(json)).toThrow(named)
  })

  test.each<[string, unknown, string]>([
    ['no tiers', graduated(), 'price.tiers must have'],
    ['tiers that are no list', { model: 'volume', tiers: {} }, 'price.tiers must be'],
    ['a tier that is none', { model: 'volume', tiers: [null] }, 'price.tiers[0]'],
    ['a last tier with an end', graduated({ upTo: '1', unitPrice: '1' }), 'price.tiers[0].upTo'],
    ['an end in the middle', graduated(LAST_TIER, LAST_TIER), 'price.tiers[0].upTo'],
    ['a first tier of nothing', graduated({ ...LAST_TIER, upTo: '0' }, LAST_TIER), 'tiers[0].upTo'],
    [
      'a tier of nothing',
      graduated({ ...LAST_TIER, upTo: '5' }, { ...LAST_TIER, upTo: '5' }, LAST_TIER),
      'price.tiers[1].upTo must be above 5',
    ],
    [
      'tiers out of order',
      graduated({ ...LAST_TIER, upTo: '5' }, { ...LAST_TIER, upTo: '4' }, LAST_TIER),
      'price.tiers[1].upTo',
    ],
    ['a misspelt fee', graduated({ ...LAST_TIER, flatfee: '1' }), 'price.tiers[0].flatfee'],
    ['a negative fee', graduated({ ...LAST_TIER, flatFee: '-1' }), 'price.tiers[0].flatFee'],
  ])('refuses %s', (_what, json, named) => {
    expect(() => parsePrice(json)).toThrow(RangeError)
    expect(() => parsePrice(json)).toThrow(named)
  })

  test.each<[string, object, string]>([
    ['no properties', { properties: [] }, 'price.properties'],
    ['too many properties', { properties: [...'abcdef'] }, 'price.properties'],
    ['a property twice', { properties: ['a', 'a'], cases: [] }, 'price.properties'],
    ['a property without a name', { properties: [''] }, 'price.properties[0]'],
    ['no price for other values', { otherwise: undefined }, 'price.otherwise'],
    ['a case without its price', { cases: [{ values: ['a'] }] }, 'price.cases[0].price'],
    [
      'too many values',
      { cases: [{ values: ['a', 'b'], price: API_CALLS }] },
      'price.cases[0].values',
    ],
    [
      'a value that is a list',
      { cases: [{ values: [['a']], price: API_CALLS }] },
      'price.cases[0].values[0]',
    ],
    [
      'a number without end, which would print as null',
      { cases: [{ values: [JSON.parse('1e999')], price: API_CALLS }] },
      'price.cases[0].values[0]',
    ],
    [
      'the same values twice',
      {
        cases: [
          { values: [1], price: API_CALLS },
          { values: [1.0], price: API_CALLS },
        ],
      },
      'price.cases[1].values [1]',
    ],
    ['a price by dimension in another', { otherwise: BY_MODEL }, 'price.otherwise.model'],
    ['included units for all cases together', { included: '5' }, 'price.included'],
    [
      'a misspelt field of a case',
      { cases: [{ values: ['a'], price: { ...API_CALLS, minmum: '1' } }] },
      'price.cases[0].price.minmum',
    ],
  ])('refuses, by dimension, %s', (_what, change, named) => {
    const json = { ...BY_MODEL, ...change }
    expect(() => parsePrice(json)).toThrow(RangeError)
    expect(() => parsePrice(json)).toThrow(named)
  })

  test('survives the way through JSON', () => {
    fc.assert(
      fc.property(price, (given) => {
        expect(parsePrice(JSON.parse(JSON.stringify(priceToJson(given))))).toEqual(given)
      }),
      RUNS,
    )
  })
})

test.each([
  ['USD', { minimum: '0.01' }, true],
  ['USD', { minimum: '0.001' }, false],
  ['USD', { maximum: '0.001' }, false],
  ['JPY', { maximum: '1' }, true],
  ['JPY', { maximum: '0.5' }, false],
  ['KWD', { minimum: '0.001' }, true],
])('in %s, bounds of %j are possible: %s', (currency, bounds, isPossible) => {
  for (const json of [
    { ...API_CALLS, ...bounds },
    { ...BY_MODEL, cases: [{ values: [1], price: { ...API_CALLS, ...bounds } }] },
  ]) {
    const check = () => assertPriceIn(parsePrice(json), currency)
    if (isPossible) expect(check).not.toThrow()
    else expect(check).toThrow(RangeError)
  }
})
