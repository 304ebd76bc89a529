import { expect, test } from 'vitest'
import { warmDatabase } from '../platform/db/test-race.ts'
import { asks, type LeaseServer, LIMIT, NOW_MS, serveLeases, settles } from './test-leases.ts'

const TIMEOUT_MS = 300_000
const CONNECTIONS = 16

/** Two server processes on one database, each with connections of its own. */
async function twoServers(
  options: Parameters<typeof serveLeases>[0],
  clocksAheadMs: readonly [number, number] = [0, 0],
): Promise<[LeaseServer, LeaseServer]> {
  const serve = async (aheadMs: number, envId?: number) =>
    serveLeases({
      ...options,
      ...(envId === undefined ? {} : { envId }),
      db: await warmDatabase(CONNECTIONS),
      clock: () => new Date(Date.now() + aheadMs),
    })
  const first = await serve(clocksAheadMs[0])
  return [first, await serve(clocksAheadMs[1], first.envId)]
}

const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n))

test('of 40 processes that race over two servers, all together get the limit, to the unit', {
  timeout: TIMEOUT_MS,
}, async () => {
  const servers = await twoServers({ sharedClock: async () => NOW_MS })
  const sliding = { ...LIMIT, limit: 300, algorithm: 'sliding_window' }
  const units = { lent: 0, settled: 0, decided: 0 }

  /** Asks, uses a part of what it gets, and gives back the rest, until there is nothing. */
  const process = async (n: number): Promise<void> => {
    const holder = `process-${n}`
    let settle: object[] = []
    for (let turn = 0; ; turn++) {
      const server = servers[(n + turn) % 2] as LeaseServer
      const ask = [asks(`l${turn}`), asks(`s${turn}`, { limit: sliding, needed: 2 })]
      const [lease, decision] = await server.call({ holder, settle, ask })
      if (decision.isAllowed) units.decided += 2
      if (lease.units === 0 && !decision.isAllowed) return
      const used = Math.ceil(lease.units / 2)
      units.lent += used
      units.settled += lease.units - used
      settle = [settles(`l${turn}`, used)]
    }
  }
  await Promise.all(times(40, process))

  expect(units.lent).toBe(1_000)
  expect(units.settled).toBeGreaterThan(0)
  expect(units.decided).toBe(300)
})

test('of one call that is sent 20 times at once, one counts', { timeout: TIMEOUT_MS }, async () => {
  const servers = await twoServers({ sharedClock: async () => NOW_MS })
  const sliding = { ...LIMIT, algorithm: 'sliding_window' }
  const ask = [asks('a', { needed: 600 }), asks('b', { limit: sliding, needed: 600 })]
  const answers = await Promise.all(times(20, (n) => servers[n % 2]?.call({ ask })))
  for (const answer of answers) expect(answer).toEqual(answers[0])
  const settle = [settles('a', 100)]
  await Promise.all(times(20, (n) => servers[n % 2]?.call({ settle })))
  const rest = [asks('c', { needed: 901 }), asks('d', { needed: 900 })]
  const [server] = servers
  expect(await server.call({ ask: rest })).toMatchObject([{ units: 0 }, { units: 900 }])
  const decided = [asks('e', { limit: sliding, needed: 400 })]
  expect(await server.call({ ask: decided })).toMatchObject([{ isAllowed: true, remaining: 0 }])
})

test('20 processes that want the same limits in any order never wait for each other in a ring', {
  timeout: TIMEOUT_MS,
}, async () => {
  const servers = await twoServers({ sharedClock: async () => NOW_MS })
  const limits = times(60, (n) => ({ ...LIMIT, pattern: `/api/${n}`, limit: 50 }))
  const lent = new Map<string, number>()
  const next = numbers(7)
  const process = async (n: number): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) {
      const chosen = shuffled(limits, next).slice(0, 40)
      const ask = chosen.map((limit, at) => asks(`${turn}-${at}`, { limit }))
      const results = await (servers[n % 2] as LeaseServer).call({ holder: `p${n}`, ask })
      for (const [at, { units }] of results.entries()) {
        const pattern = chosen[at]?.pattern ?? ''
        lent.set(pattern, (lent.get(pattern) ?? 0) + units)
      }
    }
  }
  await Promise.all(times(20, process)) // a call that fails, like by a deadlock, fails this
  expect([...lent.values()]).toEqual(times(60, () => 50))
})

test('servers whose clocks differ by four seconds count the same window', async () => {
  const [early, late] = await twoServers({}, [2_000, -2_000])
  const year = { limit: { ...LIMIT, window: '366d' } }
  const [refused, again, late1] = [
    ...(await early.call({ ask: [asks('a', { ...year, needed: 1_000 })] })),
    ...(await early.call({ ask: [asks('b', year)] })),
    ...(await late.call({ ask: [asks('c', year)] })),
  ]
  expect(refused).toMatchObject({ units: 1_000 })
  expect([again, late1]).toMatchObject([{ units: 0 }, { units: 0 }])
  expect(late1.retryAfterMs).toBeLessThanOrEqual(again.retryAfterMs) // nobody's clock goes backwards
})

/** Whole numbers that look random, the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function shuffled<T>(items: readonly T[], next: (below: number) => number): T[] {
  const left = [...items]
  return items.flatMap(() => left.splice(next(left.length), 1))
}
