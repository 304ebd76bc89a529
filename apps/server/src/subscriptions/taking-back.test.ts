import { beforeEach, describe, expect, test } from 'vitest'
import { aMeter, aPlan } from '../catalog/test-plans.ts'
import { seeCustomers } from '../customers/see-customers.ts'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { warmDatabase } from '../platform/db/test-race.ts'
import { selectNewestPeriods } from './billing-periods.store.ts'
import { cancelAtPeriodEnd, cancelNow, getSubscription } from './change-subscription.ts'
import { changeTerms, uncancel, unschedule } from './change-terms.ts'
import { closePeriods } from './close-periods.ts'
import { type NewSubscription, subscribe } from './subscribe.ts'
import type { Subscription } from './subscription.ts'

const START = new Date('2026-03-01T00:00:00Z')
const MID = new Date('2026-03-16T12:00:00Z')
const END = new Date('2026-04-01T00:00:00Z')

let env: number
beforeEach(async () => {
  env = await inOwnTransaction(async (tx) => {
    const envId = await aBillingEnvironment(tx, START)
    await aMeter(tx, envId)
    await aMeter(tx, envId, { key: 'IMAGES' })
    await aPlan(tx, envId)
    await aPlan(tx, envId, { key: 'flat', prices: [] })
    await aPlan(tx, envId, {
      key: 'pictures',
      prices: [{ meter: 'IMAGES', model: 'per_unit', includedUnits: '0', unitPrice: '1' }],
    })
    await seeCustomers(tx, [{ envId, customer: 'ann' }], START)
    return envId
  })
})

function subscribed(overrides: Partial<NewSubscription> = {}, now = START): Promise<Subscription> {
  const wanted: NewSubscription = {
    ...{ customer: 'ann', plan: 'pro', planVersion: null, startedAt: null },
    ...{ anchorKind: 'day', timeZone: 'UTC', cancelAt: null },
    ...overrides,
  }
  return inOwnTransaction((tx) => subscribe(tx, env, wanted, now))
}

/** What is planned for the end of the period. */
function planned(id: string, plan: string) {
  return { id, plan, planVersion: null, quantity: null, when: END }
}

function change(id: string, plan: string): Promise<Subscription> {
  return inOwnTransaction((tx) => changeTerms(tx, env, planned(id, plan), MID))
}

function step(take: typeof uncancel, id: string, now: Date = MID): Promise<Subscription> {
  return inOwnTransaction((tx) => take(tx, env, id, now))
}

function read(id: string): Promise<Subscription> {
  return inOwnTransaction((tx) => getSubscription(tx, env, id))
}

describe('a change that is planned', () => {
  test('is not taken back when the usage it sets free is sold to another by then', async () => {
    const { id } = await subscribed()
    const other = await subscribed({ plan: 'pictures' })
    await change(id, 'flat')
    await change(other.id, 'pro')
    await expect(step(unschedule, id)).rejects.toMatchObject({
      code: 'subscription.meter_taken',
      details: { meter: 'API_CALL', subscription: other.id },
    })
    expect(await read(id)).toMatchObject({ terms: [{ until: END }, { since: END }] })
    await step(unschedule, other.id)
    expect(await step(unschedule, id)).toMatchObject({ terms: [{ until: null }] })
  })
})

describe('a cancelation that is planned', () => {
  test('is taken back once, and the subscription goes on as before', async () => {
    const { id } = await subscribed({ cancelAt: MID })
    await step(cancelAtPeriodEnd, id, START)
    const at = new Date(MID.getTime() - 1)
    expect(await step(uncancel, id, at)).toMatchObject({ status: 'active', cancelAt: null })
    expect(await read(id)).toMatchObject({ cancelAt: null })
    await expect(step(uncancel, id, at)).rejects.toMatchObject({
      code: 'subscription.nothing_canceled',
    })
    const periods = await inOwnTransaction(async (tx) => {
      await closePeriods(tx, env, [id], END)
      return selectNewestPeriods(tx, env, id, 10)
    })
    expect(periods.map(({ start }) => start)).toEqual([END, START])
  })

  test.each([
    ['not by then any more', MID, 'nothing_canceled'],
    ['not when the usage after it is sold already', START, 'meter_taken'],
  ])('is taken back, but %s', async (_what, at, code) => {
    const { id } = await subscribed({ cancelAt: MID })
    await subscribed({ startedAt: MID }, MID)
    await expect(step(uncancel, id, at)).rejects.toMatchObject({ code: `subscription.${code}` })
    expect(await read(id)).toMatchObject({ cancelAt: MID })
  })

  test('is taken back, or its usage is sold to another: of two at once one alone', async () => {
    const database = await warmDatabase(2)
    for (let round = 0; round < 20; round++) {
      const customer = `customer-${round}`
      await inOwnTransaction((tx) => seeCustomers(tx, [{ envId: env, customer }], START))
      const { id } = await subscribed({ customer, cancelAt: END })
      const other = await subscribed({ customer, plan: 'pictures' })
      const ends = await Promise.allSettled([
        database.inTransaction((tx) => uncancel(tx, env, id, MID)),
        database.inTransaction((tx) => changeTerms(tx, env, planned(other.id, 'pro'), MID)),
      ])
      const refused = ends.filter((end) => end.status === 'rejected')
      expect(refused).toMatchObject([{ reason: { code: 'subscription.meter_taken' } }])
    }
  })

  test('is not taken back of one that was canceled for now', async () => {
    const { id } = await subscribed({ cancelAt: END })
    await step(cancelNow, id, START)
    await expect(step(uncancel, id, START)).rejects.toMatchObject({
      code: 'subscription.nothing_canceled',
    })
  })
})
