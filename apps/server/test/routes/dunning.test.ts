import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { anOrganization, type RunningApp, runApp } from './running-app.ts'

let app: RunningApp
let key: string
let envId: number
beforeAll(async () => {
  app = await runApp()
  const { test: environment, testKey } = await anOrganization('Dunning')
  key = testKey
  envId = environment.envId
  await good('POST', '/webhook-endpoints', { url: app.receiverUrl })
  await good('PATCH', '/collection-settings', { collection: 'automatic', retryAfterDays: [3, 5] })
  const plan = { key: 'p', name: 'P', currency: 'USD', cycle: 'year', basePrice: '100', prices: [] }
  await good('POST', '/plans', { ...plan, baseInAdvance: true })
})
afterAll(() => app.stop())

async function good(method: string, path: string, body?: unknown) {
  const answer = await app.call(method, `/api/v1${path}`, { key, body })
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`)
  return answer.json
}

const moveTo = (now: string) => good('POST', '/clock', { now })

async function statusOf(path: string, wanted: string): Promise<string> {
  for (let n = 0; n < 100; n++) {
    if ((await good('GET', path)).status === wanted) break
    await sleep(50)
  }
  return (await good('GET', path)).status
}

const TOLD = /^(payment|invoice\.(paid|failed|overdue)|subscription|credits\.top)/

/** What a receiver of webhooks has been told about a customer, in the order of the facts. */
async function story(customerId: string): Promise<string[]> {
  const { data } = await good('GET', '/facts?limit=200')
  const facts = data.reverse().filter((fact: Fact) => TOLD.test(fact.type))
  const mine: Fact[] = facts.filter((fact: Fact) => fact.data.customerId === customerId)
  for (const fact of mine) expect(await deliveryOf(fact), fact.type).toBe('delivered')
  return mine.map(({ type }) => type)
}

type Fact = { readonly id: string; readonly type: string; readonly data: { customerId: string } }

async function deliveryOf({ id }: Fact): Promise<string | undefined> {
  for (let n = 0; n < 100; n++) {
    const { data } = await good('GET', `/webhook-deliveries?factId=${id}`)
    if (data[0]?.state === 'delivered') return 'delivered'
    await sleep(50)
  }
  return undefined
}

/** A customer with a card, subscribed to what is paid a year in advance; returns the subscription. */
async function subscriber(customerId: string, token: string): Promise<string> {
  await good('POST', '/customers', { customerId })
  await good('POST', `/customers/${customerId}/payment-methods`, { token })
  return (await good('POST', '/subscriptions', { customerId, plan: 'p' })).id
}

test('declines are retried by the schedule, suspend the subscription, and payment resumes it', async () => {
  const id = await subscriber('ann', 'pm_test_declined')
  await moveTo('2026-03-20T00:00:00Z')
  expect(await statusOf(`/subscriptions/${id}`, 'suspended')).toBe('suspended')
  const { data: invoices } = await good('GET', '/invoices?customerId=ann')
  const invoice = invoices[0]
  expect(invoice).toMatchObject({ status: 'failed' })
  const { data: tries } = await good('GET', `/payments?invoiceId=${invoice.id}`)
  expect(tries.map(({ status }: { status: string }) => status)).toEqual(Array(3).fill('failed'))
  const days = tries.map(({ createdAt }: { createdAt: string }) => createdAt.slice(0, 10))
  expect(days.reverse()).toEqual(['2026-03-02', '2026-03-05', '2026-03-10'])

  await good('POST', '/customers/ann/payment-methods', {
    token: 'pm_test_timeout',
    isDefault: true,
  })
  await good('POST', `/invoices/${invoice.id}/collect`)
  expect(await statusOf(`/subscriptions/${id}`, 'active')).toBe('active')
  expect((await good('GET', `/invoices/${invoice.id}`)).status).toBe('paid')
  expect(await story('ann')).toEqual([
    'subscription.activated',
    ...['payment.failed', 'invoice.overdue', 'payment.failed', 'payment.failed'],
    ...['invoice.failed', 'subscription.suspended'],
    ...['payment.succeeded', 'invoice.paid', 'subscription.resumed'],
  ])
  const books = await inOwnTransaction((tx) =>
    tx
      .selectFrom('test_provider_charges')
      .where('env_id', '=', envId)
      .where('status', '=', 'succeeded')
      .select(['reference', 'calls'])
      .execute(),
  )
  expect(books).toEqual([{ reference: invoice.id, calls: 1 }]) // its answer was lost: asked, not charged again
})

test('a card that is good, one that needs its customer, and one whose answer is lost, over HTTP', async () => {
  const cards = { bea: 'pm_test_ok', cem: 'pm_test_needs_action', dov: 'pm_test_timeout' }
  for (const [customerId, token] of Object.entries(cards)) await subscriber(customerId, token)
  await moveTo('2026-03-21T00:00:00Z')
  const paid = ['subscription.activated', 'payment.succeeded', 'invoice.paid']
  expect(await story('bea')).toEqual(paid)
  expect(await story('dov')).toEqual(paid)
  expect(await story('cem')).toEqual(['subscription.activated', 'payment.action_required'])

  const { data: waiting } = await good('GET', '/payments?status=action_required')
  expect(waiting).toMatchObject([{ customerId: 'cem', amount: '100.00', provider: 'test' }])
  await good('POST', `/payments/${waiting[0].id}/act`, { outcome: 'succeeded' })
  expect(await statusOf(`/payments/${waiting[0].id}`, 'succeeded')).toBe('succeeded')
  expect(await statusOf(`/invoices/${waiting[0].invoiceId}`, 'paid')).toBe('paid')

  const refund = await good('POST', `/payments/${waiting[0].id}/refund`, { amountMinor: '4000' })
  expect(refund).toMatchObject({ kind: 'refund', amount: '40.00', refundOf: waiting[0].id })
  expect(await statusOf(`/payments/${refund.id}`, 'succeeded')).toBe('succeeded')
  expect(await story('cem')).toEqual([
    ...['subscription.activated', 'payment.action_required', 'payment.succeeded'],
    ...['invoice.paid', 'payment.refunded'],
  ])
})

test('credits that run low are bought over HTTP, and a card that is declined is told', async () => {
  await good('POST', '/meters', { key: 'tokens', name: 'Tokens', aggregation: 'SUM' })
  const wanted = { meter: 'tokens', units: '500', below: '100', priceMinor: '900', currency: 'USD' }
  for (const [customerId, token] of [
    ['fay', 'pm_test_ok'],
    ['gus', 'pm_test_declined'],
  ]) {
    await good('POST', '/customers', { customerId })
    await good('POST', `/customers/${customerId}/payment-methods`, { token })
    await good('POST', `/customers/${customerId}/credits`, { meter: 'tokens', units: '120' })
    const topUp = await good('PUT', `/customers/${customerId}/auto-top-up`, wanted)
    expect(topUp).toMatchObject({ amount: '500', below: '100', price: '9.00', pausedUntil: null })
    expect((await good('GET', `/customers/${customerId}/auto-top-ups`)).data).toEqual([topUp])
    const hold = await good('POST', '/holds', { customerId, meter: 'tokens', units: '30' })
    await good('POST', `/holds/${hold.id}/commit`, { units: '30' })
    const path = `/payments?customerId=${customerId}`
    for (let n = 0; n < 1_200 && !(await good('GET', path)).data[0]?.settledAt; n++) await sleep(50)
  }
  const balance = async (customerId: string) =>
    (await good('GET', `/customers/${customerId}/credit-balance`)).balances[0].available.units
  expect([await balance('fay'), await balance('gus')]).toEqual(['590', '90'])
  expect(await story('fay')).toEqual(['payment.succeeded', 'invoice.paid'])
  expect(await story('gus')).toEqual(['payment.failed', 'credits.top_up_failed'])
})

test('a test card is refused with a live key', async () => {
  const { liveKey } = await anOrganization('Live')
  const ask = (path: string, body: unknown) =>
    app.call('POST', `/api/v1${path}`, { key: liveKey, body })
  await ask('/customers', { customerId: 'eve' })
  expect(await ask('/customers/eve/payment-methods', { token: 'pm_test_ok' })).toMatchObject({
    status: 409,
    json: { error: { code: 'payment.test_method_in_live' } },
  })
})
