import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { anEnvironment, inOwnTransaction, testDatabase } from '../db/test-db.ts'
import { silentLog } from '../log.ts'
import { finish } from './finish.ts'
import type { Job } from './job.ts'
import { scheduleMany } from './schedule.ts'
import { type DueHandler, type LaneRunner, runLanes } from './worker.ts'

const PAST = new Date('2026-01-01T00:00:00Z')
let running: LaneRunner[] = []

afterEach(async () => {
  await Promise.all(running.map((lane) => lane.stop()))
  running = []
})

async function start(handler: DueHandler, refs: readonly string[], db?: Database): Promise<number> {
  const { database } = await testDatabase()
  const envId = await inOwnTransaction(async (tx) => {
    const id = await anEnvironment(tx)
    await scheduleMany(
      tx,
      id,
      refs.map((ref) => ({ kind: handler.kind, ref, at: PAST })),
    )
    return id
  })
  const lane = { name: 'test', handlers: [handler], concurrency: 2, leaseMs: 20_000 }
  running.push(runLanes([lane], { db: db ?? database, clock: systemClock, log: silentLog() }))
  return envId
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const giveUpAt = Date.now() + 60_000
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error('it did not happen in time')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function left(
  kind: string,
): Promise<{ ref: string; failures: number; last_error: string | null }[]> {
  return inOwnTransaction((tx) =>
    tx
      .selectFrom('due')
      .where('kind', '=', kind)
      .select(['ref', 'failures', 'last_error'])
      .execute(),
  )
}

test('one piece of work that cannot be done does not stop its neighbours in the batch', async () => {
  const run = async (jobs: readonly Job[]): Promise<void> =>
    inOwnTransaction(async (tx) => {
      if (jobs.some((job) => job.ref === 'bad')) throw new Error('cannot be done')
      await finish(tx, jobs)
    })
  await start({ kind: 'poison', batchMax: 10, run }, ['a', 'bad', 'b', 'c'])

  await until(async () => (await left('poison')).length === 1)

  expect(await left('poison')).toMatchObject([{ ref: 'bad', last_error: 'Error: cannot be done' }])
})

test('an outage is waited out and never counts as a failure of the work', async () => {
  let calls = 0
  const run = async (jobs: readonly Job[]): Promise<void> => {
    calls += 1
    if (calls < 3)
      throw Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' })
    await inOwnTransaction((tx) => finish(tx, jobs))
  }
  await start({ kind: 'outage', batchMax: 10, run }, ['a'])

  await until(async () => (await left('outage')).length === 0)

  expect(calls).toBe(3)
})

test('work that an outage interrupted goes on when the database is back, not when its lease ends', async () => {
  const { database } = await testDatabase()
  let isAway = false
  let runs = 0
  const run = async (jobs: readonly Job[]): Promise<void> => {
    runs += 1
    if (runs > 1) return inOwnTransaction((tx) => finish(tx, jobs))
    isAway = true
    setTimeout(() => {
      isAway = false
    }, 700)
    throw Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' })
  }
  const inTransaction: typeof database.inTransaction = (work) =>
    isAway
      ? Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))
      : database.inTransaction(work)
  await start({ kind: 'interrupted', batchMax: 10, run }, ['a', 'b'], {
    ...database,
    inTransaction,
  })
  const startedAt = Date.now()

  await until(async () => (await left('interrupted')).length === 0)

  expect(Date.now() - startedAt).toBeLessThan(5_000) // the lease lasts 20 s
})

test('stop waits for what is under way', async () => {
  let isDone = false
  const run = async (jobs: readonly Job[]): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 200))
    await inOwnTransaction((tx) => finish(tx, jobs))
    isDone = true
  }
  let isStarted = false
  await start(
    {
      kind: 'slow',
      batchMax: 1,
      run: (jobs) => {
        isStarted = true
        return run(jobs)
      },
    },
    ['a'],
  )
  await until(() => isStarted)
  await Promise.all(running.map((lane) => lane.stop()))
  expect(isDone).toBe(true)
})

test('lanes without work ask the database together, a few times a second', async () => {
  const { database } = await testDatabase()
  let transactions = 0
  const inTransaction: typeof database.inTransaction = (work) => {
    transactions += 1
    return database.inTransaction(work)
  }
  const lanes = Array.from({ length: 20 }, (_, n) => ({
    name: `idle ${n}`,
    handlers: [{ kind: `idle.${n}`, batchMax: 1, run: async () => {} }],
    ...{ concurrency: 1, leaseMs: 20_000 },
  }))
  const log = silentLog()
  running.push(runLanes(lanes, { db: { ...database, inTransaction }, clock: systemClock, log }))
  await sleep(500) // each lane looks once when it begins
  const before = transactions
  await sleep(1_000)
  expect(transactions - before).toBeLessThanOrEqual(6)
})

test('work that becomes due while its lane sleeps is found, and its lane alone is woken', async () => {
  const { database } = await testDatabase()
  const done: string[] = []
  const handler = (kind: string): DueHandler => ({
    kind,
    batchMax: 1,
    run: (jobs) =>
      inOwnTransaction(async (tx) => {
        done.push(kind)
        await finish(tx, jobs)
      }),
  })
  const lanes = ['woken', 'asleep'].map((kind) => ({
    ...{ name: kind, handlers: [handler(kind)] },
    ...{ concurrency: 1, leaseMs: 20_000 },
  }))
  running.push(runLanes(lanes, { db: database, clock: systemClock, log: silentLog() }))
  await sleep(300)
  const work = [{ kind: 'woken', ref: 'a', at: PAST }]
  await inOwnTransaction(async (tx) => scheduleMany(tx, await anEnvironment(tx), work))
  await until(() => done.length > 0)
  expect(done).toEqual(['woken'])
})
