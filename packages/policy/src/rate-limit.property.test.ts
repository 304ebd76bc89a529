import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, parseRateLimit, type RateLimit, type RateState } from './index.ts'

const RUNS = { numRuns: 1_000 }

type Request = { readonly atMs: number; readonly cost: number }

const ALGORITHMS = ['fixed_window', 'token_bucket', 'sliding_window'] as const
const anyLimit = (algorithms: readonly RateLimit['algorithm'][]) =>
  fc
    .record({
      limit: fc.integer({ min: 1, max: 12 }),
      window: fc.constantFrom('1s', '3s', '10s'),
      algorithm: fc.constantFrom(...algorithms),
    })
    .map(parseRateLimit)
/** In bursts, evenly and with pauses; time may also run backwards. */
const stepMs = fc.oneof(
  fc.integer({ min: 0, max: 5 }),
  fc.integer({ min: 0, max: 900 }),
  fc.integer({ min: 0, max: 15_000 }),
)
const anyRequests = (step: fc.Arbitrary<number>): fc.Arbitrary<readonly Request[]> =>
  fc.array(fc.tuple(step, fc.integer({ min: 0, max: 4 })), { maxLength: 80 }).map((steps) => {
    let atMs = 50_000
    return steps.map(([ms, cost]) => {
      atMs += ms
      return { atMs, cost }
    })
  })
const requests = anyRequests(stepMs)
const jumpy = anyRequests(
  fc.oneof(
    stepMs,
    stepMs.map((ms) => -ms),
  ),
)

/** Every request with what was decided, at the time that counted for it. */
function decided(limit: RateLimit, given: readonly Request[]) {
  let state: RateState | null = null
  return given.map(({ atMs, cost }) => {
    const before: RateState | null = state
    const decision = decide(limit, before, cost, atMs)
    state = decision.state
    return { ...decision, cost, before, atMs: decision.state.atMs }
  })
}

function unitsBetween(
  log: readonly { atMs: number; cost: number; isAllowed: boolean }[],
  fromMs: number,
  toMs: number,
): number {
  return log
    .filter(({ isAllowed, atMs }) => isAllowed && atMs >= fromMs && atMs < toMs)
    .reduce((sum, { cost }) => sum + cost, 0)
}

/** Tokens counted in whole parts of any size, from a full bucket on. */
function allowedByBucket({ limit, windowMs }: RateLimit, log: readonly Request[]): boolean[] {
  const full = BigInt(limit * windowMs)
  let tokens = full
  let beforeMs = log[0]?.atMs ?? 0
  return log.map(({ atMs, cost }) => {
    const flown = tokens + BigInt(atMs - beforeMs) * BigInt(limit)
    tokens = flown > full ? full : flown
    beforeMs = atMs
    const price = BigInt(cost * windowMs)
    if (price > tokens) return false
    tokens -= price
    return true
  })
}

describe('however requests come, and even if clocks run backwards', () => {
  test('a fixed window lets through its limit and not one more', () => {
    fc.assert(
      fc.property(anyLimit(['fixed_window']), jumpy, (limit, given) => {
        const log = decided(limit, given)
        for (const [index, { atMs, cost, isAllowed }] of log.entries()) {
          const startMs = atMs - (atMs % limit.windowMs)
          const used = unitsBetween(log.slice(0, index), startMs, startMs + limit.windowMs)
          expect(isAllowed).toBe(used + cost <= limit.limit)
        }
      }),
      RUNS,
    )
  })

  test('a token bucket lets through in any stretch a full bucket and what flows in, and not one more', () => {
    fc.assert(
      fc.property(anyLimit(['token_bucket']), jumpy, (limit, given) => {
        const log = decided(limit, given)
        expect(log.map((each) => each.isAllowed)).toEqual(allowedByBucket(limit, log))
        const times = log.map((each) => each.atMs)
        const stretches = times.flatMap((fromMs, at) =>
          times.slice(at).map((toMs) => [fromMs, toMs]),
        )
        for (const [fromMs = 0, toMs = 0] of stretches) {
          const most = limit.limit + ((toMs - fromMs) * limit.limit) / limit.windowMs
          expect(unitsBetween(log, fromMs, toMs + 1)).toBeLessThanOrEqual(most)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('a sliding window lets through its limit in any stretch, and refuses only within 2 % of that', () => {
    fc.assert(
      fc.property(anyLimit(['sliding_window']), jumpy, (limit, given) => {
        const log = decided(limit, given)
        for (const [index, { atMs, cost, isAllowed }] of log.entries()) {
          const stretch = unitsBetween(log.slice(0, index + 1), atMs - limit.windowMs + 1, atMs + 1)
          expect(stretch).toBeLessThanOrEqual(limit.limit)
          const longer = atMs - limit.windowMs - limit.windowMs / 50
          const used = unitsBetween(log.slice(0, index), longer, atMs + 1)
          if (!isAllowed) expect(used + cost).toBeGreaterThan(limit.limit)
        }
      }),
      RUNS,
    )
  })
})

describe('of any limit', () => {
  test('who waits as long as told is let through, and not a millisecond before', () => {
    fc.assert(
      fc.property(anyLimit(ALGORITHMS), requests, (limit, given) => {
        for (const { retryAfterMs, cost, atMs, state } of decided(limit, given)) {
          if (retryAfterMs === null) expect(cost).toBeGreaterThan(limit.limit)
          if (!retryAfterMs) continue
          expect(decide(limit, state, cost, atMs + retryAfterMs).isAllowed).toBe(true)
          expect(decide(limit, state, cost, atMs + retryAfterMs - 1).isAllowed).toBe(false)
        }
      }),
      RUNS,
    )
  })

  test('all of it is there again when it says so, and not a millisecond before', () => {
    fc.assert(
      fc.property(anyLimit(ALGORITHMS), requests, (limit, given) => {
        for (const { resetMs, atMs, state } of decided(limit, given)) {
          const isWhole = (ms: number) => decide(limit, state, limit.limit, atMs + ms).isAllowed
          expect(isWhole(resetMs)).toBe(true)
          if (resetMs > 0) expect(isWhole(resetMs - 1)).toBe(false)
        }
      }),
      RUNS,
    )
  })

  test('what remains is what is allowed next, to the unit', () => {
    fc.assert(
      fc.property(anyLimit(ALGORITHMS), requests, (limit, given) => {
        for (const { remaining, atMs, state } of decided(limit, given)) {
          expect(decide(limit, state, remaining, atMs).isAllowed).toBe(true)
          expect(decide(limit, state, remaining + 1, atMs).isAllowed).toBe(false)
        }
      }),
      RUNS,
    )
  })

  test('a refusal costs nothing', () => {
    fc.assert(
      fc.property(anyLimit(ALGORITHMS), requests, (limit, given) => {
        for (const { isAllowed, cost, before, atMs, state } of decided(limit, given)) {
          if (!isAllowed && cost > 0) expect(state).toEqual(decide(limit, before, 0, atMs).state)
        }
      }),
      RUNS,
    )
  })
})

test('a sliding window remembers 51 numbers at most, however many requests come', () => {
  const limit = parseRateLimit({ limit: 1_000_000, window: '1s', algorithm: 'sliding_window' })
  let state: RateState | null = null
  for (let atMs = 0; atMs < 5_000; atMs++) state = decide(limit, state, 1, atMs).state
  expect(state).toHaveProperty('slots.length', 51)
})

test.each([-1, 0.5, Number.NaN, Infinity, 2 ** 53])('a cost of %s is refused', (cost) => {
  const limit = parseRateLimit({ limit: 10, window: '1s' })
  expect(() => decide(limit, null, cost, 0)).toThrow(RangeError)
})
