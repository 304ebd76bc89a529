import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { Meter } from '../catalog/meter.ts'
import type { Database } from '../platform/db/database.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { silentLog } from '../platform/log.ts'
import { catchUp, committedSoFar } from './catch-up.ts'
import { type Mark, selectMark } from './cursors.store.ts'
import { indexCustomers } from './customer-index.ts'
import { rollUp } from './roll-up.ts'
import { runRollUp } from './run-roll-up.ts'
import {
  aMeter,
  anEnv,
  backFillAll,
  correct,
  deps,
  fold,
  index,
  insertEvents,
  store,
  type TestEvent,
} from './test-metering.ts'
import { checkAgainstEvents, foldedUpTo, type Total, totals } from './total.ts'

const ALWAYS = {
  customer: null,
  except: [],
  from: new Date('2026-01-01T00:00:00Z'),
  to: new Date('2027-01-01T00:00:00Z'),
}

/** What a meter has counted, which must be what its events say. */
async function counted(envId: number, meter: Meter): Promise<Total> {
  return inOwnTransaction(async (tx) => {
    const asked = [{ id: 'all', meterNo: meter.meterNo, slices: [ALWAYS] }]
    const answer = await totals(tx, envId, asked)
    expect(await checkAgainstEvents(tx, envId, asked, answer)).toEqual([])
    const [total] = [...answer.byId.values()]
    if (!total) throw new Error('no answer')
    return total
  })
}

async function bucketsOf(envId: number) {
  return inOwnTransaction((tx) =>
    tx.selectFrom('usage_rollups').where('env_id', '=', envId).selectAll().execute(),
  )
}

function some(count: number, event: TestEvent = {}): TestEvent[] {
  return Array.from({ length: count }, () => event)
}

/** A database whose transactions do all their work and are lost before the commit. */
async function dying(die: (tx: Tx) => Promise<unknown>): Promise<Database> {
  const { database } = await testDatabase()
  return {
    ...database,
    inTransaction: (work) =>
      database.inTransaction(async (tx) => {
        const result = await work(tx)
        await die(tx)
        return result
      }),
  }
}

describe('a turn of the roll-up', () => {
  test.for([1, 3])(
    'counts every event of concurrent writers once, with %i workers',
    async (workers) => {
      const envId = await anEnv()
      const meters = [
        await aMeter(envId, { aggregation: 'COUNT' }),
        await aMeter(envId, { aggregation: 'SUM' }),
      ]
      let isWriting = true
      let stored = 0
      const write = async (writer: number) => {
        for (let n = 0; n < 60; n++)
          await inOwnTransaction(async (tx) => {
            await insertEvents(
              tx,
              envId,
              some(1 + (n % 5), { customer: `c${n % 7}`, amount: '0.1' }),
            )
            stored += 1 + (n % 5)
            // An id or a time taken here is older than what others commit meanwhile.
            await sleep(((n * 7 + writer * 13) % 11) * 2)
          })
      }
      let turns = 0
      const work = async () => {
        const worker = await deps()
        const marks: Mark[] = []
        while (isWriting) {
          if (await rollUp(worker, marks)) turns++
          await indexCustomers(worker, [])
        }
      }
      const working = Array.from({ length: workers }, work)
      await Promise.all([1, 2, 3].map(write))
      isWriting = false
      await Promise.all(working)
      await fold()
      await backFillAll()
      expect(turns).toBeGreaterThan(10)
      const [count, sum] = [
        await counted(envId, meters[0] as Meter),
        await counted(envId, meters[1] as Meter),
      ]
      expect(Number(count.events)).toBe(stored)
      expect(Number(sum.sum)).toBeCloseTo(stored / 10, 9)
    },
  )

  test('that fails, or whose connection is killed, before its commit has never been', async () => {
    const envId = await anEnv()
    const meter = await aMeter(envId, { aggregation: 'SUM' })
    await fold()
    await store(envId, some(3, { amount: '5' }))
    const fail = () => Promise.reject(new Error('out of memory'))
    const kill = (tx: Tx) => sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx)
    for (const die of [fail, kill]) {
      await expect(rollUp({ ...(await deps()), db: await dying(die) }, [])).rejects.toThrow()
      expect(await bucketsOf(envId)).toEqual([])
    }
    await fold()
    await fold()
    await backFillAll()
    expect(await counted(envId, meter)).toMatchObject({ events: 3n })
  })

  test('belongs to one worker: a second one does not wait', async () => {
    const worker = await deps()
    await inOwnTransaction(async (tx) => {
      await sql`select from event_cursors where name = 'roll_up' for update`.execute(tx)
      expect(await rollUp(worker, [])).toBeNull()
    })
    expect(await rollUp(worker, [])).not.toBeNull()
  })

  test('waits for a transaction that is under way, and says since when', async () => {
    const envId = await anEnv()
    const meter = await aMeter(envId, { aggregation: 'COUNT' })
    await fold()
    await backFillAll()
    const marks: Mark[] = []
    await rollUp(await deps(), marks)
    await inOwnTransaction(async (slow) => {
      await insertEvents(slow, envId, some(1))
      const begun = await inOwnTransaction(selectMark)
      await store(envId, some(2)) // later, and committed earlier
      const target = await inOwnTransaction(committedSoFar)
      expect(await catchUp(await deps(), target, 3)).toBe(false)
      const during = await rollUp(await deps(), marks)
      expect(during?.asOf.getTime()).toBeLessThan(begun.at.getTime())
      expect((await inOwnTransaction(foldedUpTo)).lagSeconds).toBeGreaterThan(0)
      expect(await counted(envId, meter)).toMatchObject({ events: 0n })
    })
    await fold()
    expect(await counted(envId, meter)).toMatchObject({ events: 3n })
    expect((await inOwnTransaction(foldedUpTo)).lagSeconds).toBe(0)
  })

  test('waits for no transaction that is under way when all that was committed is folded', async () => {
    const envId = await anEnv()
    const meter = await aMeter(envId, { aggregation: 'COUNT' })
    await fold()
    await backFillAll()
    await inOwnTransaction(async (slow) => {
      await insertEvents(slow, envId, some(1))
      await anEnv() // no event, but later than the slow transaction
      const target = await inOwnTransaction(committedSoFar)
      expect(await catchUp(await deps(), target, 3)).toBe(true)
      await store(envId, some(2))
      expect(await catchUp(await deps(), target, 3)).toBe(false)
    })
    await fold()
    expect(await counted(envId, meter)).toMatchObject({ events: 3n })
  })

  test('makes customers of all who sent events, metered or not, and costs nothing more without a meter', async () => {
    const envId = await anEnv()
    await store(envId, [
      { customer: 'new' },
      { customer: 'new' },
      { customer: 'other', name: 'unknown' },
    ])
    await fold()
    const customers = await inOwnTransaction((tx) =>
      tx
        .selectFrom('customers')
        .where('env_id', '=', envId)
        .select('customer')
        .orderBy('customer')
        .execute(),
    )
    expect(customers.map(({ customer }) => customer)).toEqual(['new', 'other'])
    expect(await bucketsOf(envId)).toEqual([])
  })

  test('keeps environments apart, whose meters and customers have the same names', async () => {
    const envs = [await anEnv(), await anEnv()]
    const meters = await Promise.all(envs.map((envId) => aMeter(envId, { aggregation: 'SUM' })))
    for (const [n, envId] of envs.entries())
      await store(envId, [{ key: 'same', amount: String(n + 1) }])
    await fold()
    await backFillAll()
    for (const [n, envId] of envs.entries())
      expect(Number((await counted(envId, meters[n] as Meter)).sum)).toBe(n + 1)
  })

  test('keeps the LAST value whatever the order of arrival: time, then sequence, then key', async () => {
    const events: TestEvent[] = [
      { key: 'a', at: '2026-03-01T10:00:00.000001Z', sequence: -5, amount: '1' },
      { key: 'b', at: '2026-03-01T10:00:00.000001Z', sequence: 2, amount: '2' },
      { key: 'c', at: '2026-03-01T10:00:00.000001Z', sequence: 2, amount: '3' },
      { key: 'd', at: '2026-03-01T10:00:00.000000Z', sequence: 9, amount: '4' },
    ]
    const answers = new Set<string | null>()
    const arrivals = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
      [1, 3, 0, 2],
    ]
    for (const arrival of arrivals)
      for (const eventsAtOnce of [1, 2, 4]) {
        const envId = await anEnv()
        const meter = await aMeter(envId, { aggregation: 'LAST' })
        const arriving = arrival.flatMap((n) => events.slice(n, n + 1))
        for (let at = 0; at < 4; at += eventsAtOnce) {
          await store(envId, arriving.slice(at, at + eventsAtOnce))
          await fold()
        }
        await backFillAll()
        answers.add((await counted(envId, meter)).last)
      }
    expect([...answers].map(Number)).toEqual([2]) // the key of b begins with 3e, that of c with 2e
  })
})

describe('a meter that is made later', () => {
  test('counts the same as one that was there from the start, also when the back-fill is cut off', async () => {
    const envId = await anEnv()
    const early = await aMeter(envId, { key: 'early', aggregation: 'SUM' })
    await store(envId, some(10, { amount: '2' }))
    await fold()
    await index()
    await store(envId, [
      { key: 'wrong', amount: '100' },
      { key: 'void', amount: '7' },
    ])
    await fold()
    await correct(envId, { key: 'wrong', kind: 'amend', amount: '3', at: '2026-03-02T00:00:00Z' })
    await correct(envId, { key: 'void', kind: 'void' })
    const late = await aMeter(envId, { key: 'late', aggregation: 'SUM' })
    await store(envId, some(5, { amount: '2' }))
    await fold()
    const incomplete = await inOwnTransaction((tx) =>
      totals(tx, envId, [{ id: 'late', meterNo: late.meterNo, slices: [ALWAYS] }]),
    )
    expect(incomplete.incompleteMeters).toEqual(new Set([late.meterNo]))
    await backFillAll(4)
    for (const meter of [early, late])
      expect(await counted(envId, meter)).toMatchObject({
        events: 16n,
        sum: expect.stringMatching(/^33(\.0+)?$/),
      })
  })

  test('loses no event to corrections that are made while its older events are being counted', async () => {
    const { backFill } = await import('./back-fill.ts')
    const envId = await anEnv()
    const events = Array.from({ length: 12 }, (_, n): TestEvent => ({ key: `e${n}`, amount: '1' }))
    await store(envId, events)
    await fold()
    const meter = await aMeter(envId, { aggregation: 'SUM' })
    await fold()
    for (let n = 0; n < 12; n++) {
      await correct(envId, {
        key: `e${n}`,
        kind: 'amend',
        amount: '10',
        at: '2026-03-01T00:00:00Z',
      })
      if (n % 2) await fold()
      await backFill(await deps(), 2)
    }
    await fold()
    await backFillAll(2)
    expect(Number((await counted(envId, meter)).sum)).toBe(120)
  })
})

describe('a correction', () => {
  test('counts although its transaction began before that of its event', async () => {
    const envId = await anEnv()
    const meter = await aMeter(envId, { aggregation: 'SUM' })
    await fold()
    await inOwnTransaction(async (early) => {
      await sql`select txid_current()`.execute(early)
      await store(envId, [{ key: 'late', amount: '9' }])
      await sql`insert into event_corrections (env_id, key, correction_no, kind, created_at)
        select env_id, key, 1, 'void', now() from usage_events where env_id = ${envId}`.execute(
        early,
      )
    })
    await fold()
    await backFillAll()
    expect(await counted(envId, meter)).toMatchObject({ events: 0n })
  })

  test('moves an event to another hour, and back, and out of the count', async () => {
    const envId = await anEnv()
    const meter = await aMeter(envId, { aggregation: 'MAX' })
    await store(envId, [
      { key: 'e', amount: '9', at: '2026-03-01T10:00:00Z' },
      { amount: '1', at: '2026-03-01T10:00:00Z' },
    ])
    await fold()
    await backFillAll()
    const steps = [
      [{ kind: 'amend', amount: '8', at: '2026-03-01T12:00:00Z' }, '8'],
      [{ kind: 'amend', amount: '7', at: '2026-03-01T10:30:00Z' }, '7'],
      [{ kind: 'void' }, '1'],
      [{ kind: 'amend', amount: '6', at: '2026-03-01T10:00:00Z' }, '6'],
    ] as const
    for (const [n, [what, max]] of steps.entries()) {
      await correct(envId, { key: 'e', no: n + 1, ...what })
      if (n === 1) await index()
      await fold()
      expect(Number((await counted(envId, meter)).max)).toBe(Number(max))
    }
  })
})

test('the running roll-up does it all by itself: turns, back-fill, index', async () => {
  const envId = await anEnv()
  await store(envId, some(30, { customer: 'ann' }))
  const meter = await aMeter(envId, { aggregation: 'COUNT' })
  const runners = [1, 2].map(async () => runRollUp({ ...(await deps()), log: silentLog() }))
  const isDone = async () => {
    const indexed = await inOwnTransaction((tx) =>
      tx.selectFrom('events_by_customer').where('env_id', '=', envId).select('key').execute(),
    )
    const { events } = await counted(envId, meter)
    return events === 35n && indexed.length === 35
  }
  await store(envId, some(5, { customer: 'bob' }))
  for (let tries = 0; tries < 1_200 && !(await isDone()); tries++) await sleep(50)
  expect(await isDone()).toBe(true)
  for (const runner of runners) {
    const { stop, stats } = await runner
    await stop()
    expect(stats().turns).toBeGreaterThanOrEqual(0)
  }
})
