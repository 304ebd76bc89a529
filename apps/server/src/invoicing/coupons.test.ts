import { beforeEach, describe, expect, test } from 'vitest'
import { type BillingApp, billingApp } from './test-http.ts'

const START = '2026-03-01T00:00:00Z'
/** When the invoice of a month's last day is final. */
const AFTER = { march: '2026-04-01T02:00:00Z', may: '2026-06-01T02:00:00Z' }

let app: BillingApp
beforeEach(async () => {
  app = await billingApp(START)
  await app.good('POST', '/customers', { customerId: 'ann' })
  const plan = { key: 'plan', name: 'Plan', currency: 'USD', cycle: 'month', basePrice: '100.00' }
  await app.good('POST', '/plans', plan)
  await app.good('POST', '/subscriptions', { customerId: 'ann', plan: 'plan', startedAt: START })
})

/** Ann has a tenth off; the id of that. */
async function aTenthOff(coupon: object): Promise<string> {
  await app.good('POST', '/coupons', { key: 'off', name: 'Off', percent: '10', ...coupon })
  const attached = await app.good('POST', '/coupon-attachments', {
    coupon: 'off',
    customerId: 'ann',
  })
  return attached.id
}

/** What the months cost, the first one first. */
async function totals(): Promise<string[]> {
  const { data } = await app.good('GET', '/invoices?customerId=ann')
  return data
    .filter(({ status }: { status: string }) => status !== 'draft')
    .map(({ totalMinor }: { totalMinor: string }) => totalMinor)
    .reverse()
}

describe('a coupon counts', () => {
  test.each([
    ['on the first invoice when it is for once', { duration: 'once' }, ['9000', '10000', '10000']],
    [
      'on as many invoices as it has periods',
      { duration: 'periods', periods: 2 },
      ['9000', '9000', '10000'],
    ],
    ['on all when it is for ever', { duration: 'forever' }, ['9000', '9000', '9000']],
  ])('%s', async (_what, coupon, expected) => {
    await aTenthOff(coupon)
    await app.until(AFTER.may)
    expect(await totals()).toEqual(expected)
  })

  test('on one invoice when it is for once, whatever else the customer is subscribed to', async () => {
    const plan = { key: 'second', name: 'Second', currency: 'USD', cycle: 'month' }
    await app.good('POST', '/plans', { ...plan, basePrice: '100.00' })
    const second = { customerId: 'ann', plan: 'second', startedAt: START }
    await app.good('POST', '/subscriptions', second)
    await aTenthOff({ duration: 'once' })
    await app.until(AFTER.may)
    expect((await totals()).sort()).toEqual([...Array(5).fill('10000'), '9000'])
  })

  test.each([
    ['has it had before', AFTER.march, ['9000', '10000']],
    ['would have it later', '2026-03-20T00:00:00Z', ['10000', '9000']],
  ])(
    'once, if a subscription comes that began earlier, and another %s',
    async (_what, at, wanted) => {
      const plan = { key: 'second', name: 'Second', currency: 'USD', cycle: 'month' }
      await app.good('POST', '/plans', { ...plan, basePrice: '100.00' })
      await aTenthOff({ duration: 'once' })
      await app.until(at)
      const old = { customerId: 'ann', plan: 'second', startedAt: '2026-02-10T00:00:00Z' }
      const { id } = await app.good('POST', '/subscriptions', old)
      await app.until(AFTER.march)
      await app.until('2026-04-02T00:00:00Z')
      const { data } = await app.good('GET', '/invoices?customerId=ann')
      const sorted = [...data].sort((a, b) => (a.periodStart < b.periodStart ? 1 : -1))
      const firstOf = (isSecond: boolean) =>
        sorted
          .filter(({ subscriptionId }) => (subscriptionId === id) === isSecond)
          .filter(({ periodEnd }) => periodEnd > START && periodEnd <= AFTER.march)[0].totalMinor
      expect([firstOf(false), firstOf(true)]).toEqual(wanted)
    },
  )

  test('on the first part when a change cuts the period, and not on the rest, when it is for once', async () => {
    const [{ id }] = (await app.good('GET', '/subscriptions?customerId=ann')).data
    await aTenthOff({ duration: 'once' })
    app.at('2026-03-16T00:00:00Z')
    await app.until('2026-03-16T00:00:00Z')
    await app.good('POST', `/subscriptions/${id}/change`, { when: 'now', quantity: '2' })
    await app.until(AFTER.march)
    const [first, rest] = (await totals()).map(Number)
    expect([first, rest]).toEqual([4355, 10323]) // 15 of 31 days less a tenth, and 16 of 31 twice
  })

  test('on, for who has it, when it has expired', async () => {
    await aTenthOff({ duration: 'forever', expiresAt: '2026-03-02T00:00:00Z' })
    await app.until(AFTER.march)
    expect(await totals()).toEqual(['9000'])
  })
})

describe('a subscription that is made with a coupon and add-ons', () => {
  const AHEAD = {
    key: 'ahead',
    name: 'Ahead',
    currency: 'USD',
    cycle: 'month',
    basePrice: '100.00',
  }
  const made = { customerId: 'bob', plan: 'ahead', coupon: 'off' }
  beforeEach(async () => {
    await app.good('POST', '/customers', { customerId: 'bob' })
    await app.good('POST', '/plans', { ...AHEAD, baseInAdvance: true })
    await app.good('POST', '/add-ons', {
      ...{ key: 'seat', name: 'Seat', currency: 'USD', amount: '30', recurring: 'period' },
    })
    await app.good('POST', '/coupons', {
      ...{ key: 'off', name: 'Off', percent: '10', duration: 'periods', periods: 2 },
      redemptionsMax: 1,
    })
  })

  const firstTotals = async () =>
    (await app.good('GET', '/invoices?customerId=bob')).data
      .map(({ totalMinor }: { totalMinor: string }) => totalMinor)
      .reverse()

  test.each([
    ['now', START],
    ['in the past', '2026-02-01T00:00:00Z'],
  ])('has them on its first invoice, when it begins %s', async (_when, startedAt) => {
    const addOns = [{ addOn: 'seat', quantity: '2' }, { addOn: 'seat' }]
    await app.good('POST', '/subscriptions', { ...made, startedAt, addOns })
    await app.until(AFTER.may)
    // A month in advance less a tenth; then each month with the three seats of the one before, once less a tenth.
    expect((await firstTotals()).slice(0, 3)).toEqual(['9000', '17100', '19000'])
  })

  test.each([
    ['a coupon that there is not', { coupon: 'on' }, 'coupon.unknown'],
    ['an add-on that there is not', { addOns: [{ addOn: 'bed' }] }, 'add_on.unknown'],
    [
      'an add-on of another currency',
      { addOns: [{ addOn: 'sitz' }] },
      'subscription.add_on_currency',
    ],
  ])('is not made with %s, and the coupon is kept', async (_what, wrong, code) => {
    await app.good('POST', '/add-ons', {
      ...{ key: 'sitz', name: 'Sitz', currency: 'EUR', amount: '30', recurring: 'period' },
    })
    expect(await app.refused('POST', '/subscriptions', { ...made, ...wrong })).toBe(code)
    expect((await app.good('GET', '/subscriptions?customerId=bob')).data).toEqual([])
    expect(await app.good('GET', '/coupons/off')).toMatchObject({ redemptions: 0 })
  })
})

describe('a coupon that is taken off', () => {
  test.each([
    ['before the end of a period does not count for it', '2026-03-31T23:59:59.999Z', '10000'],
    ['at the end of a period counts for it', '2026-04-01T00:00:00Z', '9000'],
  ])('%s', async (_what, at, march) => {
    const id = await aTenthOff({ duration: 'forever' })
    app.at(at)
    const detached = await app.good('POST', `/coupon-attachments/${id}/detach`)
    app.at('2026-04-01T00:00:01Z')
    const again = await app.good('POST', `/coupon-attachments/${id}/detach`)
    expect(again.detachedAt).toBe(detached.detachedAt)
    await app.until(AFTER.may)
    expect(await totals()).toEqual([march, '10000', '10000'])
  })
})

test.each([
  ['until it expires', '2026-03-09T23:59:59.999Z', null],
  ['and to nobody from then on', '2026-03-10T00:00:00Z', 'coupon.unavailable'],
])('a coupon is given %s', async (_what, at, code) => {
  const coupon = { key: 'off', name: 'Off', percent: '10', duration: 'forever' }
  await app.good('POST', '/coupons', { ...coupon, expiresAt: '2026-03-10T00:00:00Z' })
  app.at(at)
  const attachment = { coupon: 'off', customerId: 'ann' }
  if (code === null) await app.good('POST', '/coupon-attachments', attachment)
  else expect(await app.refused('POST', '/coupon-attachments', attachment)).toBe(code)
})
