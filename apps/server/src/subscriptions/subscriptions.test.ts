import { beforeEach, describe, expect, test } from 'vitest'
import { aMeter, aPlan } from '../catalog/test-plans.ts'
import { declareCustomer } from '../customers/declare-customer.ts'
import { seeCustomers } from '../customers/see-customers.ts'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import type { Database } from '../platform/db/database.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { warmDatabase } from '../platform/db/test-race.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { selectNewestPeriods, selectOpenPeriods, updateStates } from './billing-periods.store.ts'
import {
  cancelAtPeriodEnd,
  cancelNow,
  getSubscription,
  park,
  suspend,
  unpark,
} from './change-subscription.ts'
import { resume } from './change-terms.ts'
import { closePeriods } from './close-periods.ts'
import { type NewSubscription, subscribe } from './subscribe.ts'
import type { Subscription } from './subscription.ts'

const NOW = new Date('2026-03-10T12:00:00Z')
const NEXT_MONTH = new Date('2026-04-10T00:00:00Z') // the end of the first period

let env: number
beforeEach(async () => {
  env = await inOwnTransaction(async (tx) => {
    const envId = await aBillingEnvironment(tx, NOW)
    await aMeter(tx, envId)
    await aMeter(tx, envId, { key: 'IMAGES' })
    await aPlan(tx, envId)
    await seeCustomers(tx, [{ envId, customer: 'ann' }], NOW)
    return envId
  })
})

function subscribed(
  overrides: Partial<NewSubscription> = {},
  now: Date = NOW,
  database?: Database,
): Promise<Subscription> {
  const wanted: NewSubscription = {
    customer: 'ann',
    plan: 'pro',
    planVersion: null,
    startedAt: null,
    anchorKind: 'day',
    timeZone: 'UTC',
    cancelAt: null,
    ...overrides,
  }
  const run = database?.inTransaction ?? inOwnTransaction
  return run((tx: Tx) => subscribe(tx, env, wanted, now))
}

function close(ids: readonly string[], now: Date) {
  return inOwnTransaction((tx) => closePeriods(tx, env, ids, now))
}

function periodsOf(id: string): Promise<string[]> {
  return inOwnTransaction(async (tx) => {
    const periods = await selectNewestPeriods(tx, env, id, 1_000)
    return periods
      .toReversed()
      .map(({ start, end, state }) => `${start.toISOString()} ${end.toISOString()} ${state}`)
  })
}

function factsOf(tx: Tx): Promise<{ type: string; at: Date; data: unknown }[]> {
  return tx
    .selectFrom('facts')
    .where('env_id', '=', env)
    .select(['type', 'at', 'data'])
    .orderBy('id')
    .execute()
}

function workOf(tx: Tx): Promise<{ kind: string; ref: string; at: Date }[]> {
  return tx
    .selectFrom('due')
    .where('env_id', '=', env)
    .where('kind', 'like', 'period.%')
    .select(['kind', 'ref', 'at'])
    .orderBy('kind', 'desc')
    .execute()
}

describe('subscribe', () => {
  test('begins with the day, in the zone of the subscription, and tells of it', async () => {
    const subscription = await subscribed({ timeZone: 'America/New_York' })

    expect(subscription.anchor.local).toBe('2026-03-10T00:00:00')
    expect(await periodsOf(subscription.id)).toEqual([
      '2026-03-10T04:00:00.000Z 2026-04-10T04:00:00.000Z open',
    ])
    await inOwnTransaction(async (tx) => {
      expect(await workOf(tx)).toEqual([
        { kind: 'period.close', ref: subscription.id, at: new Date('2026-04-10T04:00:00Z') },
      ])
      expect(await factsOf(tx)).toMatchObject([
        {
          type: 'subscription.activated',
          at: NOW,
          data: { subscriptionId: subscription.id, customerId: 'ann', plan: 'pro', planVersion: 1 },
        },
      ])
    })
  })

  test('has the base price billed at once where it is paid in advance', async () => {
    await inOwnTransaction((tx) => aPlan(tx, env, { key: 'early', baseInAdvance: true }))
    await subscribed({ plan: 'early' })
    const work = await inOwnTransaction(workOf)
    expect(work.map(({ kind }) => kind)).toEqual(['period.start', 'period.close'])
  })

  test('is on the root customer when nobody is named', async () => {
    expect(await subscribed({ customer: null })).toMatchObject({ customer: '$root' })
  })

  const HOUR_MS = 3_600_000
  test.each([
    ['a start ahead', { startedAt: new Date(NOW.getTime() + 1) }, 'subscription.starts_in_future'],
    ['an end before its start', { cancelAt: NOW }, 'subscription.ends_before_start'],
    ['an unknown time zone', { timeZone: '+02:00' }, 'subscription.time_zone_unknown'],
    [
      'more periods than can be meant',
      { startedAt: new Date('1971-01-01'), plan: 'daily' },
      'subscription.starts_too_far_back',
    ],
    ['an unknown customer', { customer: 'nobody' }, 'customer.unknown'],
    ['an unknown plan', { plan: 'nope' }, 'plan.unknown'],
    ['an unknown version', { planVersion: 2 }, 'plan.version_unknown'],
  ])('refuses %s', async (_what, overrides, code) => {
    await inOwnTransaction((tx) => aPlan(tx, env, { key: 'daily', cycle: 'day' }))
    await expect(subscribed(overrides)).rejects.toMatchObject({ code })
  })

  test('refuses a second price for a meter of the same customer, and only in that time', async () => {
    const first = await subscribed({ cancelAt: new Date(NOW.getTime() + HOUR_MS) })
    await expect(subscribed()).rejects.toMatchObject({
      kind: 'conflict',
      code: 'subscription.meter_taken',
      details: { meter: 'API_CALL', subscription: first.id },
    })
    const later = new Date(NOW.getTime() + HOUR_MS)
    expect(await subscribed({}, later)).toMatchObject({ startedAt: later })
  })

  test('lets one customer have plans with other meters, or without any', async () => {
    const price = { model: 'per_unit', includedUnits: '0', unitPrice: '1' } as const
    await inOwnTransaction(async (tx) => {
      await aPlan(tx, env, { key: 'images', prices: [{ ...price, meter: 'IMAGES' }] })
      await aPlan(tx, env, { key: 'support', prices: [] })
    })
    for (const plan of ['pro', 'images', 'support', 'support']) await subscribed({ plan })
  })

  test('of 20 racing subscriptions for one meter exactly one comes to be', async () => {
    const database = await warmDatabase(20)
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () => subscribed({}, NOW, database)),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  describe('in a time that was billed to a customer above', () => {
    async function invoiced(id: string): Promise<void> {
      await close([id], NEXT_MONTH)
      const refs = [{ subscriptionId: id, periodNo: 0 }]
      await inOwnTransaction((tx) =>
        updateStates(tx, env, refs, { from: 'closed', to: 'invoiced' }),
      )
    }

    test('is refused, since that invoice will not change', async () => {
      await invoiced((await subscribed({ customer: null })).id)
      await expect(subscribed({ startedAt: NOW }, NEXT_MONTH)).rejects.toMatchObject({
        code: 'subscription.already_billed',
        details: { until: NEXT_MONTH.toISOString() },
      })
      await subscribed({ startedAt: NEXT_MONTH }, NEXT_MONTH)
    })

    test('is refused also for what only an earlier parent was billed for', async () => {
      await inOwnTransaction(async (tx) => {
        await declareCustomer(tx, env, { customer: 'acme' }, NOW)
        await declareCustomer(tx, env, { customer: 'eu', parent: 'acme' }, NOW)
      })
      await invoiced((await subscribed({ customer: 'acme' })).id)
      await inOwnTransaction((tx) =>
        declareCustomer(tx, env, { customer: 'eu', parent: null }, NEXT_MONTH),
      )
      await expect(
        subscribed({ customer: 'eu', startedAt: NOW }, NEXT_MONTH),
      ).rejects.toMatchObject({ code: 'subscription.already_billed' })
    })

    test('starts as soon as it may when no start was asked for', async () => {
      await invoiced((await subscribed({ customer: null })).id)
      const justBefore = new Date(NEXT_MONTH.getTime() - 300)
      expect(await subscribed({}, justBefore)).toMatchObject({ startedAt: NEXT_MONTH })
    })
  })
})

describe('closePeriods', () => {
  test('closes one period and opens the next, however often and by however many', async () => {
    const { id } = await subscribed()
    const database = await warmDatabase(20)
    const once = () => database.inTransaction((tx) => closePeriods(tx, env, [id], NEXT_MONTH))
    const closings = await Promise.all(Array.from({ length: 20 }, once))

    expect(closings.flatMap(({ closed }) => closed)).toHaveLength(1)
    expect(await periodsOf(id)).toEqual([
      '2026-03-10T00:00:00.000Z 2026-04-10T00:00:00.000Z closed',
      '2026-04-10T00:00:00.000Z 2026-05-10T00:00:00.000Z open',
    ])
  })

  test('leaves a period alone that is not over, by a millisecond', async () => {
    const { id } = await subscribed()
    const { closed, open } = await close([id], new Date(NEXT_MONTH.getTime() - 1))
    expect(closed).toEqual([])
    expect(open).toMatchObject([{ subscriptionId: id, period: { no: 0, end: NEXT_MONTH } }])
  })

  test('walks a start in the past through all periods in order, without a gap', async () => {
    const { id } = await subscribed({ startedAt: new Date('2025-01-31T00:00:00Z') })
    for (let n = 0; n < 20; n++) await close([id], NOW)

    const periods = await inOwnTransaction((tx) => selectNewestPeriods(tx, env, id, 100))
    const inOrder = periods.toReversed()
    expect(inOrder).toHaveLength(14)
    for (const [n, period] of inOrder.entries())
      if (n > 0) expect(period.start).toEqual(inOrder[n - 1]?.end)
    expect(inOrder.at(-1)?.state).toBe('open')
  })

  test('ends a subscription whose planned end has come, and opens nothing more', async () => {
    const { id } = await subscribed({ cancelAt: new Date('2026-03-20T00:00:00Z') })
    const { closed, open } = await close([id], NEXT_MONTH)

    expect(closed).toMatchObject([{ next: null }])
    expect(open).toEqual([])
    await inOwnTransaction(async (tx) => {
      const endedAt = new Date('2026-03-20T00:00:00Z')
      expect(await getSubscription(tx, env, id)).toMatchObject({ status: 'canceled', endedAt })
      const facts = await factsOf(tx)
      expect(facts.map(({ type }) => type)).toEqual([
        'subscription.activated',
        'subscription.canceled',
      ])
    })
  })

  test('leaves a parked subscription alone until it is unparked', async () => {
    const { id } = await subscribed()
    await inOwnTransaction((tx) => park(tx, env, { id, reason: 'wrong' }, NOW))
    await inOwnTransaction((tx) => park(tx, env, { id, reason: 'wrong again' }, NOW))
    expect(await close([id], NEXT_MONTH)).toEqual({ closed: [], open: [], startsAhead: [] })

    await inOwnTransaction((tx) => unpark(tx, env, id, NEXT_MONTH))
    expect((await close([id], NEXT_MONTH)).closed).toHaveLength(1)
    await expect(inOwnTransaction((tx) => unpark(tx, env, id, NEXT_MONTH))).rejects.toMatchObject({
      code: 'subscription.not_parked',
    })
    const facts = await inOwnTransaction(factsOf)
    expect(facts.filter(({ type }) => type === 'subscription.parked')).toHaveLength(1)
  })
})

describe('canceling', () => {
  const MID = new Date('2026-03-20T12:00:00Z')

  test('now cuts the open period and has it closed at once', async () => {
    const { id } = await subscribed()
    const after = await inOwnTransaction((tx) => cancelNow(tx, env, id, MID))

    expect(after).toMatchObject({ status: 'canceled', endedAt: MID })
    expect(await periodsOf(id)).toEqual([`2026-03-10T00:00:00.000Z ${MID.toISOString()} open`])
    const [work] = await inOwnTransaction(workOf)
    expect(work).toMatchObject({ kind: 'period.close', at: MID })
    expect(await close([id], MID)).toMatchObject({ closed: [{ next: null }], open: [] })
  })

  test('now, when the period is over but not closed yet, bills that one whole and the rest apart', async () => {
    const { id } = await subscribed()
    const after = new Date('2026-04-12T00:00:00Z')
    await inOwnTransaction((tx) => cancelNow(tx, env, id, after))
    await close([id], after)
    await close([id], after)
    expect(await periodsOf(id)).toEqual([
      '2026-03-10T00:00:00.000Z 2026-04-10T00:00:00.000Z closed',
      '2026-04-10T00:00:00.000Z 2026-04-12T00:00:00.000Z closed',
    ])
  })

  test('at the very start of a period leaves one that is as short as can be', async () => {
    const { id } = await subscribed({ anchorKind: 'instant' })
    await inOwnTransaction((tx) => cancelNow(tx, env, id, NOW))
    const [open] = await inOwnTransaction((tx) => selectOpenPeriods(tx, env, [id]))
    expect(open?.period.end).toEqual(new Date(NOW.getTime() + 1))
  })

  test('at the end of the period lets it run out', async () => {
    const { id } = await subscribed()
    const asked = await inOwnTransaction((tx) => cancelAtPeriodEnd(tx, env, id, MID))
    expect(asked).toMatchObject({ status: 'active', cancelAt: NEXT_MONTH })

    expect(await close([id], NEXT_MONTH)).toMatchObject({ closed: [{ next: null }], open: [] })
    expect(await inOwnTransaction((tx) => getSubscription(tx, env, id))).toMatchObject({
      status: 'canceled',
      endedAt: NEXT_MONTH,
    })
  })

  test('of a cancelation and a suspension that race, each is judged by what the other left', async () => {
    const { id } = await subscribed()
    const database = await warmDatabase(20)
    const steps = [cancelNow, suspend, cancelNow, resume]
    await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => {
        const step = steps[n % steps.length] ?? cancelNow
        return database.inTransaction((tx) => step(tx, env, id, MID))
      }),
    )
    const facts = await inOwnTransaction(factsOf)
    expect(facts.filter(({ type }) => type === 'subscription.canceled')).toHaveLength(1)
    expect(await inOwnTransaction((tx) => getSubscription(tx, env, id))).toMatchObject({
      status: 'canceled',
    })
  })
})

test('a suspension begins and ends, and periods go on meanwhile', async () => {
  const { id } = await subscribed()
  await inOwnTransaction((tx) => suspend(tx, env, id, NOW))
  await expect(inOwnTransaction((tx) => suspend(tx, env, id, NOW))).rejects.toMatchObject({
    code: 'subscription.step_impossible',
  })
  expect((await close([id], NEXT_MONTH)).closed).toHaveLength(1)
  await inOwnTransaction((tx) => resume(tx, env, id, NEXT_MONTH))

  const facts = await inOwnTransaction(factsOf)
  expect(facts.map(({ type }) => type)).toEqual([
    'subscription.activated',
    'subscription.suspended',
    'subscription.resumed',
  ])
})

test('a subscription of another environment is as unknown as none', async () => {
  const { id } = await subscribed()
  const other = await inOwnTransaction((tx) => aBillingEnvironment(tx, NOW))
  for (const step of [suspend, resume, cancelNow, cancelAtPeriodEnd])
    await expect(inOwnTransaction((tx) => step(tx, other, id, NOW))).rejects.toMatchObject({
      kind: 'not_found',
      code: 'subscription.unknown',
    })
})
