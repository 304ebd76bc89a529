import { expect, test } from 'vitest'
import { TRIGGER_TYPES, triggerType } from './trigger-types.ts'

test.each(Object.keys(TRIGGER_TYPES))('a trigger %s is said in words of its own', (type) => {
  expect(triggerType(type)).toBe(TRIGGER_TYPES[type])
})

test('a type that nobody has told the dashboard of is named by its own name', () => {
  expect(triggerType('stripe_seat_count').label).toBe('Seat count')
  expect(triggerType('other').label).toBe('Other')
})
