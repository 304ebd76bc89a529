import { expect, test } from 'vitest'
import type { Plan, PlanVersion, Subscription } from '../../api/records.ts'
import { changeBody, changeValues, whenBody } from './change-values.ts'
import { NO_OVERRIDES, overrideOffers, overridesBody, overrideWords } from './override-values.ts'

const rule = { model: 'per_unit', includedUnits: '5', unitPrice: '1' } as const
const version = {
  version: 2,
  prices: [{ ...rule, meter: 'CALLS', meterId: 'mtr_1', taxRate: 'txr_1' }],
} as unknown as PlanVersion
const plans = [{ key: 'pro', versions: [version] } as unknown as Plan]
const agreed = { basePrice: '80', prices: [{ ...rule, meter: 'mtr_1', unitPrice: '0.5' }] }
const subscription = {
  ...{ plan: 'pro', planVersion: 2, quantity: '3', overrides: agreed },
} as unknown as Subscription

test('a change that nobody has filled in says what holds, meters by their key', () => {
  expect(changeBody(changeValues(subscription, plans))).toEqual({
    ...{ plan: 'pro', planVersion: 2, quantity: '3', when: 'period_end' },
    overrides: { basePrice: '80', prices: [{ ...rule, meter: 'CALLS', unitPrice: '0.5' }] },
  })
})

test('an emptied quantity is left for the server to refuse, and is not one', () => {
  const values = { ...changeValues(subscription, plans), quantity: ' ' }
  expect(changeBody(values).quantity).toBe('')
})

test('what is left empty is that of the plan', () => {
  expect(overridesBody(NO_OVERRIDES)).toEqual({})
  expect(overridesBody({ ...NO_OVERRIDES, minimum: ' 0 ' })).toEqual({ minimum: '0' })
  const [offer] = overrideOffers(version)
  expect(overridesBody({ ...NO_OVERRIDES, prices: offer ? [offer.price] : [] })).toEqual({
    prices: [{ ...rule, meter: 'CALLS' }], // its rate of tax stays that of the plan
  })
  expect(overrideOffers(undefined)).toEqual([])
  expect(overrideWords(agreed)).toBe('base price, price of usage')
})

test('a time is in UTC, and one that cannot be read is left for the server to refuse', () => {
  expect(whenBody({ kind: 'now', at: '2026-06-01T00:00' })).toBe('now')
  expect(whenBody({ kind: 'at', at: '2026-06-01T00:00' })).toBe('2026-06-01T00:00:00.000Z')
  expect(whenBody({ kind: 'at', at: '' })).toBe('')
})
