import { setTimeout as sleep } from 'node:timers/promises'
import DodoPayments from 'dodopayments'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anOrganization, type RunningApp, runApp } from '../routes/running-app.ts'

const WAIT_MS_MAX = 60_000

let app: RunningApp
let client: DodoPayments
let stranger: DodoPayments
// biome-ignore lint/suspicious/noExplicitAny: whatever JSON came
let call: (method: string, path: string, body?: unknown) => Promise<any>
let subscriptionId: string
let meterId: string

const OLD = {
  ...{ event_id: 'old', customer_id: 'ann', event_name: 'unmetered' },
  timestamp: '2026-03-01T23:00:00Z',
}

/** A month of Ann on a plan of $20 with 1,000 tokens, and the beginning of the next. */
beforeAll(async () => {
  app = await runApp()
  const { testKey } = await anOrganization('Read by Dodo')
  client = clientWith(testKey)
  stranger = clientWith((await anOrganization('Stranger')).testKey)
  call = async (method, path, body) => {
    const answer = await app.call(method, path, { key: testKey, body })
    expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300)
    return answer.json
  }
  const meter = await call('POST', '/api/v1/meters', {
    ...{ key: 'tokens', name: 'Tokens', unit: 'token', eventName: 'ai', valueProperty: 'tokens' },
    filter: { property: 'model', operator: 'eq', value: 'large' },
  })
  meterId = meter.id
  for (const key of ['a', 'b', 'c', 'old']) await call('POST', '/api/v1/meters', { key, name: key })
  await call('DELETE', '/api/v1/meters/old')
  const prices = [{ meter: 'tokens', model: 'per_unit', includedUnits: '1000', unitPrice: '0.01' }]
  const plan = { key: 'pro', name: 'Pro', currency: 'USD', cycle: 'month', basePrice: '20', prices }
  await call('POST', '/api/v1/plans', plan)
  await call('POST', '/api/v1/customers', {
    customerId: 'ann',
    name: 'Ann',
    email: 'ann@example.com',
  })
  subscriptionId = (await call('POST', '/api/v1/subscriptions', { customerId: 'ann', plan: 'pro' }))
    .id
  await ingest('1', 1_200)
  await client.usageEvents.ingest({ events: [OLD] })
  await call('POST', '/api/v1/clock', { now: '2026-04-10T00:00:00Z' })
  await ingest('2', 300)
}, 120_000)

afterAll(() => app.stop())

function clientWith(bearerToken: string): DodoPayments {
  return new DodoPayments({ bearerToken, baseURL: `${app.address}/compat/dodo` })
}

const ingest = (event_id: string, tokens: number) =>
  client.usageEvents.ingest({
    events: [
      { event_id, customer_id: 'ann', event_name: 'ai', metadata: { tokens, model: 'large' } },
    ],
  })

describe('dodopayments reads', () => {
  test('meters, one and all, page by page', async () => {
    const filter = {
      conjunction: 'and',
      clauses: [{ key: 'model', operator: 'equals', value: 'large' }],
    }
    expect(await client.meters.retrieve(meterId)).toMatchObject({
      ...{ id: meterId, name: 'Tokens', event_name: 'ai', measurement_unit: 'token' },
      ...{ aggregation: { type: 'sum', key: 'tokens' }, filter },
    })
    const names: string[] = []
    for await (const { name } of client.meters.list({ page_size: 1 })) names.push(name)
    expect(names).toEqual(['a', 'b', 'c', 'Tokens'])
  })

  test('meters that are archived, and those that are not', async () => {
    const archived = (await client.meters.list({ archived: true })).items
    expect(archived.map(({ name }) => name)).toEqual(['old'])
    expect((await client.meters.list({ archived: false })).items).toHaveLength(4)
  })

  test('customers, one and all', async () => {
    const ann = { customer_id: 'ann', name: 'Ann', email: 'ann@example.com' }
    expect(await client.customers.retrieve('ann')).toMatchObject(ann)
    const { items } = await client.customers.list()
    expect(items).toMatchObject([ann])
  })

  test('customers by what they are called, where mail reaches them, and when they came', async () => {
    const [before, first] = [
      '2026-01-01T00:00:00Z',
      (await client.customers.retrieve('ann')).created_at,
    ]
    const found = async (by: DodoPayments.CustomerListParams) =>
      (await client.customers.list(by)).items.length
    expect(await found({ email: 'Ann@example.com' })).toBe(1)
    expect(await found({ email: 'nn@example.com' })).toBe(0)
    expect(await found({ name: 'aN' })).toBe(1)
    expect(await found({ name: 'ann@' })).toBe(0)
    expect(await found({ created_at_gte: first, created_at_lte: first })).toBe(1)
    expect(await found({ created_at_lte: before })).toBe(0)
    expect(await found({ name: 'Ann', created_at_gte: '2027-01-01T00:00:00Z' })).toBe(0)
  })

  test('what each period of a subscription came to, the one under way first', async () => {
    const read = async () => (await client.subscriptions.retrieveUsageHistory(subscriptionId)).items
    const giveUpMs = performance.now() + WAIT_MS_MAX
    let periods = await read()
    while (periods[0]?.meters[0]?.consumed_units !== '300' && performance.now() < giveUpMs) {
      await sleep(50)
      periods = await read()
    }
    const meter = { id: meterId, name: 'Tokens', currency: 'USD', free_threshold: 1_000 }
    const march = { ...meter, consumed_units: '1200', chargeable_units: '200' }
    expect(periods).toMatchObject([
      {
        start_date: '2026-04-02T00:00:00.000Z',
        meters: [{ ...meter, consumed_units: '300', chargeable_units: '0', total_price: 0 }],
      },
      {
        start_date: '2026-03-02T00:00:00.000Z',
        end_date: '2026-04-02T00:00:00.000Z',
        meters: [{ ...march, price_per_unit: '1', total_price: 200 }],
      },
    ])
    const asked = { end_date: '2026-04-01T00:00:00Z', meter_id: meterId }
    const { items } = await client.subscriptions.retrieveUsageHistory(subscriptionId, asked)
    expect(items).toEqual(periods.slice(1))
  })

  test('credits of a customer, of a subscription and of one kind', async () => {
    await call('POST', '/api/v1/customers/ann/credits', { meter: 'tokens', units: '500' })
    await call('POST', '/api/v1/customers/ann/credits', { currency: 'USD', amountMinor: '1050' })
    const units = { credit_entitlement_id: meterId, balance: '500', unit: 'token', overage: '0' }
    const money = { credit_entitlement_id: 'USD', balance: '10.50', unit: 'USD', overage: '0' }
    const all = await client.customers.listCreditEntitlements('ann')
    expect(all.items).toHaveLength(2)
    expect(all.items).toEqual(
      expect.arrayContaining([expect.objectContaining(units), expect.objectContaining(money)]),
    )
    const used = await client.subscriptions.retrieveCreditUsage(subscriptionId)
    expect(used.items).toEqual(expect.arrayContaining([expect.objectContaining(units)]))
    const asked = { credit_entitlement_id: meterId }
    const balance = await client.creditEntitlements.balances.retrieve('ann', asked)
    expect(balance).toMatchObject({ customer_id: 'ann', ...asked, balance: '500', overage: '0' })
  })

  test('nothing of another organization, and its NotFoundError instead', async () => {
    await expect(stranger.meters.retrieve(meterId)).rejects.toThrow(DodoPayments.NotFoundError)
    await expect(stranger.customers.retrieve('ann')).rejects.toThrow(DodoPayments.NotFoundError)
    const history = stranger.subscriptions.retrieveUsageHistory(subscriptionId)
    await expect(history).rejects.toThrow(DodoPayments.NotFoundError)
    await expect(history).rejects.toMatchObject({ error: { code: 'subscription.unknown' } })
    expect((await stranger.customers.list()).items).toEqual([])
  })
})

test('an event of long ago is refused as too old when dodopayments sends it again', async () => {
  const again = client.usageEvents.ingest({ events: [OLD] })
  await expect(again).rejects.toThrow(DodoPayments.UnprocessableEntityError)
  await expect(again).rejects.toMatchObject({ error: { code: 'usage.timestamp_too_old' } })
})
