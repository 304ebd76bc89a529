import { type Decimal, decimal, formatDecimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { aMeter, aPlan } from '../catalog/test-plans.ts'
import { asks, type LeaseServer, serveLeases, settles } from '../control/test-leases.ts'
import { declareCustomer } from '../customers/declare-customer.ts'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import { fold, store } from '../metering/test-metering.ts'
import { monotonicMs } from '../platform/clock.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { suspend } from '../subscriptions/change-subscription.ts'
import { subscribe } from '../subscriptions/subscribe.ts'
import { balancesOf } from './balance.ts'
import { checkAccess } from './check-access.ts'
import { grantCredits } from './grant-credits.ts'
import { reserve } from './hold-credits.ts'
import { forgetCreditLeases, lendCredits } from './lend-credits.ts'
import { rememberUse } from './remembered-use.ts'

const START = new Date(Date.now() - 86_400_000)
/** What usage that is not invoiced takes of each grant. */
const used = new Map<string, Decimal>()
const unsettledUse = async () => used

let envId: number
let meterId: string
let server: LeaseServer
let limit: { policyId: string; name: string }

/** A policy by what is left of a meter that plan `pro` has a price for, and a customer with neither plan nor credits. */
beforeEach(async () => {
  used.clear()
  envId = await inOwnTransaction((tx) => aBillingEnvironment(tx, START))
  meterId = await inOwnTransaction(async (tx) => {
    await declareCustomer(tx, envId, { customer: 'ann' }, START)
    const made = await aMeter(tx, envId)
    await aPlan(tx, envId)
    return made
  })
  server = await serve()
  limit = await balanceLimit('left')
})

const balances = async () => {
  const { database: db } = await testDatabase()
  const rememberedUse = rememberUse({ db, unsettledUse, stopwatch: monotonicMs })
  return { db, rememberedUse, lender: lendCredits({ db, rememberedUse, unsettledUse }) }
}

async function serve(env = envId) {
  return serveLeases({ envId: env, balances: (await balances()).lender })
}

async function balanceLimit(name: string, more: object = {}) {
  const written = { name, algorithm: 'balance', meter: 'API_CALL', ...more }
  return { policyId: await server.policy(name, [written]), name }
}

const granted = (amount: string, env = envId, meter = meterId) =>
  inOwnTransaction(async (tx) => {
    const terms = { from: START, to: null, priority: 100, isPromotional: false, cycle: null }
    const asset = { kind: 'units', meterId: meter } as const
    const grant = { ...terms, customer: 'ann', asset, amount: decimal(amount), lowAt: null }
    return grantCredits(tx, env, { ...grant, source: 'manual', name: '' }, START)
  })

const subscribed = () =>
  inOwnTransaction((tx) =>
    subscribe(
      tx,
      envId,
      {
        ...{ customer: 'ann', plan: 'pro', planVersion: null, startedAt: START },
        ...{ anchorKind: 'day', timeZone: 'UTC', cancelAt: null },
      },
      START,
    ),
  )

const ask = (id: string, more: object = {}) => server.call({ ask: [asks(id, { limit, ...more })] })
const settled = (id: string, units: number, more: object = {}) =>
  server.call({ settle: [settles(id, units, { limit, ...more })] })

/** What access says is free and held. */
const access = async () => {
  const { db, rememberedUse } = await balances()
  const asked = { customer: 'ann', meter: 'API_CALL', units: decimal('1'), rememberedUse }
  const { available, held } = await checkAccess(db.kysely, envId, asked, new Date())
  return { available: formatDecimal(available), held: formatDecimal(held) }
}

/** As if all leases, and what was counted last, were so much older. */
const age = (seconds: number) =>
  inOwnTransaction(async (tx) => {
    const span = sql`${seconds}::float8 * interval '1 second'`
    await sql`update credit_leases set ends_at = ends_at - ${span}, held_until = held_until - ${span},
      settled_at = settled_at - ${span} where env_id = ${envId}`.execute(tx)
    await sql`update event_cursors set as_of = as_of - ${span} where name = 'roll_up'`.execute(tx)
  })

const NOTHING = { units: 0, lifeMs: 0, retryAfterMs: null, askAgainMs: 1_000 }

describe('who has nothing', () => {
  test('is lent nothing, and may ask again in a second: somebody may pay', async () => {
    expect(await ask('a')).toEqual([{ id: 'a', ...NOTHING }])
    await granted('10')
    expect(await ask('b')).toMatchObject([{ id: 'b', units: 1 }])
  })

  test('nor who is no customer, a network, or all together', async () => {
    await granted('10')
    const others = [{ kind: 'customer', id: 'nobody' }, { kind: 'network', id: '10.0.0.1' }, null]
    const results = await server.call({
      ask: others.map((identity, at) => asks(`l${at}`, { limit, identity })),
    })
    expect(results).toEqual(others.map((_, at) => ({ id: `l${at}`, ...NOTHING })))
  })

  test('nor whose subscription is suspended, whatever credits there are', async () => {
    await granted('100')
    const { id } = await subscribed()
    await inOwnTransaction((tx) => suspend(tx, envId, id, new Date()))
    expect(await ask('a')).toEqual([{ id: 'a', ...NOTHING }])
  })
})

describe('credits', () => {
  test('are lent in slices of a fortieth, whole requests of several units', async () => {
    await granted('1000')
    expect(await ask('a')).toMatchObject([{ units: 25, lifeMs: 5_000, askAgainMs: 0 }])
    expect(await ask('b', { needed: 10 })).toMatchObject([{ units: 20 }])
    const [other] = await server.call({ holder: 'two', ask: [asks('a', { limit })] })
    expect(other.units).toBe(11) // of 955, parted among two
  })

  test('that are lent are held for everybody else', async () => {
    await granted('1000')
    await ask('a', { needed: 400 })
    expect(await access()).toEqual({ available: '600', held: '400' })
    const balance = await inOwnTransaction((tx) =>
      balancesOf(tx, envId, { customer: 'ann', unsettledUse }, new Date()),
    )
    expect(balance).toMatchObject([{ held: decimal('400'), available: decimal('600') }])
    const work = { customer: 'ann', meter: 'API_CALL', key: null, forMs: 60_000, unsettledUse }
    const hold = (units: string) =>
      inOwnTransaction((tx) => reserve(tx, envId, { ...work, units: decimal(units) }, new Date()))
    await expect(hold('601')).rejects.toMatchObject({ code: 'credit.insufficient' })
    await hold('600')
    expect(await ask('b')).toEqual([{ id: 'b', ...NOTHING }])
  })

  test('that usage takes are not lent, whether it was known before or the ledger moved', async () => {
    const { id } = await granted('100')
    used.set(id, decimal('90'))
    expect(await ask('a', { needed: 11 })).toEqual([{ id: 'a', ...NOTHING }])
    expect(await ask('b', { needed: 10 })).toMatchObject([{ units: 10 }]) // now it looked ahead
    await granted('5')
    expect(await ask('c', { needed: 6 })).toEqual([{ id: 'c', ...NOTHING }])
    expect(await ask('d', { needed: 5 })).toMatchObject([{ units: 5 }])
  })

  test('are never lent twice by one call', async () => {
    await granted('10')
    const both = [asks('a', { limit, needed: 6 }), asks('b', { limit, needed: 6 })]
    expect(await server.call({ ask: both })).toMatchObject([{ units: 6 }, { units: 0 }])
  })

  test('of fractions are lent as whole units', async () => {
    await granted('1.5')
    expect(await ask('a')).toMatchObject([{ units: 1 }])
    expect(await ask('b')).toMatchObject([{ units: 0 }])
  })
})

describe('the same call again', () => {
  test('lends nothing twice, be it settled meanwhile', async () => {
    await granted('1000')
    const [first] = await ask('a')
    expect((await ask('a'))[0].units).toBe(first.units)
    expect(await access()).toMatchObject({ held: '25' })
    await settled('a', 0)
    await ask('a')
    expect(await access()).toMatchObject({ held: '0' })
  })

  test('gives back nothing twice, and no more than was lent', async () => {
    await granted('1000')
    await ask('a')
    await settled('a', 20)
    await settled('a', 0)
    expect(await access()).toMatchObject({ held: '20' })
    await ask('b')
    await settled('b', 1_000)
    expect(await access()).toMatchObject({ held: '44' })
    await settled('a', 1, { identity: { kind: 'customer', id: 'bob' } })
    await server.call({ holder: 'two', settle: [settles('a', 0, { limit })] })
    expect(await access()).toMatchObject({ held: '44' })
  })
})

describe('a lease', () => {
  test('that is given back unused is free at once, and what was used of it when its usage is told and counted', async () => {
    await granted('1000')
    await ask('a')
    await settled('a', 0)
    expect(await access()).toEqual({ available: '1000', held: '0' })
    await ask('b')
    await settled('b', 5)
    await age(3)
    expect(await access()).toMatchObject({ held: '5' })
    await age(1)
    expect(await access()).toMatchObject({ held: '0' })
  })

  test('keeps what was used of it for a minute at most while usage waits to be counted', async () => {
    await granted('1000')
    await ask('a')
    await settled('a', 5)
    await store(envId, [{ name: 'API_CALL', customer: 'ann', at: START.toISOString() }])
    await age(59)
    expect(await access()).toMatchObject({ held: '5' })
    await fold()
    expect(await access()).toMatchObject({ held: '0' })
    await ask('b')
    await settled('b', 7)
    await store(envId, [{ name: 'API_CALL', customer: 'ann', at: START.toISOString() }])
    await age(60)
    expect(await access()).toMatchObject({ held: '0' })
    await fold()
  })

  test('of a process that was killed is free a minute after its end', async () => {
    await granted('10')
    await ask('a', { needed: 10 })
    await age(64)
    expect(await ask('b')).toEqual([{ id: 'b', ...NOTHING }])
    await age(1)
    expect(await ask('c', { needed: 10 })).toMatchObject([{ units: 10 }])
  })

  test('that is long over is forgotten, by who asks or by housekeeping', async () => {
    await granted('1000')
    await ask('a')
    await age(126)
    await ask('b')
    const ids = () =>
      inOwnTransaction(async (tx) => {
        const { rows } = await sql<{ id: string }>`
          select lease_id as id from credit_leases where env_id = ${envId} order by 1`.execute(tx)
        return rows.map(({ id }) => id)
      })
    expect(await ids()).toEqual(['b'])
    const { database } = await testDatabase()
    await forgetCreditLeases(database)
    expect(await ids()).toEqual(['b'])
    await age(126)
    await Promise.all([forgetCreditLeases(database), forgetCreditLeases(database)])
    expect(await ids()).toEqual([])
  })
})

describe('a plan that has a price', () => {
  test('pays without end and without a hold, once credits are used up', async () => {
    await subscribed()
    expect(await ask('a')).toMatchObject([{ units: 1_000 }])
    await granted('10')
    expect(await ask('b', { needed: 10 })).toMatchObject([{ units: 10 }])
    expect(await ask('c', { needed: 10 })).toMatchObject([{ units: 10_000 }])
    await settled('c', 10_000)
    expect(await access()).toEqual({ available: '0', held: '10' })
  })

  test('does not where the policy says so', async () => {
    await subscribed()
    await granted('10')
    const strict = { limit: await balanceLimit('prepaid', { planPays: false }) }
    expect(await ask('a', { ...strict, needed: 10 })).toMatchObject([{ units: 10 }])
    expect(await ask('b', strict)).toEqual([{ id: 'b', ...NOTHING }])
  })
})

test('another tenant with the same names has a balance of its own', async () => {
  const stranger = await inOwnTransaction((tx) => aBillingEnvironment(tx, START))
  const theirs = await inOwnTransaction(async (tx) => {
    await declareCustomer(tx, stranger, { customer: 'ann' }, START)
    return aMeter(tx, stranger)
  })
  await granted('10', stranger, theirs)
  expect(await ask('a')).toEqual([{ id: 'a', ...NOTHING }])
  const other = await serve(stranger)
  const policyId = await other.policy('left', [
    { name: 'left', algorithm: 'balance', meter: theirs },
  ])
  const named = { limit: { policyId, name: 'left' } }
  expect(await other.call({ ask: [asks('a', named)] })).toMatchObject([{ units: 1 }])
  expect(await server.call({ ask: [asks('b', named)] })).toMatchObject([
    { id: 'b', error: { code: 'limit.unknown' } },
  ])
})

test('limits of windows and balances are answered in the order in which they were asked', async () => {
  await granted('10')
  const window = { limit: { pattern: '/api', limit: 1_000, window: '1h' } }
  const ask = [asks('a', window), asks('b', { limit }), asks('c', window), asks('d', { limit })]
  const results = await server.call({ ask })
  expect(results.map(({ id, units }) => [id, units])).toEqual([
    ...[
      ['a', 25],
      ['b', 1],
      ['c', 25],
      ['d', 1],
    ],
  ])
})
