import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { exportsRoutes } from '../invoicing/exports.routes.ts'
import { tellOverdue } from '../invoicing/payable-invoices.ts'
import { billingApp } from '../invoicing/test-http.ts'
import { paymentsRoutes } from '../payments/payments.routes.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { createSealer } from '../platform/secrets/seal.ts'
import { park } from '../subscriptions/change-subscription.ts'
import { monthlyRecurring } from '../subscriptions/monthly-recurring.ts'
import { webhookRoutes } from '../webhooks/webhooks.routes.ts'
import { overviewRoutes } from './overview.routes.ts'

const webhooks = webhookRoutes({ sealer: createSealer(Buffer.alloc(32, 7)), allowedNetworks: [] })

const openApp = (start: string) =>
  billingApp(start, [
    ...[...overviewRoutes(), ...webhooks, ...paymentsRoutes(), ...exportsRoutes()],
  ])

test('an environment in which nothing has happened has nothing to show', async () => {
  const app = await openApp('2026-03-01T00:00:00Z')
  const overview = await app.good('GET', '/overview')
  expect(overview).toMatchObject({
    now: '2026-03-01T00:00:00.000Z',
    monthlyRecurring: [],
    subscriptions: { byStatus: {}, parked: 0 },
    revenue: [],
    topCustomers: [],
    owed: [],
    hasInvoices: false,
    webhooks: { endpoints: 0, disabled: 0, failing: 0, pending: 0, troubled: [] },
    refusedByStripe: [],
  })
  expect(overview.usage.hasEvents).toBe(false)
})

test('revenue, what is owed and who paid most follow the invoices, void ones left out', async () => {
  const app = await openApp('2026-03-01T00:00:00Z')
  await app.good('POST', '/meters', { key: 'API_CALL' })
  await app.good('POST', '/plans', {
    key: 'pro',
    name: 'Pro',
    currency: 'USD',
    cycle: 'month',
    basePrice: '100',
    prices: [{ meter: 'API_CALL', model: 'per_unit', unitPrice: '0.01' }],
  })
  for (const customerId of ['ada', 'bob', 'eve']) {
    await app.good('POST', '/customers', { customerId, name: `${customerId} & Co` })
    await app.good('POST', '/subscriptions', { customerId, plan: 'pro' })
  }
  await app.use([{ customer: 'bob', at: '2026-03-02T00:00:00Z', amount: '1000' }])
  await app.until('2026-04-01T02:00:00Z')
  const { data } = await app.good('GET', '/invoices?customerId=eve')
  await app.good('POST', `/invoices/${data[0].id}/void`, { reason: 'a test' })

  const overview = await app.good('GET', '/overview')
  const april = { currency: 'USD', month: '2026-04-01T00:00:00.000Z' }
  expect(overview.revenue).toEqual([
    { ...april, amountMinor: '21000', amount: '210.00', invoices: 2 },
  ])
  expect(overview.owed).toMatchObject([{ currency: 'USD', amountMinor: '21000', invoices: 2 }])
  expect(overview.topCustomers).toMatchObject([
    { customerId: 'bob', name: 'bob & Co', amountMinor: '11000' },
    { customerId: 'ada', name: 'ada & Co', amountMinor: '10000' },
  ])
  expect(overview.monthlyRecurring).toEqual([
    { currency: 'USD', amountMinor: '30000', amount: '300.00', subscriptions: 3 },
  ])
  expect(overview.subscriptions.byStatus).toEqual({ active: 3 })
  expect([overview.usage.hasEvents, overview.hasInvoices]).toEqual([true, true])
})

test('what needs somebody is what the lists leave that its links lead to', async () => {
  const app = await openApp('2026-03-01T00:00:00Z')
  const plan = { key: 'pro', name: 'Pro', currency: 'USD', cycle: 'month', basePrice: '100' }
  await app.good('POST', '/plans', plan)
  const subscriptions: string[] = []
  for (const customerId of ['ada', 'bob', 'eve', 'fay']) {
    await app.good('POST', '/customers', { customerId })
    const { id } = await app.good('POST', '/subscriptions', { customerId, plan: 'pro' })
    subscriptions.push(id)
  }
  await app.until('2026-04-01T02:00:00Z')
  const all: { data: { id: string; customerId: string }[] } = await app.good('GET', '/invoices')
  const of = (customer: string) => all.data.find((row) => row.customerId === customer)?.id ?? ''
  const now = new Date('2026-05-01T00:00:00Z')
  await inOwnTransaction(async (tx) => {
    await tellOverdue(tx, app.envId, [of('ada'), of('bob'), of('eve')], now)
    await park(tx, app.envId, { id: subscriptions[3] ?? '', reason: 'the sums differ' }, now)
  })
  await app.good('POST', `/invoices/${of('bob')}/fail`, { reason: 'card declined' })
  await app.good('POST', `/invoices/${of('eve')}/pay`) // late, and no longer owed

  const { owed, subscriptions: counted } = await app.good('GET', '/overview')
  const customers = async (list: string) => {
    const { data }: typeof all = await app.good('GET', list)
    return data.map(({ customerId }) => customerId).sort()
  }
  expect(owed).toMatchObject([{ overdue: 2, failed: 1 }])
  expect(await customers('/invoices?overdue=true')).toEqual(['ada', 'bob'])
  expect(await customers('/invoices?overdue=false')).toEqual(['eve', 'fay'])
  expect(await customers('/invoices?status=failed')).toEqual(['bob'])
  expect(await app.text('/exports/invoices?overdue=true&format=ndjson')).toMatch(/^.+\n.+\n$/)
  expect(counted.parked).toBe(1)
  expect(await customers('/subscriptions?parked=true')).toEqual(['fay'])
  expect(await customers('/subscriptions?parked=false')).toEqual(['ada', 'bob', 'eve'])
  expect(await customers('/invoices?number=INV-000002')).toHaveLength(1)
  expect(await customers('/invoices?number=INV-00000')).toEqual([])
  expect(await app.refused('GET', '/invoices?overdue=yes')).toBe('request.malformed')
})

test('of webhook endpoints those are named that were disabled by nobody, or fail', async () => {
  const app = await openApp('2026-03-01T00:00:00Z')
  await inOwnTransaction((tx) =>
    sql`
      insert into webhook_endpoints (env_id, id, url, event_types, status, disabled_reason, failing_since, last_failed_at, created_at)
      values (${app.envId}, 'we_1', 'https://fine.test/', '{}', 'enabled', null, null, null, now()),
        (${app.envId}, 'we_2', 'https://failing.test/', '{}', 'enabled', null, now(), now(), now()),
        (${app.envId}, 'we_3', 'https://gone.test/', '{}', 'disabled', 'gone', null, null, now()),
        (${app.envId}, 'we_4', 'https://by-hand.test/', '{}', 'disabled', 'manual', null, null, now())`.execute(
      tx,
    ),
  )
  const { webhooks } = await app.good('GET', '/overview')
  expect(webhooks).toMatchObject({ endpoints: 4, failing: 1, disabled: 1 })
  expect(webhooks.troubled).toEqual([
    { id: 'we_2', url: 'https://failing.test/', trouble: 'failing' },
    { id: 'we_3', url: 'https://gone.test/', trouble: 'disabled' },
  ])
})

test('what a subscription agreed on counts, times its quantity; a trial brings nothing in', async () => {
  const app = await openApp('2026-03-01T00:00:00Z')
  const plan = { currency: 'USD', cycle: 'month', basePrice: '100' }
  await app.good('POST', '/plans', { key: 'pro', name: 'Pro', ...plan })
  await app.good('POST', '/plans', { key: 'try', name: 'Try', ...plan, trialDays: 14 })
  const subscribe = async (customerId: string, terms: object) => {
    await app.good('POST', '/customers', { customerId })
    await app.good('POST', '/subscriptions', { customerId, ...terms })
  }
  await subscribe('ada', { plan: 'pro', quantity: '3' })
  await subscribe('bob', { plan: 'pro', quantity: '2', overrides: { basePrice: '80.50' } })
  await subscribe('eve', { plan: 'try' })
  const { monthlyRecurring: recurring } = await app.good('GET', '/overview')
  expect(recurring).toEqual([
    { currency: 'USD', amountMinor: '46100', amount: '461.00', subscriptions: 2 },
  ])
})

test('every cycle is brought to a month of an average year, and currencies stay apart', () => {
  const row = { subscriptions: 1, baseMinor: '1200', baseAmount: '0' }
  const monthly = (cycle: 'day' | 'week' | 'month' | 'quarter' | 'year') =>
    monthlyRecurring([{ ...row, currency: 'USD', cycle }])[0]?.amountMinor
  expect([monthly('day'), monthly('week'), monthly('month')]).toEqual([36500n, 5200n, 1200n])
  expect([monthly('quarter'), monthly('year')]).toEqual([400n, 100n])
  const both = monthlyRecurring([
    { ...row, currency: 'JPY', cycle: 'month', baseAmount: '30.000000000000' },
    { ...row, currency: 'EUR', cycle: 'year', baseMinor: '100.500000000000000000' },
  ])
  expect(both.map(({ currency, amountMinor }) => [currency, amountMinor])).toEqual([
    ['EUR', 8n],
    ['JPY', 1230n],
  ])
})
