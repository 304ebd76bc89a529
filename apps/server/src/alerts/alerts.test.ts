import { beforeEach, describe, expect, test } from 'vitest'
import { ALERT_KIND } from '../credits/due-work.ts'
import { factsOf } from '../invoicing/test-billing.ts'
import { type BillingApp, billingApp } from '../invoicing/test-http.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { claimDue } from '../platform/due/due.store.ts'
import type { Job } from '../platform/due/job.ts'
import { alertsRoutes } from './alerts.routes.ts'
import { checkCustomer } from './check-customer.ts'
import { lookThroughUsage } from './look-through-usage.ts'

const START = '2026-03-01T00:00:00Z'
const NOW = new Date('2026-03-10T12:00:00Z')

let app: BillingApp

/** Ann on a plan with 100 included calls, at $1 each beyond them, and $10 a month. */
beforeEach(async () => {
  app = await billingApp(START, alertsRoutes())
  await app.good('POST', '/meters', { key: 'CALLS', name: 'Calls' })
  const prices = [{ meter: 'CALLS', model: 'per_unit', includedUnits: '100', unitPrice: '1' }]
  const terms = { currency: 'USD', cycle: 'month', basePrice: '10', prices }
  await app.good('POST', '/plans', { key: 'pro', name: 'Pro', ...terms })
  await app.good('POST', '/customers', { customerId: 'ann' })
  await app.good('POST', '/subscriptions', { customerId: 'ann', plan: 'pro' })
  app.at(NOW.toISOString())
})

const used = async (amount: string, at = '2026-03-10T10:00:00Z', customer = 'ann') => {
  await app.use([{ customer, name: 'CALLS', amount, at }])
  const { database: db } = await testDatabase()
  await lookThroughUsage({ db, clock: () => NOW })
}

async function claimed(now = NOW): Promise<Job[]> {
  const claim = { kinds: [ALERT_KIND], limit: 100, leaseMs: 1, systemNow: now }
  const jobs = await inOwnTransaction((tx) => claimDue(tx, claim))
  return jobs.filter(({ envId }) => envId === app.envId)
}

/** Has everything looked at that is due; returns what was told by it. */
async function told(now = NOW) {
  const before = await facts()
  for (const job of await claimed(now))
    await inOwnTransaction((tx) => checkCustomer(tx, { ...job, now }))
  return (await facts()).slice(before.length)
}

async function facts() {
  const all = await inOwnTransaction((tx) => factsOf(tx, app.envId))
  const mine = all.filter(({ type }) => /threshold_reached|low|exhausted/.test(type))
  return mine.map(({ type, data }) => {
    const { threshold, value, left } = data as Record<string, string> & { left?: { units: string } }
    return left ? `${type} ${left.units}` : `${type} ${threshold} ${value}`
  })
}

const granted = (body: object) =>
  app.good('POST', '/customers/ann/credits', { validFrom: START, ...body })

const alert = (body: object) => app.good('POST', '/alerts', body)

describe('an alert of usage', () => {
  test('tells each threshold once in a period, when it is reached', async () => {
    await alert({ kind: 'usage', meter: 'CALLS', window: 'period', thresholds: ['80%', '100'] })
    await used('79')
    expect(await told()).toEqual([])
    await used('1')
    expect(await told()).toEqual(['usage.threshold_reached 80% 80'])
    await used('50')
    expect(await told()).toEqual(['usage.threshold_reached 100 130'])
    await used('1')
    expect(await told()).toEqual([])
    const { data } = await app.good('GET', '/alert-states?customerId=ann')
    expect(data).toMatchObject([
      {
        ...{ kind: 'usage', name: '', currency: null, meterId: expect.stringMatching(/^mtr_/) },
        ...{ threshold: '100', windowStart: '2026-03-01T00:00:00.000Z', value: '130' },
      },
      { threshold: '80%', value: '80' },
    ])
  })

  test('tells a day again the next day, and looks at nobody who used nothing', async () => {
    await alert({ kind: 'usage', meter: 'CALLS', window: 'day', thresholds: ['5'] })
    await told()
    await used('5')
    expect(await told()).toEqual(['usage.threshold_reached 5 5'])
    const next = new Date('2026-03-11T12:00:00Z')
    expect(await told(next)).toEqual([])
    await used('6', '2026-03-11T09:00:00Z')
    expect(await told(next)).toEqual(['usage.threshold_reached 5 6'])
  })

  test('is about those whom it names: one customer, or who is on a plan', async () => {
    await app.good('POST', '/customers', { customerId: 'bob' })
    const day = { kind: 'usage', meter: 'CALLS', window: 'day', thresholds: ['5'] }
    await alert({ ...day, customerId: 'bob' })
    await alert({ ...day, plan: 'pro', thresholds: ['6'] })
    await used('9')
    await used('9', '2026-03-10T10:00:00Z', 'bob')
    expect((await told()).sort()).toEqual([
      'usage.threshold_reached 5 9',
      'usage.threshold_reached 6 9',
    ])
  })

  test('that is set when a threshold was passed already tells it', async () => {
    await used('10')
    await alert({ kind: 'usage', meter: 'CALLS', window: 'month', thresholds: ['5'] })
    expect(await told()).toEqual(['usage.threshold_reached 5 10'])
  })

  test('with other thresholds tells those, and nothing twice', async () => {
    const { id } = await alert({ kind: 'usage', meter: 'CALLS', window: 'day', thresholds: ['5'] })
    await used('7')
    await told()
    await app.good('PATCH', `/alerts/${id}`, { thresholds: ['5', '6', '8'] })
    expect(await told()).toEqual(['usage.threshold_reached 6 7'])
    await app.good('DELETE', `/alerts/${id}`)
    expect((await app.good('GET', '/alert-states')).data).toEqual([])
    expect(await app.refused('GET', `/alerts/${id}`)).toBe('alert.unknown')
  })
})

test('an alert of spending tells what the period under way comes to', async () => {
  await alert({ kind: 'spend', currency: 'USD', thresholds: ['10', '12.50'] })
  await alert({ kind: 'spend', currency: 'EUR', thresholds: ['1'] })
  expect(await told()).toEqual(['spend.threshold_reached 10 10'])
  await used('102')
  expect(await told()).toEqual([])
  await used('1')
  expect(await told()).toEqual(['spend.threshold_reached 12.5 13'])
})

describe('an alert of a balance', () => {
  test('tells when usage has taken it so far, and again after more was granted', async () => {
    await granted({ meter: 'CALLS', units: '100' })
    await alert({ kind: 'balance', meter: 'CALLS', thresholds: ['20'] })
    await used('179')
    expect(await told()).toEqual([])
    await used('1')
    expect(await told()).toEqual(['balance.threshold_reached 20 20'])
    await used('1')
    expect(await told()).toEqual([])
    await granted({ meter: 'CALLS', units: '10' })
    expect(await told()).toEqual([])
    await used('9')
    expect(await told()).toEqual(['balance.threshold_reached 20 20'])
  })

  test('tells when a hold has taken it so far', async () => {
    await granted({ meter: 'CALLS', units: '100' })
    await alert({ kind: 'balance', meter: 'CALLS', thresholds: ['20'] })
    await told()
    const hold = await app.good('POST', '/holds', {
      customerId: 'ann',
      meter: 'CALLS',
      units: '80',
    })
    await app.good('POST', `/holds/${hold.id}/commit`, { units: '80' })
    expect(await told()).toEqual(['balance.threshold_reached 20 20'])
  })
})

describe('credits', () => {
  test('are told to be low and used up by usage that is not invoiced, once, and again after a grant', async () => {
    await granted({ meter: 'CALLS', units: '50', lowAt: '10' })
    await used('139')
    expect(await told()).toEqual([])
    await used('1')
    expect(await told()).toEqual(['credits.low 10'])
    await used('10')
    expect(await told()).toEqual(['credits.exhausted 0'])
    await used('10')
    expect(await told()).toEqual([])
    await granted({ meter: 'CALLS', units: '100' })
    expect(await told()).toEqual([])
    await used('90')
    expect(await told()).toEqual(['credits.exhausted 0'])
  })

  test('are told as they are at the look: what was filled up before it is not told to have been used up', async () => {
    await granted({ meter: 'CALLS', units: '50', lowAt: '10' })
    await told()
    await used('150')
    await granted({ meter: 'CALLS', units: '1' })
    expect(await told()).toEqual(['credits.low 0'])
    await used('1')
    expect(await told()).toEqual(['credits.exhausted 0'])
  })

  test('are not told again by the invoice that uses them', async () => {
    await granted({ meter: 'CALLS', units: '50', lowAt: '10' })
    await used('160')
    const live = await told()
    expect(live.sort()).toEqual(['credits.exhausted 0', 'credits.low 0'])
    const before = await facts()
    await app.until('2026-04-02T00:00:00Z')
    expect(await facts()).toEqual(before)
  })
})

describe('a look', () => {
  test('that happens twice, or is broken off, tells once', async () => {
    await alert({ kind: 'usage', meter: 'CALLS', window: 'day', thresholds: ['5'] })
    await told()
    await used('5')
    const job = (await claimed()).find(({ ref }) => ref === 'ann')
    if (!job) throw new Error('nobody is looked at')
    const broken = inOwnTransaction(async (tx) => {
      await checkCustomer(tx, { ...job, now: NOW })
      throw new Error('killed')
    })
    await expect(broken).rejects.toThrow('killed')
    expect(await facts()).toEqual([])
    await inOwnTransaction((tx) => checkCustomer(tx, { ...job, now: NOW }))
    expect(await facts()).toEqual(['usage.threshold_reached 5 5'])
    const again = inOwnTransaction((tx) => checkCustomer(tx, { ...job, now: NOW }))
    await expect(again).rejects.toThrow('lease')
    expect(await facts()).toHaveLength(1)
  })

  test('through usage gives nobody work of whom nobody wants to know', async () => {
    await used('5')
    expect(await claimed()).toEqual([])
  })
})

test.for([
  [{ kind: 'usage', thresholds: ['1'] }],
  [{ kind: 'usage', meter: 'CALLS', window: 'day', thresholds: ['80%'] }],
  [{ kind: 'usage', meter: 'CALLS', window: 'day', thresholds: ['0'] }],
  [{ kind: 'usage', meter: 'CALLS', window: 'day', thresholds: ['-1'] }],
  [{ kind: 'usage', meter: 'CALLS', window: 'day', thresholds: ['many'] }],
  [{ kind: 'spend', thresholds: ['1'] }],
  [{ kind: 'spend', currency: 'XXZ', thresholds: ['1'] }],
  [{ kind: 'balance', meter: 'CALLS', currency: 'USD', thresholds: ['1'] }],
])('refuses an alert that says nothing: %j', async ([body]) => {
  expect(await app.refused('POST', '/alerts', body)).toBe('alert.impossible')
})
