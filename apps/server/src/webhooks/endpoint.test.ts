import { describe, expect, test } from 'vitest'
import { afterFailure, type Health, isGivenUp, paceOf } from './endpoint.ts'

const START = new Date('2026-03-01T00:00:00Z')
const HOUR_MS = 3_600_000

/** The health of an endpoint that failed at these hours and never succeeded. */
function failedAt(...hours: readonly number[]): Health {
  return hours.reduce<Health>(
    (health, hour) => afterFailure(health, new Date(START.getTime() + hour * HOUR_MS)),
    null,
  )
}

describe('an endpoint', () => {
  test.each([
    ['one failure', [0], false],
    ['a whole series to one delivery', [0, 0.1, 1, 3, 8, 18, 32, 52, 76], false],
    ['a day before five days', [0, 40, 80, 96], false],
    ['just before five days', [0, 40, 80, 119.99], false],
    ['five days', [0, 40, 80, 120], true],
    ['two bad moments a month apart', [0, 720], false],
    ['a bad week a month after a bad moment', [0, 720, 760, 800, 840], true],
  ])('after %s of failing: given up is %3$s', (_, hours, isOver) => {
    expect(isGivenUp(failedAt(...hours))).toBe(isOver)
  })

  test.each([
    [2_000, 'quick'],
    [2_001, 'slow'],
  ])('that took %i ms to answer is %s', (ms, pace) => expect(paceOf(ms)).toBe(pace))
})
