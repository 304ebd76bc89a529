import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { warmDatabase } from '../platform/db/test-race.ts'
import { forgetLimitStates } from './forget-limit-states.ts'
import { asks, type LeaseServer, LIMIT, serveLeases } from './test-leases.ts'

const HOUR_MS = 3_600_000

async function patternsLeft(envId: number): Promise<number> {
  const rows = await inOwnTransaction((tx) =>
    tx.selectFrom('limit_states').where('env_id', '=', envId).select('limit_key').execute(),
  )
  return rows.length
}

/** Asks at a moment that is so far away from now. */
async function served(): Promise<{
  server: LeaseServer
  askAgo(ms: number, ask: object): Promise<unknown>
}> {
  let agoMs = 0
  const server = await serveLeases({ sharedClock: async () => Date.now() - agoMs })
  return {
    server,
    askAgo: (ms, ask) => {
      agoMs = ms
      return server.call({ ask: [ask] })
    },
  }
}

test('states go when their windows and leases are over, and not before, however often it runs', async () => {
  const { server, askAgo } = await served()
  const limit = (name: string, more: object) => ({ limit: { ...LIMIT, pattern: name, ...more } })
  await askAgo(3 * HOUR_MS, asks('a', limit('over', {})))
  await askAgo(3 * HOUR_MS, asks('b', limit('bucket that is full', { algorithm: 'token_bucket' })))
  await askAgo(3 * HOUR_MS, asks('c', limit('decided', { algorithm: 'sliding_window' })))
  await askAgo(3 * HOUR_MS, asks('d', limit('window that goes on', { window: '366d' })))
  await askAgo(0, asks('e', limit('just now', { window: '1s' })))
  await askAgo(0, asks('f', { ...limit('refused', {}), needed: 1_001 }))
  expect(await patternsLeft(server.envId)).toBe(6)
  const { database } = await testDatabase()
  const counts = await Promise.all([forgetLimitStates(database), forgetLimitStates(database)])
  expect(counts[0] + counts[1]).toBe(4)
  expect(await patternsLeft(server.envId)).toBe(2)
  expect(await forgetLimitStates(database)).toBe(0)
})

test('beside calls that want the same limits anew nothing fails', {
  timeout: 120_000,
}, async () => {
  const { server, askAgo } = await served()
  const database = await warmDatabase(2)
  let isDone = false
  const forgetting = (async () => {
    let forgotten = 0
    while (!isDone) {
      // As if it were over; a call that holds its row writes down when it really is.
      await database.inTransaction((tx) =>
        sql`update limit_states set needed_until = '2000-01-01' where env_id = ${server.envId}
          and limit_key in (select limit_key from limit_states order by limit_key limit 5)`.execute(
          tx,
        ),
      )
      forgotten += await forgetLimitStates(database)
    }
    return forgotten
  })()
  const rounds = Array.from({ length: 8 }, async (_, n) => {
    for (let turn = 0; turn < 40; turn++)
      await askAgo(0, asks(`${n}-${turn}`, { limit: { ...LIMIT, pattern: `/${turn % 10}` } }))
  })
  await Promise.all(rounds).finally(() => {
    isDone = true
  })
  expect(await forgetting).toBeGreaterThan(0)
})
