import { expect, test } from 'vitest'
import {
  addOnBodies,
  EMPTY_SUBSCRIPTION,
  type NewValues,
  subscribeBody,
} from './new-subscription-values.ts'

const pro: NewValues = { ...EMPTY_SUBSCRIPTION, plan: 'pro' }

test('what is left empty is left to the plan and to the API', () => {
  expect(subscribeBody({ ...pro, customerId: ' acme ' })).toEqual({
    ...{ customerId: 'acme', plan: 'pro', quantity: '1', timeZone: 'UTC', anchor: 'day' },
  })
})

test('what is filled in is sent, times with their zone, and a trial of no days as such', () => {
  expect(
    subscribeBody({
      ...{ ...pro, planVersion: 2, quantity: '3', trialDays: '0', anchor: 'calendar' },
      ...{ startedAt: '2026-03-01T00:00', cancelAt: '2027-03-01T00:00' },
      overrides: { ...pro.overrides, basePrice: '80' },
    }),
  ).toEqual({
    ...{ plan: 'pro', planVersion: 2, quantity: '3', trialDays: 0 },
    ...{ timeZone: 'UTC', anchor: 'calendar', overrides: { basePrice: '80' } },
    ...{ startedAt: '2026-03-01T00:00:00.000Z', cancelAt: '2027-03-01T00:00:00.000Z' },
  })
})

test('add-ons begin with the subscription, also when it began before today', () => {
  const values: NewValues = {
    ...pro,
    addOns: [
      { addOn: 'seat', quantity: '' },
      { addOn: null, quantity: '2' },
    ],
  }
  const startedAt = '2026-03-01T00:00:00.000Z'
  expect(addOnBodies(values, startedAt)).toEqual([
    { addOn: 'seat', quantity: '1', from: startedAt },
  ])
})
