import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { factsOf } from '../invoicing/test-billing.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { LeaseLost } from '../platform/due/job.ts'
import { SETTLE_KIND } from './payment-work.ts'
import type { PaymentProvider } from './provider.ts'
import { type SettleDeps, settlePayment } from './settle-payment.ts'
import {
  aCollectingEnvironment,
  books,
  claimPayments,
  dueInvoice,
  dueInvoices,
  handlerOf,
  livePayments,
  payments,
  START,
  settleDeps,
} from './test-payments.ts'

const INVOICES = 400
const AT_ONCE = 8
const COLLECTOR = fileURLToPath(new URL('test-collector.ts', import.meta.url))

let env: number
beforeEach(async () => {
  env = await aCollectingEnvironment()
})

/** Where a process dies on the way of a payment. */
const CUTS = ['before the call', 'after the call', 'after the marking'] as const
type Cut = (typeof CUTS)[number]

class Killed extends Error {}

/** A process that dies there: it moves no money and writes nothing any more. */
function mortal(deps: SettleDeps, cut: Cut): SettleDeps {
  let isDead = false
  let commits = 0
  const die = () => {
    isDead = true
    throw new Killed()
  }
  const charge: PaymentProvider['charge'] = async (...call) => {
    if (cut === 'before the call') die()
    const outcome = await deps.providers.test.charge(...call)
    return cut === 'after the call' ? die() : outcome
  }
  const inTransaction: SettleDeps['db']['inTransaction'] = async (work) => {
    if (isDead) throw new Killed()
    const result = await deps.db.inTransaction(work)
    commits += 1
    if (cut === 'after the marking' && commits === 2) die()
    return result
  }
  const test = { ...deps.providers.test, charge }
  return { ...deps, db: { ...deps.db, inTransaction }, providers: { ...deps.providers, test } }
}

const named = (count: number) =>
  Array.from({ length: count }, (_, n) => `customer-${String(n).padStart(4, '0')}`)

/** Every invoice has been charged once, by the books of who moved the money, and says so once. */
async function expectEachPaidOnce(invoiceIds: readonly string[], calls = 1): Promise<void> {
  const charges = await books(env)
  expect(new Set(charges.map((charge) => charge.calls))).toEqual(new Set([calls]))
  expect(charges.map(({ reference }) => reference)).toEqual(invoiceIds)
  expect(new Set(charges.map(({ status }) => status))).toEqual(new Set(['succeeded']))
  const made = await payments(env)
  expect(made).toHaveLength(invoiceIds.length)
  expect(new Set(made.map(({ status }) => status))).toEqual(new Set(['succeeded']))
  const facts = await inOwnTransaction((tx) => factsOf(tx, env))
  for (const type of ['payment.succeeded', 'invoice.paid']) {
    const told = facts.filter((fact) => fact.type === type).map(({ data }) => data.invoiceId)
    expect(told.sort(), type).toEqual(invoiceIds)
  }
}

test('400 invoices whose collector dies between any two steps are each charged once', async () => {
  const ids = await dueInvoices(env, named(INVOICES), 'pm_test_ok')
  expect(ids).toHaveLength(INVOICES)
  const deps = await settleDeps()
  const collecting = await claimPayments(deps.db, START)
  const collect = handlerOf(deps, 'invoice.collect')
  for (let n = 0; n < INVOICES; n += collect.batchMax)
    await collect.run(collecting.slice(n, n + collect.batchMax))

  let deaths = 0
  for (let life = 0; life <= CUTS.length; life++) {
    const jobs = (await claimPayments(deps.db, START, 0)).filter(({ kind }) => kind === SETTLE_KIND)
    for (let n = 0; n < jobs.length; n += AT_ONCE) {
      const lives = jobs.slice(n, n + AT_ONCE).map((job, at) => {
        const cut = CUTS[(n + at + life) % CUTS.length] // whoever lives long enough dies everywhere
        return settlePayment(job, cut && life < CUTS.length ? mortal(deps, cut) : deps)
      })
      for (const end of await Promise.allSettled(lives)) {
        if (end.status === 'fulfilled') continue
        expect(end.reason).toBeInstanceOf(Killed)
        deaths += 1
      }
    }
  }
  expect(deaths).toBeGreaterThan(INVOICES)
  await expectEachPaidOnce(ids)
}, 900_000)

test('150 invoices whose collector is killed with SIGKILL again and again are each charged once', async () => {
  const ids = await dueInvoices(env, named(150), 'pm_test_ok')
  const { url } = await testDatabase()
  let caught = 0
  for (let left = ids.length, kills = 0; left > 0; kills++) {
    const isLast = kills >= 4
    const args = ['--import', 'tsx', COLLECTOR, url, START.toISOString()]
    const child = spawn(process.execPath, args, { stdio: 'inherit' })
    left = await unpaidAfter(child, { from: left, enough: isLast ? left : 20 })
    child.kill('SIGKILL')
    if (child.exitCode === null) await once(child, 'exit')
    caught += await caughtInTheMiddle()
    await inOwnTransaction((tx) => sql`update due set lease_until = null`.execute(tx))
  }
  expect(caught).toBeGreaterThan(0)
  await expectEachPaidOnce(ids)
}, 900_000)

/** Waits until the process has brought so many invoices to be paid; returns how many are not. */
async function unpaidAfter(
  child: ChildProcess,
  { from, enough }: { readonly from: number; readonly enough: number },
): Promise<number> {
  for (;;) {
    const { rows } = await inOwnTransaction((tx) =>
      sql<{ left: number }>`
        select count(*)::int as left from invoice_states
        where env_id = ${env} and status = 'finalized'`.execute(tx),
    )
    const left = rows[0]?.left ?? 0
    if (from - left >= enough) return left
    expect(child.exitCode, 'the collector ended by itself').toBeNull()
    await sleep(20)
  }
}

/** Payments that the provider has made and we do not know of. */
async function caughtInTheMiddle(): Promise<number> {
  const { rows } = await inOwnTransaction((tx) =>
    sql<{ count: number }>`
      select count(*)::int as count from payments p join test_provider_charges c
        on c.env_id = p.env_id and c.idempotency_key = p.id
      where p.env_id = ${env} and p.status = 'pending' and c.status = 'succeeded'`.execute(tx),
  )
  return rows[0]?.count ?? 0
}

test('who was taken for dead and comes back charges nobody twice, and writes nothing', async () => {
  const id = await dueInvoice(env, 'pm_test_ok')
  const deps = await settleDeps()
  for (const job of await claimPayments(deps.db, START)) await handlerOf(deps, job.kind).run([job])
  const [job] = await claimPayments(deps.db, START, 0)
  if (!job) throw new Error('nothing is due')
  const charge: PaymentProvider['charge'] = async (...call) => {
    await livePayments(env, START) // another worker takes over and is done before the call leaves
    return deps.providers.test.charge(...call)
  }
  const late = {
    ...deps,
    providers: { ...deps.providers, test: { ...deps.providers.test, charge } },
  }
  await expect(settlePayment(job, late)).rejects.toBeInstanceOf(LeaseLost)
  await expectEachPaidOnce([id], 2)
})
