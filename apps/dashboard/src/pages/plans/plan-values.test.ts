import { expect, test } from 'vitest'
import type { PlanVersion } from '../../api/records.ts'
import { asVersion, EMPTY, EMPTY_CREDIT, valuesOf, versionBody } from './plan-values.ts'

const tokens = { model: 'per_unit', includedUnits: '0', unitPrice: '1' } as const
const whole: PlanVersion = {
  ...{ version: 3, currency: 'USD', cycle: 'month', basePrice: '100.00', baseMinor: '10000' },
  ...{ baseInAdvance: true, graceSeconds: 7_200, minimum: '500', trialDays: 14, netDays: 30 },
  ...{ taxRate: 'txr_2', createdAt: '2026-03-01T00:00:00.000Z' },
  prices: [
    { ...tokens, meter: 'CALLS', meterId: 'mtr_1', taxRate: 'txr_1', minimum: '5', maximum: '90' },
    {
      ...{ meter: 'TOKENS', meterId: 'mtr_2', taxRate: 'txr_1', model: 'by_dimension' },
      properties: ['model'],
      cases: [{ values: ['large'], price: { ...tokens, unitPrice: '2' } }],
      otherwise: tokens,
    },
  ],
  flatPrices: [
    { name: 'Support', amount: '20', amountMinor: '2000', recurring: 'period', taxRate: null },
    { name: 'Set-up', amount: '49', amountMinor: '4900', recurring: 'once', taxRate: 'txr_1' },
  ],
  credits: [
    { meter: 'mtr_1', units: '1000', priority: 100, isPromotional: true, rollover: null },
    {
      ...{ amount: '25.00', priority: 5, isPromotional: false },
      rollover: { cap: '10', periods: 3 },
    },
    { amount: '1', priority: 5, isPromotional: false, rollover: { cap: null, periods: 1 } },
  ],
}

test('a new version that nobody has changed says all that the one before says', () => {
  const body = versionBody({ ...EMPTY, ...valuesOf(whole) })
  const { version: _, createdAt: __, baseMinor: ___, prices, flatPrices, ...terms } = whole
  expect(body).toEqual({
    ...terms,
    prices: prices.map(({ meterId: _meter, ...price }) => price),
    flatPrices: flatPrices.map(({ amountMinor: _amount, ...flat }) => flat),
  })
})

test('what is typed of credits is units or money, and goes over only when it is said', () => {
  const body = (changes: object) =>
    versionBody({ ...EMPTY, credits: [{ ...EMPTY_CREDIT, ...changes }] }).credits[0]
  expect(body({ meter: 'mtr_1', size: ' 500 ', cap: '5' })).toEqual({
    ...{ meter: 'mtr_1', units: '500', priority: 100, isPromotional: true, rollover: null },
  })
  expect(body({ kind: 'money', meter: 'mtr_1', size: '9.99', isKept: true })).toEqual({
    ...{ amount: '9.99', priority: 100, isPromotional: true },
    rollover: { cap: null, periods: 1 },
  })
})

test('the minimum is reckoned with, and money that cannot be read is not', () => {
  expect(asVersion({ ...EMPTY, minimum: '500' })?.minimum).toBe('500')
  expect(asVersion({ ...EMPTY, minimum: '5x' })).toBeNull()
  expect(asVersion({ ...EMPTY, credits: [EMPTY_CREDIT] })).toBeNull()
})
