import { expect, test } from 'vitest'
import { EMPTY_SUBSCRIPTION, type NewValues, subscribeBody } from './new-subscription-values.ts'

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

test('a coupon and the add-ons that were chosen are sent with it, one of an add-on unless more', () => {
  const values: NewValues = {
    ...{ ...pro, coupon: 'HELLO' },
    addOns: [
      { addOn: 'seat', quantity: '' },
      { addOn: null, quantity: '2' },
    ],
  }
  expect(subscribeBody(values)).toMatchObject({
    coupon: 'HELLO',
    addOns: [{ addOn: 'seat', quantity: '1' }],
  })
})
