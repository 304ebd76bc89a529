import { expect, test } from 'vitest'
import { CUSTOMERS, type DemoCustomer } from './customers.ts'
import { usageOf } from './usage.ts'

const beganMs = Date.parse('2026-03-01T00:00:00Z')
const HOUR_MS = 3_600_000
const WEEKS_4_MS = 28 * 24 * HOUR_MS
const span = { beganMs, fromMs: beganMs, toMs: beganMs + WEEKS_4_MS }

function customer(id: string): DemoCustomer {
  const found = CUSTOMERS.find((one) => one.id === id)
  if (!found) throw new Error(`no customer ${id}`)
  return found
}

function callsBy(of: DemoCustomer, isCounted: (at: Date) => boolean): number {
  return usageOf(of, span)
    .filter(({ name, timestamp }) => name === 'API_CALL' && isCounted(new Date(timestamp)))
    .reduce((sum, { amount }) => sum + amount, 0)
}

test('the same hours give the same events, whether asked for at once or in parts', () => {
  const whole = CUSTOMERS.flatMap((one) => usageOf(one, span))
  const halfMs = beganMs + WEEKS_4_MS / 2
  const parts = CUSTOMERS.flatMap((one) => [
    ...usageOf(one, { ...span, toMs: halfMs }),
    ...usageOf(one, { ...span, fromMs: halfMs }),
  ])
  expect(parts).toEqual(whole)
  expect(new Set(whole.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(whole.length)
})

test('usage has the shape of days and weeks', () => {
  const kestrel = customer('kestrel')
  const isNight = (at: Date) => at.getUTCHours() < 4
  const isNoon = (at: Date) => at.getUTCHours() >= 12 && at.getUTCHours() < 16
  expect(callsBy(kestrel, isNoon)).toBeGreaterThan(3 * callsBy(kestrel, isNight))
  const isSunday = (at: Date) => at.getUTCDay() === 0
  const isTuesday = (at: Date) => at.getUTCDay() === 2
  expect(callsBy(kestrel, isTuesday)).toBeGreaterThan(1.5 * callsBy(kestrel, isSunday))
})

test('nobody uses anything before they came', () => {
  const later = { ...span, beganMs: beganMs + WEEKS_4_MS / 2 }
  const events = usageOf(customer('kestrel'), later)
  expect(events.length).toBeGreaterThan(0)
  expect(events.every(({ timestamp }) => Date.parse(timestamp) >= later.beganMs)).toBe(true)
})
