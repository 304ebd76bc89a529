import { expect, test } from 'vitest'
import type { PlanVersion } from '../../api/records.ts'
import { asVersion, EMPTY, keptWords, valuesOf, versionBody } from './plan-values.ts'

const tokens = { model: 'per_unit', includedUnits: '0', unitPrice: '1' } as const
const whole: PlanVersion = {
  ...{ version: 3, currency: 'USD', cycle: 'month', basePrice: '100.00', baseMinor: '10000' },
  ...{ baseInAdvance: true, graceSeconds: 7_200, minimum: '500', trialDays: 14, netDays: 30 },
  ...{ taxRate: 'txr_2', createdAt: '2026-03-01T00:00:00.000Z' },
  prices: [
    { ...tokens, meter: 'CALLS', meterId: 'mtr_1', taxRate: 'txr_1', minimum: '5', maximum: '90' },
    {
      ...{ meter: 'TOKENS', meterId: 'mtr_2', taxRate: null, model: 'by_dimension' },
      properties: ['model'],
      cases: [{ values: ['large'], price: { ...tokens, unitPrice: '2' } }],
      otherwise: tokens,
    },
  ],
  flatPrices: [
    { name: 'Support', amount: '20', amountMinor: '2000', recurring: 'period', taxRate: null },
  ],
  credits: [{ meter: 'mtr_1', units: '1000', priority: 100, isPromotional: true, rollover: null }],
} as PlanVersion

test('a new version that nobody has changed says what the one before says', () => {
  const body = versionBody({ ...EMPTY, ...valuesOf(whole) })
  const { version: _, createdAt: __, baseMinor: ___, prices, flatPrices, ...terms } = whole
  expect(body).toMatchObject(terms)
  expect(body.prices).toMatchObject(prices.map(({ meterId: _meter, ...price }) => price))
  expect(body.flatPrices).toEqual(flatPrices.map(({ amountMinor: _amount, ...flat }) => flat))
  expect(JSON.stringify(body)).not.toMatch(/meterId|amountMinor/) // the API takes neither
})

test('a new plan leaves to the API what the form does not ask', () => {
  expect(Object.keys(versionBody(EMPTY)).sort()).toEqual([
    'baseInAdvance',
    'basePrice',
    'currency',
    'cycle',
    'minimum',
    'netDays',
    'prices',
    'trialDays',
  ])
})

test('what is kept is told, and the minimum is reckoned with', () => {
  expect(keptWords(valuesOf(whole).kept)).toEqual([
    'the price of TOKENS by property',
    'the fixed price “Support”',
    'the credits of each period',
    'the rate of tax',
  ])
  expect(keptWords(EMPTY.kept)).toEqual([])
  expect(asVersion({ ...EMPTY, minimum: '500' })?.minimum).toBe('500')
  expect(asVersion({ ...EMPTY, minimum: '5x' })).toBeNull()
})
