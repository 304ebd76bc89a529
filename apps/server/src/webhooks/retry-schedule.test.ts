import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ATTEMPTS_MAX, nextAttemptAt, parseRetryAfter } from './retry-schedule.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const HOUR_MS = 3_600_000

function delayMs(attempts: number, chance = 0, retryAfterMs: number | null = null): number | null {
  const next = nextAttemptAt({ attempts, endedAt: NOW, chance, retryAfterMs })
  return next && next.getTime() - NOW.getTime()
}

describe('nextAttemptAt', () => {
  test('waits as documented: ten attempts over 75 hours', () => {
    const seconds = Array.from({ length: 10 }, (_, index) => (delayMs(index + 1) ?? 0) / 1_000)
    expect(seconds).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, 0])
    expect(delayMs(ATTEMPTS_MAX)).toBeNull()
    const totalMs = seconds.reduce((sum, each) => sum + each * 1_000, 0)
    expect(totalMs / HOUR_MS).toBeCloseTo(75.6, 1)
  })

  test('is never early and at most 10 % late', () => {
    const attempts = fc.integer({ min: 1, max: ATTEMPTS_MAX - 1 })
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    const wish = fc.option(fc.integer({ min: 0, max: 24 * HOUR_MS }))
    fc.assert(
      fc.property(attempts, chance, wish, (attempts, chance, retryAfterMs) => {
        const leastMs = Math.max(delayMs(attempts) ?? 0, retryAfterMs ?? 0)
        const ms = delayMs(attempts, chance, retryAfterMs) ?? -1
        expect(ms).toBeGreaterThanOrEqual(leastMs)
        expect(ms).toBeLessThanOrEqual(Math.ceil(leastMs * 1.1))
      }),
    )
  })

  test('spreads what failed at one moment over the whole tenth', () => {
    expect(delayMs(5, 0.999)).toBeGreaterThan((delayMs(5) ?? 0) * 1.09)
  })

  test('gives no attempt more for a wish of the receiver', () => {
    expect(delayMs(ATTEMPTS_MAX, 0, 1_000)).toBeNull()
  })
})

describe('parseRetryAfter', () => {
  test.each([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5_000],
    ['86400', 24 * HOUR_MS],
    ['86401', 24 * HOUR_MS],
    ['9'.repeat(400), 24 * HOUR_MS],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['Sunday, 01-Mar-26 12:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 24 * HOUR_MS],
    ['', null],
    ['-1', null],
    ['1.5', null],
    ['0x10', null],
    ['soon', null],
    ['2026-03-01T12:00:30Z', null],
    ['Sun Mar  1 12:00:30 2026', null],
  ])('reads %j as %s ms', (header, ms) => expect(parseRetryAfter(header, NOW)).toBe(ms))

  test('reads a missing header as no wish', () => expect(parseRetryAfter(null, NOW)).toBeNull())
})
