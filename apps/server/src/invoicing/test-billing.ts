import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { catchUp, committedSoFar } from '../metering/catch-up.ts'
import type { Database } from '../platform/db/database.ts'
import { testDatabase } from '../platform/db/test-db.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { claimDue } from '../platform/due/due.store.ts'
import type { Job } from '../platform/due/job.ts'
import type { DueHandler } from '../platform/due/worker.ts'
import { silentLog } from '../platform/log.ts'
import { CLOSE_KIND, START_KIND } from '../subscriptions/due-work.ts'
import { FINALIZE_KIND } from './draft-invoices.ts'
import { billingHandlers } from './invoicing.jobs.ts'

const POLL_MS = 20
const KINDS = [START_KIND, CLOSE_KIND, FINALIZE_KIND]

export type TestUsage = {
  readonly customer: string
  readonly at: string
  readonly amount?: string
  readonly name?: string
}

/** Stores events as ingest does: committed, and not folded yet. */
export async function use(envId: number, usage: readonly TestUsage[]): Promise<void> {
  const { database } = await testDatabase()
  const rows = usage.map(({ name = 'API_CALL', amount = '1', ...rest }) => ({
    ...rest,
    name,
    amount,
  }))
  await database.inTransaction((tx) =>
    sql`
      insert into usage_events (env_id, key, fingerprint, occurred_at, sequence, name, customer, amount)
      select ${envId}, gen_random_uuid(), 0, at, 0, name, customer, amount
      from json_to_recordset(${JSON.stringify(rows)}::json) as r (
        at timestamptz, name text, customer text, amount numeric)`.execute(tx),
  )
}

/** Has all events that are stored now counted. */
export async function fold(): Promise<void> {
  const { database: db } = await testDatabase()
  const committed = await db.inTransaction(committedSoFar)
  while (!(await catchUp({ db, clock: () => new Date() }, committed))) await sleep(POLL_MS)
}

/** Moves the time of the environment to `to`: on the way everything is done when it falls due, as by the workers. */
export async function advance(envId: number, to: string): Promise<void> {
  const { database } = await testDatabase()
  const target = new Date(to)
  for (let now = await nextDue(envId); now && now <= target; now = await nextDue(envId)) {
    const jobs = await claim(now)
    for (const kind of KINDS) await runAll(database, kind, jobs)
    if (jobs.length === 0) await sleep(POLL_MS) // it waits for transactions of the other test files
  }
}

async function runAll(database: Database, kind: string, jobs: readonly Job[]): Promise<void> {
  const handler = handlerOf(database, kind)
  const mine = jobs.filter((job) => job.kind === kind)
  for (let at = 0; at < mine.length; at += handler.batchMax)
    await handler.run(mine.slice(at, at + handler.batchMax))
}

export function handlerOf(database: Database, kind: string): DueHandler {
  const clock = () => new Date()
  const handlers = billingHandlers({ db: database, clock, log: silentLog() })
  const handler = handlers.find((each) => each.kind === kind)
  if (!handler) throw new Error(`nobody does ${kind}`)
  return handler
}

/** Claims all work of billing that is due at `now`. */
export async function claim(now: Date): Promise<Job[]> {
  const { database } = await testDatabase()
  return database.inTransaction((tx) =>
    claimDue(tx, { kinds: KINDS, limit: 10_000, leaseMs: 60_000, systemNow: now }),
  )
}

/** Takes away what earlier tests have left to do in environments of their own. */
export async function forgetWork(): Promise<void> {
  const { database } = await testDatabase()
  await database.inTransaction((tx) => sql`delete from due`.execute(tx))
}

async function nextDue(envId: number): Promise<Date | null> {
  const { database } = await testDatabase()
  return database.inTransaction(async (tx) => {
    const { rows } = await sql<{ at: Date | null }>`
      select min(at) as at from due where env_id = ${envId} and kind = any(${KINDS}::text[])`.execute(
      tx,
    )
    return rows[0]?.at ?? null
  })
}

export type TestFact = {
  readonly type: string
  readonly at: Date
  readonly data: { readonly version?: number; readonly [name: string]: unknown }
}

/** What happened to invoices and subscriptions, in order. */
export async function factsOf(tx: Tx, envId: number): Promise<TestFact[]> {
  const rows = await tx
    .selectFrom('facts')
    .where('env_id', '=', envId)
    .select(['type', 'at', 'data'])
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ ...row, data: row.data as TestFact['data'] }))
}
