import { describe, expect, test } from 'vitest'
import { bucketsOf, refusalWords, shareOf, sumOf } from './decisions.ts'

const limit = (refused: number, more: object = {}) => ({
  ...{ limit: 'hourly', mode: 'shadow' as const, refused, identities: [] },
  ...{ allowedWithoutAnswer: 0, refusedWithoutAnswer: 0, ...more },
})

describe('what a policy refused', () => {
  test('is told as a part of its requests', () => {
    expect(refusalWords({ requests: 4_000, limits: [limit(12)] }, 'shadow')).toBe(
      '12 of 4,000 requests (0.3%)',
    )
    expect(refusalWords({ requests: 4_000, limits: [] }, 'shadow')).toBe('0 of 4,000 requests (0%)')
  })

  test('counts those for want of an answer, and those of its mode alone', () => {
    const limits = [limit(1, { refusedWithoutAnswer: 1 }), limit(9, { mode: 'enforce' })]
    expect(refusalWords({ requests: 4, limits }, 'shadow')).toBe('2 of 4 requests (50%)')
    expect(sumOf(limits, 'enforce')).toMatchObject({ refused: 9, refusedWithoutAnswer: 0 })
  })

  test('is no more than said where several limits may have refused the same request', () => {
    const limits = [limit(1), limit(2, { limit: 'daily' })]
    expect(refusalWords({ requests: 10, limits }, 'shadow')).toBe('up to 3 of 10 requests (30%)')
    expect(refusalWords({ requests: 10, limits: [limit(1), limit(0)] }, 'shadow')).toBe(
      '1 of 10 requests (10%)',
    )
  })

  test('is no part of requests that nobody knows of', () => {
    expect(refusalWords({ requests: null, limits: [limit(1)] }, 'shadow')).toBe('1 request')
    expect([shareOf(1, 0), shareOf(1, null), shareOf(3, 2)]).toEqual([null, null, '100%'])
  })
})

describe('buckets', () => {
  const none = { mode: 'shadow' as const, allowedWithoutAnswer: 3, refusedWithoutAnswer: 0 }

  test('have every hour, with both modes together', () => {
    const hours = [
      { startsAt: '2026-03-01T11:00:00.000Z', ...none, refused: 1 },
      { startsAt: '2026-03-01T11:00:00.000Z', ...none, mode: 'enforce' as const, refused: 2 },
    ]
    const window = { from: '2026-03-01T10:00:00.000Z', to: '2026-03-01T13:00:00.000Z', hours }
    expect(bucketsOf(window, 'hour').map(({ count }) => count)).toEqual([0, 3, 0])
  })

  test('have whole days of UTC, also those in which the stretch begins and ends', () => {
    const hours = [{ startsAt: '2026-03-03T01:00:00.000Z', ...none, refused: 5 }]
    const window = { from: '2026-03-01T10:00:00.000Z', to: '2026-03-03T10:00:00.000Z', hours }
    expect(bucketsOf(window, 'day')).toEqual([
      { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z', count: 0 },
      { from: '2026-03-02T00:00:00.000Z', to: '2026-03-03T00:00:00.000Z', count: 0 },
      { from: '2026-03-03T00:00:00.000Z', to: '2026-03-04T00:00:00.000Z', count: 5 },
    ])
  })
})
