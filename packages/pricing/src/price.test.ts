import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  composeInvoice,
  type Decimal,
  decimal,
  parsePrice,
  partFor,
  partsOf,
  sum,
  WHOLE,
  ZERO,
} from './index.ts'
import { dimensionValue, price, quantity, RUNS } from './test-arbitraries.ts'

const PER_UNIT = { model: 'per_unit', unitPrice: '0.01' }
const IMAGES = parsePrice({
  model: 'by_dimension',
  properties: ['size', 'region'],
  cases: [
    { values: ['small', 'eu'], price: { ...PER_UNIT, unitPrice: '0.04' } },
    { values: ['1', null], price: { ...PER_UNIT, unitPrice: '0.08' } },
    { values: [1, null], price: { ...PER_UNIT, unitPrice: '0.16' } },
  ],
  otherwise: PER_UNIT,
})

describe('the parts of a price', () => {
  test('are its cases in their order, then all else', () => {
    expect(partsOf(IMAGES).map(({ caseNo, values }) => [caseNo, values])).toEqual([
      [0, ['small', 'eu']],
      [1, ['1', null]],
      [2, [1, null]],
      [null, null],
    ])
  })

  test('of a simple price are itself', () => {
    const simple = parsePrice(PER_UNIT)
    expect(partsOf(simple)).toEqual([{ caseNo: null, values: null, price: simple }])
    expect(partFor(simple, []).price).toBe(simple)
  })

  test.each([
    ['its values', ['small', 'eu'], 0],
    ['a text that looks like a number', ['1', null], 1],
    ['a number', [1, null], 2],
    ['the same number, written otherwise', [1.0, null], 2],
    ['other values', ['large', 'eu'], null],
    ['values in another order', ['eu', 'small'], null],
    ['missing properties', [null, null], null],
    ['a truth', [true, null], null],
  ])('are found by %s', (_what, values, caseNo) => {
    expect(partFor(IMAGES, values).caseNo).toBe(caseNo)
  })
})

test('usage by dimension adds up to all usage: no event is priced twice, none is left out', () => {
  const values = fc.array(dimensionValue, { minLength: 3, maxLength: 3 })
  const usage = fc.array(fc.tuple(values, quantity), { maxLength: 8 })
  fc.assert(
    fc.property(price, usage, (given, used) => {
      const count = given.model === 'by_dimension' ? given.properties.length : 0
      const prices = partsOf(given).map((part) => {
        const own = used.filter(
          ([values]) => partFor(given, values.slice(0, count)).caseNo === part.caseNo,
        )
        const total = sum(own.map(([, units]) => units))
        return { meter: 'M', dimension: part.values, price: part.price, quantity: total }
      })
      const interval = { periodStart: new Date(0), periodEnd: new Date(1) }
      const { lines } = composeInvoice({
        currency: 'USD',
        base: null,
        usage: { share: WHOLE, prices, ...interval },
      })
      const all = sum(used.map(([, units]) => units))
      expect(sum(lines.map((line): Decimal => line.quantity))).toBe(all)
    }),
    RUNS,
  )
})

test('a case that gives units away leaves those of other values alone', () => {
  const given = parsePrice({
    model: 'by_dimension',
    properties: ['size'],
    cases: [{ values: ['small'], price: { ...PER_UNIT, included: '100' } }],
    otherwise: { ...PER_UNIT, included: '5' },
  })
  expect(partsOf(given).map((part) => part.price.included)).toEqual([decimal('100'), decimal('5')])
  expect(partFor(given, ['large']).price.included).toBe(decimal('5'))
  expect(partFor(given, ['small']).price.minimum ?? ZERO).toBe(ZERO)
})
