import { wholeDecimal } from '@usageflow/pricing'
import { beforeEach, describe, expect, test } from 'vitest'
import { aMeter, aPlan } from '../catalog/test-plans.ts'
import { seeCustomers } from '../customers/see-customers.ts'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { warmDatabase } from '../platform/db/test-race.ts'
import { type BilledPeriod, openBilledPeriod } from './billed-periods.ts'
import { selectNewestPeriods } from './billing-periods.store.ts'
import { cancelNow, getSubscription, suspend } from './change-subscription.ts'
import { type Change, changeTerms, endTrial, pause, resume, unschedule } from './change-terms.ts'
import { closePeriods } from './close-periods.ts'
import { activePrices } from './covering.ts'
import { type NewSubscription, subscribe } from './subscribe.ts'
import type { Subscription } from './subscription.ts'

const START = new Date('2026-03-01T00:00:00Z')
const MID = new Date('2026-03-16T12:00:00Z')
const END = new Date('2026-04-01T00:00:00Z')

let env: number
let meterId: string
let imagesId: string
beforeEach(async () => {
  env = await inOwnTransaction(async (tx) => {
    const envId = await aBillingEnvironment(tx, START)
    meterId = await aMeter(tx, envId)
    imagesId = await aMeter(tx, envId, { key: 'IMAGES' })
    await aPlan(tx, envId)
    await aPlan(tx, envId, { key: 'scale', basePrice: '500' })
    await aPlan(tx, envId, { key: 'yearly', cycle: 'year' })
    await aPlan(tx, envId, { key: 'early', baseInAdvance: true })
    await aPlan(tx, envId, {
      key: 'pictures',
      prices: [{ meter: 'IMAGES', model: 'per_unit', includedUnits: '0', unitPrice: '1' }],
    })
    await seeCustomers(tx, [{ envId, customer: 'ann' }], START)
    return envId
  })
})

function subscribed(overrides: Partial<NewSubscription> = {}): Promise<Subscription> {
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
  return inOwnTransaction((tx) => subscribe(tx, env, wanted, START))
}

function change(id: string, wanted: Partial<Change>, now: Date = MID): Promise<Subscription> {
  const kept = { plan: null, planVersion: null, quantity: null, when: 'now' as const }
  return inOwnTransaction((tx) => changeTerms(tx, env, { id, ...kept, ...wanted }, now))
}

function step(take: typeof pause, id: string, now: Date = MID): Promise<Subscription> {
  return inOwnTransaction((tx) => take(tx, env, id, now))
}

function close(id: string, now: Date) {
  return inOwnTransaction((tx) => closePeriods(tx, env, [id], now))
}

function read(id: string): Promise<Subscription> {
  return inOwnTransaction((tx) => getSubscription(tx, env, id))
}

async function periodsOf(id: string): Promise<string[]> {
  const periods = await inOwnTransaction((tx) => selectNewestPeriods(tx, env, id, 1_000))
  return periods
    .toReversed()
    .map(
      ({ start, end, termNo, isBilled }) =>
        `${minute(start)} ${minute(end)} ${termNo}${isBilled ? '' : ' free'}`,
    )
}

function minute(at: Date): string {
  return at.toISOString().slice(5, 16)
}

async function factsOf(): Promise<string[]> {
  const rows = await inOwnTransaction((tx) =>
    tx.selectFrom('facts').where('env_id', '=', env).select('type').orderBy('id').execute(),
  )
  return rows.map(({ type }) => type.replace('subscription.', ''))
}

function openOf(id: string): Promise<BilledPeriod | null> {
  return inOwnTransaction(async (tx) =>
    openBilledPeriod(tx, env, await getSubscription(tx, env, id)),
  )
}

describe('a change now', () => {
  test('cuts the open period, and the rest of it follows under the new plan', async () => {
    const { id } = await subscribed()
    expect(await change(id, { plan: 'scale' })).toMatchObject({
      plan: { key: 'scale' },
      status: 'active',
    })
    const { closed } = await close(id, MID)
    await close(id, END)

    expect(closed).toMatchObject([{ subscription: { plan: { key: 'pro' } }, period: { end: MID } }])
    expect(await periodsOf(id)).toEqual([
      '03-01T00:00 03-16T12:00 0',
      '03-16T12:00 04-01T00:00 1',
      '04-01T00:00 05-01T00:00 1',
    ])
    const periods = await inOwnTransaction((tx) => selectNewestPeriods(tx, env, id, 3))
    expect(periods.map(({ step }) => step)).toEqual([1, 0, 0])
    expect(periods[1]).toMatchObject({ fullStart: START, fullEnd: END })
    expect(await factsOf()).toEqual(['activated', 'changed'])
  })

  test('of the cycle alone gives a new anchor', async () => {
    const { id } = await subscribed()
    await change(id, { plan: 'yearly' })
    await close(id, MID)
    const [newest] = await inOwnTransaction((tx) => selectNewestPeriods(tx, env, id, 1))
    expect(newest).toMatchObject({
      start: MID,
      end: new Date('2027-03-16T00:00:00Z'),
      fullStart: new Date('2026-03-16T00:00:00Z'),
    })
  })

  test('at the very start leaves a period and a term as short as can be', async () => {
    const { id } = await subscribed()
    await change(id, { quantity: wholeDecimal(3n) }, START)
    const { terms } = await read(id)
    expect(terms.map(({ since }) => since.getTime() - START.getTime())).toEqual([0, 1])
    await close(id, new Date(START.getTime() + 1))
    expect(await read(id)).toMatchObject({ quantity: wholeDecimal(3n) })
  })

  test('when the period is over and not closed yet, leaves that one whole', async () => {
    const { id } = await subscribed()
    const late = new Date('2026-04-03T00:00:00Z')
    await change(id, { plan: 'scale' }, late)
    for (let n = 0; n < 4; n++) await close(id, late)
    expect(await periodsOf(id)).toEqual([
      '03-01T00:00 04-01T00:00 0',
      '04-01T00:00 04-03T00:00 0',
      '04-03T00:00 05-01T00:00 1',
    ])
    expect(await factsOf()).toEqual(['activated', 'changed'])
  })

  test('of a plan paid in advance gives back what was not used, and bills the rest anew', async () => {
    const { id } = await subscribed({ plan: 'early' })
    await change(id, { quantity: wholeDecimal(2n) })
    const { closed, startsAhead } = await close(id, MID)
    expect(closed).toMatchObject([
      {
        subscription: { quantity: wholeDecimal(1n) },
        unusedBase: { billed: { start: START, end: END }, used: { start: START, end: MID } },
      },
    ])
    expect(startsAhead).toMatchObject([
      {
        subscription: { quantity: wholeDecimal(2n) },
        period: { start: MID, end: END, plannedEnd: END },
      },
    ])
  })

  test('gives nothing back for a cancelation', async () => {
    const { id } = await subscribed({ plan: 'early' })
    await inOwnTransaction((tx) => cancelNow(tx, env, id, MID))
    expect(await close(id, MID)).toMatchObject({ closed: [{ unusedBase: null }], startsAhead: [] })
  })

  test('covers the meters of the old plan until then, and those of the new one after', async () => {
    const { id } = await subscribed()
    await change(id, { plan: 'pictures' })
    const asked = { meterIds: [meterId, imagesId], customers: ['ann'], from: START, to: END }
    const prices = await inOwnTransaction((tx) => activePrices(tx, env, asked))
    expect(prices).toHaveLength(2)
    expect(prices.find((price) => price.meterId === meterId)).toMatchObject({ to: MID })
    expect(prices.find((price) => price.meterId === imagesId)).toMatchObject({
      from: MID,
      to: null,
    })
  })

  test('is refused for a meter that another subscription bills, also when it is planned', async () => {
    const { id } = await subscribed()
    const other = await subscribed({ plan: 'pictures' })
    for (const when of ['now', 'period_end'] as const)
      await expect(change(other.id, { plan: 'scale', when })).rejects.toMatchObject({
        code: 'subscription.meter_taken',
        details: { meter: 'API_CALL', subscription: id },
      })
  })

  test('of 20 that race, one after the other holds, and each period is closed once', async () => {
    const { id } = await subscribed()
    const database = await warmDatabase(20)
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        database.inTransaction(async (tx) => {
          if (n % 2) return closePeriods(tx, env, [id], MID)
          const wanted = { id, plan: null, planVersion: null, when: 'now' as const }
          return changeTerms(tx, env, { ...wanted, quantity: wholeDecimal(BigInt(n + 2)) }, MID)
        }),
      ),
    )
    for (let n = 0; n < 20; n++) await close(id, END)
    const periods = (
      await inOwnTransaction((tx) => selectNewestPeriods(tx, env, id, 100))
    ).toReversed()
    for (const [n, period] of periods.entries())
      expect(period.start).toEqual(n === 0 ? START : periods[n - 1]?.end)
    expect((await factsOf()).filter((type) => type === 'changed')).toHaveLength(10)
  })
})

describe('a change that is planned', () => {
  test('at the end of the period comes with the next one, and is told then', async () => {
    const { id } = await subscribed()
    const asked = await change(id, { plan: 'scale', when: 'period_end' })
    expect(asked).toMatchObject({ plan: { key: 'pro' } })
    expect(await factsOf()).toEqual(['activated'])
    await close(id, END)
    await close(id, END)
    expect(await read(id)).toMatchObject({ plan: { key: 'scale' } })
    expect(await periodsOf(id)).toEqual(['03-01T00:00 04-01T00:00 0', '04-01T00:00 05-01T00:00 1'])
    expect(await factsOf()).toEqual(['activated', 'changed'])
  })

  test('at a date cuts the period there, until it is taken back', async () => {
    const { id } = await subscribed()
    const date = new Date('2026-03-20T00:00:00Z')
    await change(id, { plan: 'scale', when: date })
    expect(await openOf(id)).toMatchObject({ period: { end: date }, next: { termNo: 1 } })
    await expect(change(id, { plan: 'yearly' })).rejects.toMatchObject({
      code: 'subscription.change_scheduled',
    })
    await step(unschedule, id)
    await expect(step(unschedule, id)).rejects.toMatchObject({
      code: 'subscription.nothing_scheduled',
    })
    expect(await openOf(id)).toMatchObject({ period: { end: END }, next: { termNo: 0 } })
    expect((await read(id)).terms).toHaveLength(1)
  })

  test.each([
    ['in the past', { when: new Date(MID.getTime() - 1), plan: 'scale' }, 'change_out_of_time'],
    ['after the end', { when: new Date('2026-06-01'), plan: 'scale' }, 'change_out_of_time'],
    ['that changes nothing', { plan: 'pro' }, 'nothing_changes'],
  ])('%s is refused', async (_what, wanted, code) => {
    const { id } = await subscribed({ cancelAt: new Date('2026-06-01') })
    await expect(change(id, wanted)).rejects.toMatchObject({ code: `subscription.${code}` })
  })
})

describe('a trial', () => {
  test('is not billed, and the periods are counted from its end', async () => {
    const { id, status } = await subscribed({ trialDays: 14, plan: 'early' })
    expect(status).toBe('trialing')
    expect(await openOf(id)).toBeNull()
    const trialEnd = new Date('2026-03-15T00:00:00Z')
    const { startsAhead } = await close(id, trialEnd)
    await close(id, trialEnd)
    expect(startsAhead).toMatchObject([{ period: { no: 1, start: trialEnd } }])
    expect(await periodsOf(id)).toEqual([
      '03-01T00:00 03-15T00:00 0 free',
      '03-15T00:00 04-15T00:00 1',
    ])
    expect(await read(id)).toMatchObject({ status: 'active' })
    expect(await factsOf()).toEqual(['activated', 'trial_ended'])
  })

  test('can be ended at once', async () => {
    const { id } = await subscribed({ trialDays: 30, anchorKind: 'instant' })
    expect(await step(endTrial, id)).toMatchObject({ status: 'active' })
    await expect(step(endTrial, id)).rejects.toMatchObject({ code: 'subscription.step_impossible' })
    await close(id, MID)
    expect(await periodsOf(id)).toEqual([
      '03-01T00:00 03-16T12:00 0 free',
      '03-16T12:00 04-16T12:00 1',
    ])
    expect(await factsOf()).toEqual(['activated', 'trial_ended'])
  })

  test('stays one when the plan is changed in it', async () => {
    const { id } = await subscribed({ trialDays: 30 })
    expect(await change(id, { plan: 'scale' })).toMatchObject({ status: 'trialing' })
    await close(id, MID)
    await close(id, new Date('2026-03-31'))
    expect(await read(id)).toMatchObject({ status: 'active', plan: { key: 'scale' } })
    expect(await periodsOf(id)).toEqual([
      '03-01T00:00 03-16T12:00 0 free',
      '03-16T12:00 03-31T00:00 1 free',
      '03-31T00:00 04-30T00:00 2',
    ])
  })
})

describe('a pause', () => {
  test('is not billed; then the old rhythm goes on with the rest of a period', async () => {
    const { id } = await subscribed()
    expect(await step(pause, id)).toMatchObject({ status: 'paused' })
    const back = new Date('2026-05-10T00:00:00Z')
    for (let n = 0; n < 4; n++) await close(id, back)
    expect(await step(resume, id, back)).toMatchObject({ status: 'active' })
    for (let n = 0; n < 2; n++) await close(id, new Date('2026-06-01'))
    expect(await periodsOf(id)).toEqual([
      '03-01T00:00 03-16T12:00 0',
      '03-16T12:00 04-01T00:00 1 free',
      '04-01T00:00 05-01T00:00 1 free',
      '05-01T00:00 05-10T00:00 1 free',
      '05-10T00:00 06-01T00:00 2',
      '06-01T00:00 07-01T00:00 2',
    ])
    expect(await factsOf()).toEqual(['activated', 'paused', 'resumed'])
  })

  test('keeps the meters of the subscription covered', async () => {
    const { id } = await subscribed()
    await step(pause, id)
    const asked = { meterIds: [meterId], customers: ['ann'], from: START, to: END }
    const prices = await inOwnTransaction((tx) => activePrices(tx, env, asked))
    expect(prices.map(({ to }) => to)).toEqual([MID, null])
  })

  test('is impossible twice, and for one that is suspended', async () => {
    const { id } = await subscribed()
    await step(suspend, id)
    await expect(step(pause, id)).rejects.toMatchObject({
      code: 'subscription.step_impossible',
      details: { possible: ['change', 'resume', 'cancel'] },
    })
    await step(resume, id)
    await step(pause, id)
    await expect(step(pause, id)).rejects.toMatchObject({ kind: 'conflict' })
  })
})
