import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { aMeter, aPlan } from '../catalog/test-plans.ts'
import { declareCustomer } from '../customers/declare-customer.ts'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import { backFill } from '../metering/back-fill.ts'
import { catchUp, committedSoFar } from '../metering/catch-up.ts'
import type { Database } from '../platform/db/database.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { claimDue } from '../platform/due/due.store.ts'
import type { Job } from '../platform/due/job.ts'
import type { DueHandler } from '../platform/due/worker.ts'
import { silentLog } from '../platform/log.ts'
import { CLOSE_KIND, LATE_KIND, START_KIND, THRESHOLD_KIND } from '../subscriptions/due-work.ts'
import { type NewSubscription, subscribe } from '../subscriptions/subscribe.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import { FINALIZE_KIND } from './draft-invoices.ts'
import { toInvoice } from './invoice-reply.ts'
import { selectStates } from './invoice-states.store.ts'
import { billingHandlers } from './invoicing.jobs.ts'
import { withContents } from './read-invoice.ts'

const POLL_MS = 20
const KINDS = [START_KIND, CLOSE_KIND, FINALIZE_KIND, THRESHOLD_KIND, LATE_KIND]

export type TestUsage = {
  readonly customer: string
  readonly at: string
  readonly amount?: string
  readonly name?: string
  readonly metadata?: Readonly<Record<string, string>>
}

/** Stores events as ingest does: committed, and not folded yet. */
export async function use(envId: number, usage: readonly TestUsage[]): Promise<void> {
  const { database } = await testDatabase()
  const rows = usage.map(({ name = 'API_CALL', amount = '1', metadata = {}, ...rest }) => ({
    ...rest,
    ...{ name, amount, metadata },
  }))
  await database.inTransaction((tx) =>
    sql`
      insert into usage_events (env_id, key, fingerprint, occurred_at, sequence, name, customer, amount, metadata)
      select ${envId}, gen_random_uuid(), 0, at, 0, name, customer, amount, metadata::text
      from json_to_recordset(${JSON.stringify(rows)}::json) as r (
        at timestamptz, name text, customer text, amount numeric, metadata json)`.execute(tx),
  )
}

/** Has all events that are stored now counted, by new meters too. */
export async function fold(): Promise<void> {
  const { database: db } = await testDatabase()
  const deps = { db, clock: () => new Date() }
  const committed = await db.inTransaction(committedSoFar)
  while (!(await catchUp(deps, committed))) await sleep(POLL_MS)
  while (await backFill(deps));
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

/** A new environment with the plan of the guide; work that earlier tests left is forgotten. */
export async function anEnvironmentWithPro(now: Date): Promise<number> {
  await forgetWork()
  return inOwnTransaction(async (tx) => {
    const envId = await aBillingEnvironment(tx, now)
    await aMeter(tx, envId)
    await aPlan(tx, envId)
    return envId
  })
}

/** A subscription to Pro, of the root customer and from `now` on unless said otherwise. */
export function subscribed(
  envId: number,
  overrides: Partial<NewSubscription> = {},
  now: Date = new Date('2026-03-01T00:00:00Z'),
): Promise<Subscription> {
  const wanted: NewSubscription = {
    customer: null,
    plan: 'pro',
    planVersion: null,
    startedAt: null,
    anchorKind: 'day',
    timeZone: 'UTC',
    cancelAt: null,
    ...overrides,
  }
  return inOwnTransaction(async (tx) => {
    if (wanted.customer) await declareCustomer(tx, envId, { customer: wanted.customer }, now)
    return subscribe(tx, envId, wanted, now)
  })
}

/** All invoices as the API shows them, the oldest period first. */
export function invoices(envId: number, filter: { readonly customer?: string } = {}) {
  return inOwnTransaction(async (tx) => {
    const page = { limit: 1_000, before: null, subscriptionId: null, status: null }
    const states = await selectStates(tx, envId, { ...page, customer: filter.customer ?? null })
    const all = (await withContents(tx, envId, states)).map(toInvoice)
    return all.sort((a, b) => (a.periodStart < b.periodStart ? -1 : 1))
  })
}

/** The one invoice that there is. */
export async function onlyInvoice(envId: number, filter: { readonly customer?: string } = {}) {
  const [invoice, ...others] = await invoices(envId, filter)
  if (!invoice || others.length > 0) throw new Error(`${others.length + 1} invoices, not one`)
  return invoice
}
