import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { aPlan } from '../catalog/test-plans.ts'
import { TOP_UP_KIND } from '../credits/due-work.ts'
import { seeCustomers } from '../customers/see-customers.ts'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import { COLLECT_KIND, OVERDUE_KIND } from '../invoicing/collection-work.ts'
import { advance, forgetWork } from '../invoicing/test-billing.ts'
import { systemClock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { claimDue } from '../platform/due/due.store.ts'
import type { Job } from '../platform/due/job.ts'
import type { DueHandler } from '../platform/due/worker.ts'
import { silentLog } from '../platform/log.ts'
import { type NewSubscription, subscribe } from '../subscriptions/subscribe.ts'
import { upsertMode } from './collection-settings.store.ts'
import { selectDisputes } from './disputes.store.ts'
import { selectMethods } from './payment-methods.store.ts'
import { attachMethod } from './payment-methods.ts'
import { SETTLE_KIND } from './payment-work.ts'
import { paymentLanes } from './payments.jobs.ts'
import { selectPayments } from './payments.store.ts'
import { createTestProvider, type TestToken } from './sandbox-provider.ts'
import type { SettleDeps } from './settle-payment.ts'

export const START = new Date('2026-03-01T00:00:00Z')
const POLL_MS = 20
const WANTED: Omit<NewSubscription, 'customer'> = {
  ...{ plan: 'pro', planVersion: null, startedAt: null, cancelAt: null },
  ...{ anchorKind: 'day', timeZone: 'UTC' },
}
const PAYMENT_KINDS = [COLLECT_KIND, OVERDUE_KIND, SETTLE_KIND, TOP_UP_KIND]

/** What the lanes of payments need, on the database of the test file. */
export async function settleDeps(overrides: Partial<SettleDeps> = {}): Promise<SettleDeps> {
  const { database: db } = await testDatabase()
  const test = createTestProvider(db)
  const providers = { test, stripe: { ...test, name: 'stripe' } as const } // whom nobody pays by here
  return { db, log: silentLog(), clock: systemClock, providers, ...overrides }
}

/** An environment that collects by itself, with a plan of $100 in advance, due after `netDays`. */
export async function aCollectingEnvironment(netDays = 0): Promise<number> {
  await forgetWork()
  return inOwnTransaction(async (tx) => {
    const envId = await aBillingEnvironment(tx, START)
    await aPlan(tx, envId, { prices: [], baseInAdvance: true, graceSeconds: 0, netDays })
    await upsertMode(tx, envId, { level: 'environment', subject: '' }, 'automatic')
    return envId
  })
}

/** How the environment collects from now on. */
export function collectBy(envId: number, mode: 'automatic' | 'manual'): Promise<void> {
  return inOwnTransaction((tx) =>
    upsertMode(tx, envId, { level: 'environment', subject: '' }, mode),
  )
}

/** Finalized invoices of $100, one for each of the customers, who pay with this; null: with nothing. */
export async function dueInvoices(
  envId: number,
  customers: readonly string[],
  token: TestToken | null,
): Promise<string[]> {
  const { database } = await testDatabase()
  for (let n = 0; n < customers.length; n += 50) {
    const some = customers.slice(n, n + 50)
    await database.inTransaction((tx) =>
      seeCustomers(
        tx,
        some.map((customer) => ({ envId, customer })),
        START,
      ),
    )
    await database.inTransaction(async (tx) => {
      for (const customer of some) {
        if (token)
          await attachMethod(
            tx,
            envId,
            { customer, provider: 'test', token, isDefault: true },
            START,
          )
        await subscribe(tx, envId, { ...WANTED, customer }, START)
      }
    })
  }
  await advance(envId, START.toISOString())
  return inOwnTransaction(async (tx) => {
    const { rows } = await sql<{ invoice_id: string }>`
      select invoice_id from invoice_states where env_id = ${envId}
        and customer = any(${customers}::text[]) and status = 'finalized'
      order by invoice_id`.execute(tx)
    return rows.map((row) => row.invoice_id)
  })
}

/** One of them. */
export async function dueInvoice(envId: number, token: TestToken | null): Promise<string> {
  const [id, ...others] = await dueInvoices(envId, ['ann'], token)
  if (!id || others.length > 0) throw new Error(`${others.length} invoices more than one`)
  return id
}

/** A new default method. */
export function payWith(envId: number, customer: string, token: TestToken) {
  return inOwnTransaction((tx) =>
    attachMethod(tx, envId, { customer, provider: 'test', token, isDefault: true }, START),
  )
}

/** Does all work of payments that falls due until `to`, in the order of its time. */
export async function livePayments(
  envId: number,
  to: Date,
  overrides: Partial<SettleDeps> = {},
): Promise<void> {
  const deps = await settleDeps(overrides)
  for (let now = await nextDue(envId); now && now <= to; now = await nextDue(envId)) {
    const jobs = await claimPayments(deps.db, now)
    for (const job of jobs) await handlerOf(deps, job.kind).run([job])
    if (jobs.length === 0) await sleep(POLL_MS)
  }
}

export function handlerOf(deps: SettleDeps, kind: string): DueHandler {
  const handler = paymentLanes(deps)
    .flatMap(({ handlers }) => handlers)
    .find((each) => each.kind === kind)
  if (!handler) throw new Error(`nobody does ${kind}`)
  return handler
}

export function claimPayments(db: Database, now: Date, leaseMs = 60_000): Promise<Job[]> {
  return db.inTransaction((tx) =>
    claimDue(tx, { kinds: PAYMENT_KINDS, limit: 10_000, leaseMs, systemNow: now }),
  )
}

async function nextDue(envId: number): Promise<Date | null> {
  return inOwnTransaction(async (tx) => {
    const { rows } = await sql<{ at: Date | null }>`
      select min(at) as at from due
      where env_id = ${envId} and kind = any(${PAYMENT_KINDS}::text[])`.execute(tx)
    return rows[0]?.at ?? null
  })
}

/** All attempts, the oldest first. */
export function payments(envId: number) {
  return inOwnTransaction(async (tx) => {
    const all = { limit: 10_000, before: null, customer: null, invoiceId: null, status: null }
    return (await selectPayments(tx, envId, all)).reverse()
  })
}

/** What a customer can pay with. */
export function methodsOf(envId: number, customer: string) {
  return inOwnTransaction((tx) => selectMethods(tx, envId, customer))
}

/** All disputes, the newest first. */
export function disputesOf(envId: number) {
  const all = { limit: 100, before: null, paymentId: null, status: null }
  return inOwnTransaction((tx) => selectDisputes(tx, envId, all))
}

/** What the test provider has in its books. */
export function books(envId: number) {
  return inOwnTransaction((tx) =>
    tx
      .selectFrom('test_provider_charges')
      .where('env_id', '=', envId)
      .select(['kind', 'reference', 'amount_minor', 'status', 'calls'])
      .orderBy('reference')
      .execute(),
  )
}

export function daysAfterStart(days: number): Date {
  return new Date(START.getTime() + days * 86_400_000)
}
