import { parseRateLimit, type RateLimit, type RateLimitOptions } from '@usageflow/policy'
import { describe, expect, test } from 'vitest'
import {
  answerAsk,
  LEASES_MAX,
  type LimitState,
  neededUntilMs,
  REMEMBERED_MAX,
  settle,
  UNUSED,
} from './limit-state.ts'

const NOW_MS = Date.UTC(2026, 2, 1, 12, 30)
const HOUR_MS = 3_600_000

const limitOf = (algorithm: RateLimit['algorithm'], more: Partial<RateLimitOptions> = {}) =>
  parseRateLimit({ limit: 1_000, window: '1h', algorithm, ...more })

/** The state after these asks, one unit each unless said otherwise, and the last answer. */
function asked(
  limit: RateLimit,
  given: LimitState,
  ids: readonly string[],
  { atMs = NOW_MS, needed = 1 } = {},
) {
  let state = given
  let answer: object = {}
  for (const id of ids)
    ({ state, answer } = answerAsk(limit, state, { id, holder: id, needed }, atMs))
  return { state, answer }
}

const named = (count: number, letter = 'a') =>
  Array.from({ length: count }, (_, n) => `${letter}${n}`)

describe('a row stays small', () => {
  const limit = limitOf('fixed_window', { limit: 1_000_000 })

  test('when more leases are asked for than a host has processes', () => {
    const { state } = asked(limit, UNUSED, named(LEASES_MAX))
    const more = asked(limit, state, ['b'])
    expect(more.state).toBe(state)
    expect(more.answer).toMatchObject({ units: 0, retryAfterMs: 1_000, askAgainMs: 1_000 })
    expect(asked(limit, state, ['a5']).answer).not.toMatchObject({ units: 0 })
  })

  test('when leases are not settled: those that are over count as used', () => {
    const { state } = asked(limit, UNUSED, named(LEASES_MAX))
    const later = asked(limit, state, ['b'], { atMs: NOW_MS + 5_000 })
    expect(later.answer).toMatchObject({ units: 25_000 })
    expect(later.state.leases.map(({ id }) => id)).toEqual(['b'])
    const tooLate = settle(limit, later.state, { id: 'a5', used: 0 }, NOW_MS + 5_000)
    expect(tooLate).toBe(later.state)
  })

  test('when a sliding window is asked by everybody', () => {
    const sliding = limitOf('sliding_window')
    const { state } = asked(sliding, UNUSED, named(REMEMBERED_MAX + 50))
    expect(state.allowed).toHaveLength(REMEMBERED_MAX)
  })

  test('and a bucket has not filled for the leases that it forgets', () => {
    const bucket = limitOf('token_bucket', { limit: 1_100, window: '10s' })
    const { state } = asked(bucket, UNUSED, named(LEASES_MAX))
    const later = asked(bucket, state, ['b'], { atMs: NOW_MS + 5_000 })
    expect(later.state.leases).toHaveLength(1)
    const { answer } = asked(bucket, later.state, ['c'], { atMs: NOW_MS + 5_000, needed: 101 })
    expect(answer).toMatchObject({ units: 0 }) // 1,000 of them may have been used just now
  })
})

describe('an ask of a sliding window that is sent again', () => {
  const limit = limitOf('sliding_window', { limit: 10 })

  test('counts once', () => {
    const first = asked(limit, UNUSED, ['a'], { needed: 7 })
    const again = asked(limit, first.state, ['a', 'a'], { needed: 7 })
    expect(again).toEqual(first)
    expect(asked(limit, again.state, ['b'], { needed: 3 }).answer).toMatchObject({
      isAllowed: true,
    })
  })

  test('is the same a minute long, and then another', () => {
    const { state } = asked(limit, UNUSED, ['a'], { needed: 7 })
    expect(asked(limit, state, ['a'], { atMs: NOW_MS + 59_999, needed: 7 }).answer).toMatchObject({
      isAllowed: true,
    })
    const other = asked(limit, state, ['b'], { atMs: NOW_MS + 60_000 })
    expect(
      asked(limit, other.state, ['a'], { atMs: NOW_MS + 60_000, needed: 7 }).answer,
    ).toMatchObject({
      isAllowed: false,
    })
  })

  test('is decided anew where it was refused, which has cost nothing', () => {
    const { state } = asked(limit, UNUSED, ['a'], { needed: 7 })
    const refused = asked(limit, state, ['b'], { needed: 4 })
    expect(refused.state).toBe(state)
    expect(
      asked(limit, state, ['b'], { atMs: NOW_MS + 2 * HOUR_MS, needed: 4 }).answer,
    ).toMatchObject({
      isAllowed: true,
    })
  })

  test('stays allowed when the limit is lowered meanwhile', () => {
    const { state } = asked(limit, UNUSED, ['a'], { needed: 7 })
    const lower = limitOf('sliding_window', { limit: 5 })
    expect(asked(lower, state, ['a'], { needed: 7 }).answer).toMatchObject({
      ...{ isAllowed: true, remaining: 0, retryAfterMs: 0 },
    })
  })
})

describe('a limit that is changed', () => {
  test.each(['fixed_window', 'token_bucket', 'sliding_window'] as const)(
    'goes on with what was used: %s',
    (algorithm) => {
      const { state } = asked(limitOf(algorithm), UNUSED, ['a'], { needed: 600 })
      const after = (limit: number, needed: number) =>
        asked(limitOf(algorithm, { limit }), state, ['b'], { needed }).answer
      const given = algorithm === 'sliding_window' ? { isAllowed: true } : { units: 100 }
      expect(after(700, 100)).toMatchObject(given)
      expect(after(699, 100)).not.toMatchObject(given)
      expect(after(300, 100)).not.toMatchObject(given)
      expect(after(2_000, 1_400)).toMatchObject(
        algorithm === 'sliding_window' ? given : { units: 1_400 },
      )
    },
  )

  test('downwards leaves a bucket empty, and no emptier', () => {
    const { state } = asked(limitOf('token_bucket'), UNUSED, ['a'], { needed: 1_000 })
    const lower = limitOf('token_bucket', { limit: 10 })
    const used = settle(limitOf('token_bucket'), state, { id: 'a', used: 1_000 }, NOW_MS)
    expect(asked(lower, used, ['b']).answer).toMatchObject({
      ...{ units: 0, retryAfterMs: HOUR_MS / 10 },
    })
    expect(asked(lower, used, ['b'], { atMs: NOW_MS + HOUR_MS / 10 }).answer).toMatchObject({
      units: 1,
    })
  })

  test('downwards takes back what is lent of it, and lends no more than it is', () => {
    const { state } = asked(limitOf('token_bucket'), UNUSED, ['a'], { needed: 500 })
    const lower = limitOf('token_bucket', { limit: 10 })
    const settled = settle(lower, state, { id: 'a', used: 0 }, NOW_MS)
    expect(asked(lower, settled, ['b'], { needed: 11 }).answer).toMatchObject({ units: 0 })
    expect(asked(lower, settled, ['b'], { needed: 10 }).answer).toMatchObject({ units: 10 })
  })
})

describe('a state is needed until it says as much as none', () => {
  const isSpent = (limit: RateLimit, state: LimitState, atMs: number) => {
    const needed = limit.limit
    const { answer } = asked(limit, state, ['z'], { atMs, needed })
    return !('units' in answer
      ? answer.units === needed
      : (answer as { isAllowed?: boolean }).isAllowed)
  }

  test.each([
    ['fixed_window', '1h'],
    ['fixed_window', '1s'],
    ['token_bucket', '1h'],
    ['token_bucket', '1s'],
    ['sliding_window', '1h'],
    ['sliding_window', '1s'],
  ] as const)('%s of %s', (algorithm, window) => {
    const limit = limitOf(algorithm, { window })
    const { state } = asked(limit, UNUSED, ['a', 'b'], { needed: 400 })
    expect(isSpent(limit, state, NOW_MS)).toBe(true)
    const untilMs = neededUntilMs(limit, state)
    expect(untilMs).toBeGreaterThanOrEqual(NOW_MS + 60_000)
    expect(untilMs).toBeLessThanOrEqual(NOW_MS + 60_000 + 1.05 * limit.windowMs + 15_000)
    expect(isSpent(limit, state, untilMs)).toBe(false)
  })

  test('and not at all, as long as nobody was given anything', () => {
    expect(neededUntilMs(limitOf('fixed_window'), UNUSED)).toBe(0)
  })
})
