import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { declareCustomer } from '../customers/declare-customer.ts'
import { seeCustomers } from '../customers/see-customers.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { warmDatabase } from '../platform/db/test-race.ts'
import { cancelNow } from '../subscriptions/change-subscription.ts'
import { CLOSE_KIND } from '../subscriptions/due-work.ts'
import { type NewSubscription, subscribe } from '../subscriptions/subscribe.ts'
import { FINALIZE_KIND } from './draft-invoices.ts'
import { finalizeInvoices } from './finalize-invoices.ts'
import {
  advance,
  anEnvironmentWithPro,
  claim,
  factsOf,
  fold,
  handlerOf,
  use,
} from './test-billing.ts'
import { unparkSubscription } from './unpark-subscription.ts'

const START = new Date('2026-03-01T00:00:00Z')
const END = new Date('2026-04-01T00:00:00Z')
const AFTER_GRACE = new Date('2026-04-01T01:00:00Z')

let env: number
beforeEach(async () => {
  env = await anEnvironmentWithPro(START)
})

/** Subscriptions to Pro of customers of their own, from 1 March. */
async function subscribed(count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, n) => `customer-${String(n).padStart(4, '0')}`)
  await inOwnTransaction((tx) =>
    seeCustomers(
      tx,
      names.map((customer) => ({ envId: env, customer })),
      START,
    ),
  )
  // Not all in one transaction: the roll-up of the whole server waits for the oldest one.
  const ids: string[] = []
  for (let n = 0; n < count; n += 50)
    await inOwnTransaction(async (tx) => {
      for (const customer of names.slice(n, n + 50))
        ids.push((await subscribe(tx, env, wanted(customer), START)).id)
    })
  return ids
}

function wanted(customer: string | null): NewSubscription {
  return {
    customer,
    plan: 'pro',
    planVersion: null,
    startedAt: null,
    anchorKind: 'day',
    timeZone: 'UTC',
    cancelAt: null,
  }
}

type Stored = { readonly id: string; readonly number: string; readonly total_minor: string }

function stored(): Promise<Stored[]> {
  return inOwnTransaction((tx) =>
    tx
      .selectFrom('invoices')
      .where('env_id', '=', env)
      .select(['id', 'number', 'total_minor'])
      .orderBy('number')
      .execute(),
  )
}

function states(): Promise<{ invoice_id: string; customer: string; status: string }[]> {
  return inOwnTransaction((tx) =>
    tx
      .selectFrom('invoice_states')
      .where('env_id', '=', env)
      .select(['invoice_id', 'customer', 'status'])
      .orderBy('invoice_id')
      .execute(),
  )
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `INV-${String(n + 1).padStart(6, '0')}`)
}

describe('what happens twice, at the same time, or half', () => {
  test('of 20 workers that close the same periods, one makes the drafts', async () => {
    await subscribed(5)
    const database = await warmDatabase(20)
    const jobs = await claim(END)
    const close = handlerOf(database, CLOSE_KIND)
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => close.run(jobs)))

    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await states()).toHaveLength(5)
    const facts = await inOwnTransaction((tx) => factsOf(tx, env))
    expect(facts.filter(({ type }) => type === 'invoice.created')).toHaveLength(5)
  })

  test('of 20 workers that finalize the same drafts, one does, and the numbers have no gap', async () => {
    await subscribed(5)
    await advance(env, END.toISOString())
    const database = await warmDatabase(20)
    const jobs = await claim(AFTER_GRACE)
    const finalize = handlerOf(database, FINALIZE_KIND)
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => finalize.run(jobs)))

    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await stored()).map(({ number }) => number)).toEqual(numbers(5))
    const facts = await inOwnTransaction((tx) => factsOf(tx, env))
    expect(facts.filter(({ type }) => type === 'invoice.finalized')).toHaveLength(5)
  })

  test('even without leases, overlapping batches make one invoice of each draft', async () => {
    await subscribed(8)
    await advance(env, END.toISOString())
    await fold()
    const ids = (await states()).map((row) => row.invoice_id)
    const database = await warmDatabase(20)
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => {
        const mine = n % 2 ? ids.slice(0, 6) : ids.slice(2).toReversed()
        return database.inTransaction((tx) => finalizeInvoices(tx, env, mine, AFTER_GRACE))
      }),
    )
    expect((await stored()).map(({ number }) => number)).toEqual(numbers(8))
  })

  test('a worker that dies before it commits leaves nothing, not even a number', async () => {
    await subscribed(3)
    await advance(env, END.toISOString())
    await fold()
    const ids = (await states()).map((row) => row.invoice_id)
    const died = inOwnTransaction(async (tx) => {
      await finalizeInvoices(tx, env, ids, AFTER_GRACE)
      throw new Error('killed')
    })
    await expect(died).rejects.toThrow('killed')
    expect(await stored()).toEqual([])

    await advance(env, AFTER_GRACE.toISOString())
    expect((await stored()).map(({ number }) => number)).toEqual(numbers(3))
  })

  test('a worker whose lease was taken over writes nothing', async () => {
    await subscribed(1)
    const { database } = await testDatabase()
    const [job] = await claim(END)
    if (!job) throw new Error('nothing is due')
    const stale = { ...job, fence: String(BigInt(job.fence) - 1n) }
    await expect(handlerOf(database, CLOSE_KIND).run([stale])).rejects.toThrow('taken over')
    expect(await states()).toEqual([])
  })

  test('a cancelation during the close is either before it or after it', async () => {
    const [id = ''] = await subscribed(1)
    const database = await warmDatabase(4)
    const jobs = await claim(END)
    await Promise.allSettled([
      handlerOf(database, CLOSE_KIND).run(jobs),
      database.inTransaction((tx) => cancelNow(tx, env, id, AFTER_GRACE)),
    ])
    await forgetLeases()
    await advance(env, '2026-05-02T00:00:00Z')
    const totals = (await stored()).map((row) => row.total_minor)
    expect(totals).toEqual(['10000', '14']) // March, and one hour of April: 10000 ÷ 720 is 13.9
  })

  test('a subscription into a time that is being invoiced above is before it or refused', async () => {
    const database = await warmDatabase(2)
    const customers = Array.from({ length: 12 }, (_, n) => `late-${n}`)
    await inOwnTransaction((tx) =>
      seeCustomers(
        tx,
        customers.map((customer) => ({ envId: env, customer })),
        START,
      ),
    )
    for (const customer of customers) {
      const acme = `acme-${customer}`
      await inOwnTransaction(async (tx) => {
        await declareCustomer(tx, env, { customer: acme }, START)
        await declareCustomer(tx, env, { customer, parent: acme }, START)
        await subscribe(tx, env, { ...wanted(acme), startedAt: START }, END)
      })
    }
    await use(
      env,
      customers.map((customer) => ({ customer, at: '2026-03-05T00:00:00Z', amount: '7' })),
    )
    await advance(env, END.toISOString())
    await fold()
    for (const { invoice_id: id, customer } of await states()) {
      const late = { ...wanted(customer.slice('acme-'.length)), startedAt: START }
      await Promise.allSettled([
        database.inTransaction((tx) => finalizeInvoices(tx, env, [id], AFTER_GRACE)),
        database.inTransaction((tx) => subscribe(tx, env, late, AFTER_GRACE)),
      ])
    }
    await advance(env, '2026-04-02T00:00:00Z')
    const quantities = await inOwnTransaction((tx) =>
      tx
        .selectFrom('invoice_lines')
        .where('env_id', '=', env)
        .where('kind', '=', 'usage')
        .select('quantity')
        .execute(),
    )
    expect(quantities.map(({ quantity }) => quantity)).toEqual(Array(12).fill('7.000000000000'))
  })
})

describe('wrong is stopped', () => {
  /** Makes the roll-up say something else than the events. */
  function spoil(by: number): Promise<unknown> {
    return inOwnTransaction((tx) =>
      sql`update usage_rollups set sum = sum + ${by} where env_id = ${env}`.execute(tx),
    )
  }

  test('a subscription whose usage does not agree with its events is parked, and only that one', async () => {
    const [wrong = '', right = ''] = await subscribed(2)
    await use(env, [{ customer: 'customer-0000', at: '2026-03-05T00:00:00Z', amount: '12000' }])
    await fold()
    await spoil(1)
    await advance(env, AFTER_GRACE.toISOString())

    expect(await stored()).toMatchObject([{ number: 'INV-000001', total_minor: '10000' }])
    expect((await states()).map(({ status }) => status).sort()).toEqual(['draft', 'finalized'])
    const facts = await inOwnTransaction((tx) => factsOf(tx, env))
    const parked = facts.filter(({ type }) => type === 'subscription.parked')
    expect(parked).toMatchObject([
      { data: { subscriptionId: wrong, parkedReason: expect.stringContaining('sum 12001') } },
    ])

    await advance(env, '2026-05-01T01:00:00Z') // the other one goes on
    const billed = (await stored()).length
    expect(billed).toBe(2)
    expect(right).not.toBe(wrong)
  })

  test('goes on where it stopped once it is right again', async () => {
    const [id = ''] = await subscribed(1)
    await use(env, [{ customer: 'customer-0000', at: '2026-03-05T00:00:00Z', amount: '12000' }])
    await fold()
    await spoil(1)
    await advance(env, '2026-06-01T01:00:00Z')
    expect(await stored()).toEqual([])

    const now = new Date('2026-06-02T00:00:00Z')
    await inOwnTransaction((tx) => unparkSubscription(tx, env, id, now))
    await advance(env, now.toISOString())
    expect(await stored()).toEqual([]) // still wrong: it stops again

    await spoil(-1)
    await inOwnTransaction((tx) => unparkSubscription(tx, env, id, now))
    await advance(env, now.toISOString())
    expect((await stored()).map((row) => row.total_minor)).toEqual(['12000', '10000', '10000'])
  })

  test('usage of a meter that still counts older events waits', async () => {
    await subscribed(1)
    await advance(env, END.toISOString())
    const setBackfilled = (at: Date | null) =>
      inOwnTransaction((tx) =>
        sql`update meters set backfilled_at = ${at} where env_id = ${env}`.execute(tx),
      )
    await setBackfilled(null)
    const { database } = await testDatabase()
    await handlerOf(database, FINALIZE_KIND).run(await claim(AFTER_GRACE))
    expect(await stored()).toEqual([])

    await setBackfilled(START)
    await forgetLeases()
    await advance(env, AFTER_GRACE.toISOString())
    expect(await stored()).toHaveLength(1)
  })
})

test('1,000 subscriptions are closed and invoiced in seconds', async () => {
  const ids = await subscribed(1_000)
  const usage = ids.map((_, n) => ({
    customer: `customer-${String(n).padStart(4, '0')}`,
    at: new Date(START.getTime() + n * 1_000_000).toISOString(),
    amount: String(9_500 + n),
  }))
  await use(env, usage)
  await fold()
  const { database } = await testDatabase()
  const run = async (kind: string, at: Date): Promise<number> => {
    const jobs = await claim(at)
    const handler = handlerOf(database, kind)
    const startedAtMs = performance.now()
    for (let n = 0; n < jobs.length; n += handler.batchMax)
      await handler.run(jobs.slice(n, n + handler.batchMax))
    return performance.now() - startedAtMs
  }
  const closedMs = await run(CLOSE_KIND, END)
  const finalizedMs = await run(FINALIZE_KIND, AFTER_GRACE)
  process.stdout.write(
    `1,000 subscriptions: closed in ${closedMs.toFixed(0)} ms, finalized in ${finalizedMs.toFixed(0)} ms\n`,
  )

  const invoices = await stored()
  expect(invoices.map(({ number }) => number)).toEqual(numbers(1_000))
  const totalMinor = invoices.reduce((sum, row) => sum + BigInt(row.total_minor), 0n)
  expect(totalMinor).toBe(1_000n * 10_000n + (499n * 500n) / 2n) // customers 500 to 999 have 0 to 499 calls too many
  expect(closedMs + finalizedMs).toBeLessThan(10_000)
})

async function forgetLeases(): Promise<void> {
  await inOwnTransaction((tx) =>
    sql`update due set lease_until = null where env_id = ${env}`.execute(tx),
  )
}
