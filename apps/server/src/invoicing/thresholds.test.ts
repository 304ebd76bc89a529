import { beforeEach, describe, expect, test } from 'vitest'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { billThreshold } from './bill-threshold.ts'
import { changeInvoice } from './change-invoice.ts'
import { fold } from './test-billing.ts'
import { type BillingApp, billingApp } from './test-http.ts'

const START = '2026-03-01T00:00:00Z'
const NOON = '2026-03-02T12:00:00Z'
const AFTER = '2026-04-01T01:00:00Z'

let app: BillingApp
let subscription: string
beforeEach(async () => {
  app = await billingApp(START)
  await app.good('POST', '/meters', { key: 'CALLS', name: 'Calls' })
  await app.good('POST', '/tax-rates', { key: 'vat', name: 'VAT', percent: '19' })
  subscription = await subscribed({})
})

async function subscribed(plan: object, key = 'plan', customerId = 'ann'): Promise<string> {
  const price = { meter: 'CALLS', model: 'per_unit', unitPrice: '0.01', includedUnits: '1000' }
  await app.good('POST', '/plans', {
    ...{ key, name: 'Plan', currency: 'EUR', cycle: 'month', basePrice: '20', taxRate: 'vat' },
    ...{ prices: [price], ...plan },
  })
  await app.good('POST', '/customers', { customerId })
  return (await app.good('POST', '/subscriptions', { customerId, plan: key })).id
}

const threshold = (amount: string | null, id = subscription) =>
  app.good('PUT', `/subscriptions/${id}/spend-threshold`, { amount })
const calls = (amount: string, at = '2026-03-02T00:00:00Z', customer = 'ann') =>
  app.use([{ customer, name: 'CALLS', at, amount }])
const look = (now: string) =>
  inOwnTransaction((tx) => billThreshold(tx, app.envId, subscription, new Date(now)))

type Summary = { readonly kind: string; readonly id: string; readonly totalMinor: string }

/** The oldest first. */
async function invoices(customer = 'ann'): Promise<Summary[]> {
  return (await app.good('GET', `/invoices?customerId=${customer}`)).data.toReversed()
}

const shown = async (customer?: string) =>
  (await invoices(customer)).map(({ kind, totalMinor }) => `${kind} ${totalMinor}`)

test.each([
  ['a unit less', '10999', []],
  ['as much', '11000', ['threshold 11900']],
])('usage that has come to %s than the threshold', async (_, amount, expected) => {
  await calls(amount)
  await threshold('100')
  await app.until(NOON)
  expect(await shown()).toEqual(expected)
})

test('what is billed so far comes off the invoice of the period, and is not billed again', async () => {
  await threshold('100')
  await calls('15000')
  await app.until(NOON)
  await calls('2000', '2026-03-03T00:00:00Z')
  await app.until('2026-03-05T00:00:00Z')
  await calls('9000', '2026-03-06T00:00:00Z')
  await app.until('2026-03-07T00:00:00Z')
  const preview = await app.good('GET', `/subscriptions/${subscription}/preview`)
  await app.until(AFTER)
  // 140 and 110 with tax; then 20 of base price, as 250 of 250 are billed.
  expect(await shown()).toEqual(['threshold 16660', 'threshold 13090', 'period 2380'])
  const [first, , last] = await invoices()
  expect(preview.totalMinor).toBe('2380')
  expect(await app.good('GET', `/invoices/${first?.id}`)).toMatchObject({
    ...{ number: 'INV-000001', status: 'finalized', subscriptionId: subscription },
    lines: [{ kind: 'item', name: 'CALLS', description: 'Calls, usage so far', amount: '140.00' }],
  })
  expect((await app.good('GET', `/invoices/${last?.id}`)).lines).toMatchObject([
    { kind: 'base', amount: '20.00' },
    { kind: 'usage', quantity: '26000', amount: '250.00' },
    { name: 'Billed on INV-000001', amount: '-140.00' },
    { name: 'Billed on INV-000002', amount: '-110.00' },
  ])
})

test('is found once, however often and by how many at once it is looked for', async () => {
  await calls('15000')
  await threshold('100')
  await fold()
  await Promise.all(Array.from({ length: 8 }, () => look(NOON)))
  await look(NOON)
  expect(await shown()).toEqual(['threshold 16660'])
})

test('with a percentage off, a minimum and credits, the sum of all is what it is without a threshold', async () => {
  const plan = { minimum: '200', credits: [{ meter: 'CALLS', units: '500' }] }
  await subscribed(plan, 'other', 'bob')
  subscription = await subscribed(plan, 'same', 'eve')
  await app.good('POST', '/coupons', {
    ...{ key: 'ten', name: 'Ten', percent: '10', duration: 'forever' },
  })
  for (const customerId of ['bob', 'eve'])
    await app.good('POST', '/coupon-attachments', { coupon: 'ten', customerId })
  await threshold('50')
  for (const day of ['02', '09', '16'])
    for (const customer of ['bob', 'eve']) await calls('6000', `2026-03-${day}T00:00:00Z`, customer)
  await app.until('2026-03-17T00:00:00Z')
  await app.until(AFTER)
  const sumOf = async (customer: string) =>
    (await invoices(customer)).reduce((sum, { totalMinor }) => sum + Number(totalMinor), 0)
  const { length } = await invoices('eve')
  expect(length).toBeGreaterThan(1)
  expect((await invoices('bob')).map(({ kind }) => kind)).toEqual(['period'])
  const difference = (await sumOf('eve')) - (await sumOf('bob'))
  expect(Math.abs(difference)).toBeLessThanOrEqual(length) // each invoice rounds its own tax
})

test('each invoice rounds its own tax: all together may differ by half a minor unit for each', async () => {
  await threshold('100')
  await calls('11003')
  await app.until(NOON)
  await calls('10003', '2026-03-03T00:00:00Z')
  await app.until('2026-03-05T00:00:00Z')
  await threshold(null)
  await app.until(AFTER)
  // 100.03 twice with 19.0057 of tax each, and 20.00 with 3.80. On one: 220.06 with 41.8114, a cent less.
  expect(await shown()).toEqual(['threshold 11904', 'threshold 11904', 'period 2380'])
})

test('starts anew with each period, and ends when it is taken away', async () => {
  await threshold('100')
  await calls('15000')
  await app.until('2026-04-02T00:00:00Z')
  await calls('15000', '2026-04-02T00:00:00Z')
  await app.until('2026-04-03T00:00:00Z')
  expect((await shown()).filter((each) => each.startsWith('threshold'))).toHaveLength(2)
  expect(await threshold(null)).toMatchObject({ spendThresholdMinor: null })
  await calls('90000', '2026-04-04T00:00:00Z')
  await app.until('2026-04-05T00:00:00Z')
  expect((await shown()).filter((each) => each.startsWith('threshold'))).toHaveLength(2)
})

describe('a threshold invoice', () => {
  const voided = (id: string) =>
    inOwnTransaction((tx) =>
      changeInvoice(tx, app.envId, { id, step: 'void', reason: 'so' }, new Date(AFTER)),
    )

  test('that is void is billed again, with the next or with the period', async () => {
    await threshold('100')
    await calls('15000')
    await app.until(NOON)
    const [first] = await invoices()
    await threshold(null)
    await voided(first?.id ?? '')
    await app.until(AFTER)
    expect(await shown()).toEqual(['threshold 16660', 'period 19040'])
  })

  test('that was taken off the invoice of its period cannot be void', async () => {
    await threshold('100')
    await calls('15000')
    await app.until(AFTER)
    const [first] = await invoices()
    await expect(voided(first?.id ?? '')).rejects.toMatchObject({ code: 'invoice.deducted' })
  })
})

test('a threshold is above 0, of what its currency can show, and of a subscription that goes on', async () => {
  const put = (amount: string) =>
    app.refused('PUT', `/subscriptions/${subscription}/spend-threshold`, { amount })
  expect(await put('0')).toBe('subscription.threshold_impossible')
  expect(await put('0.001')).toBe('plan.amount_impossible')
  await app.good('POST', `/subscriptions/${subscription}/cancel`, { when: 'now' })
  expect(await put('10')).toBe('subscription.step_impossible')
})
