import { expect, test } from 'vitest'
import type { Price } from '../../api/records.ts'
import {
  EMPTY_RULE,
  emptyPrice,
  priceBody,
  readValue,
  valuesOfPrice,
  valueText,
  withProperties,
} from './price-values.ts'

test('every value of a property is typed as it is read, and 4 is not the text 4', () => {
  const values = [
    null,
    true,
    false,
    0,
    -4.5,
    1e21,
    'large',
    '4',
    'true',
    '',
    ' a',
    '"',
    '"x"',
    '{',
    'none',
  ]
  for (const value of values) expect(readValue(valueText(value))).toBe(value)
  expect(readValue('4')).toBe(4)
  expect(readValue('"4"')).toBe('4')
  expect(readValue('04')).toBe('04')
  expect(readValue('none')).toBeNull()
})

test('a price by a property is sent as a case for each value, and a rule for the rest', () => {
  const price = {
    ...emptyPrice({ key: 'TOKENS', id: 'mtr_1' }),
    properties: ['model'],
    cases: [{ values: ['large'], rule: { ...EMPTY_RULE, unitPrice: ' 2 ', maximum: '90' } }],
    rule: { ...EMPTY_RULE, unitPrice: '1' },
  }
  expect(priceBody(price)).toEqual({
    ...{ meter: 'TOKENS', model: 'by_dimension', properties: ['model'] },
    cases: [
      {
        values: ['large'],
        price: { model: 'per_unit', includedUnits: '0', unitPrice: '2', maximum: '90' },
      },
    ],
    otherwise: { model: 'per_unit', includedUnits: '0', unitPrice: '1' },
  })
})

test('a case keeps its values when another property comes before, and loses what is taken away', () => {
  const price = {
    ...emptyPrice({ key: 'TOKENS', id: 'mtr_1' }),
    properties: ['model', 'region'],
    cases: [{ values: ['large', 'eu'], rule: EMPTY_RULE }],
  }
  const valuesFor = (...properties: string[]) =>
    withProperties(price, properties).cases.map(({ values }) => values)
  expect(valuesFor('region')).toEqual([['eu']])
  expect(valuesFor('tier', 'region', 'model')).toEqual([['', 'eu', 'large']])
})

test('each model comes back as it went', () => {
  const named = { meter: 'TOKENS', meterId: 'mtr_1', taxRate: 'txr_1' }
  const tiers = [
    { upTo: '10', unitPrice: '3', flatFee: '0' },
    { upTo: null, unitPrice: '2', flatFee: '5' },
  ]
  const own = { includedUnits: '7', minimum: '1', maximum: '9' }
  const prices: Price[] = [
    { ...named, ...own, model: 'per_unit', unitPrice: '1' },
    { ...named, ...own, model: 'package', packageSize: '100', packagePrice: '2' },
    { ...named, ...own, model: 'percentage', percent: '2.9', fixedPerEvent: '0.3' },
    { ...named, ...own, model: 'graduated', tiers },
    { ...named, ...own, model: 'volume', tiers },
    {
      ...{ ...named, model: 'by_dimension', properties: ['model', 'size'] },
      cases: [{ values: ['4', null], price: { ...own, model: 'volume', tiers } }],
      otherwise: { ...own, model: 'per_unit', unitPrice: '1' },
    },
  ]
  for (const price of prices) {
    const { meterId: _, ...sent } = price
    expect(priceBody(valuesOfPrice(price))).toEqual(sent)
  }
})
