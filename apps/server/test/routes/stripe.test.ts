import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withClient } from '../../src/platform/db/embedded-postgres/probe.ts'
import { testDatabase } from '../../src/platform/db/test-db.ts'
import type { FakeStripe } from '../stripe/fake-stripe.ts'
import { anOrganization, type RunningApp, runApp } from './running-app.ts'

let app: RunningApp
let stripe: FakeStripe
let key: string
let webhookUrl: string
const answers: string[] = []

beforeAll(async () => {
  app = await runApp()
  stripe = app.stripe
  const { testKey } = await anOrganization('Cloud AI')
  key = testKey
  await good('POST', '/webhook-endpoints', { url: app.receiverUrl })
  await good('PATCH', '/collection-settings', { collection: 'automatic', retryAfterDays: [3, 5] })
  const plan = { key: 'p', name: 'P', currency: 'USD', cycle: 'year', basePrice: '100', prices: [] }
  await good('POST', '/plans', { ...plan, baseInAdvance: true })
  const { apiKey, webhookSecret } = stripe
  const { connection } = await good('PUT', '/stripe', { apiKey, webhookSecret })
  webhookUrl = connection.webhookUrl
})
afterAll(() => app.stop())

async function good(method: string, path: string, body?: unknown) {
  const answer = await app.call(method, `/api/v1${path}`, { key, body })
  answers.push(answer.text)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`)
  return answer.json
}

const moveTo = (now: string) => good('POST', '/clock', { now })

/** Asks again until the answer is as wanted, or has had time enough. */
async function eventually<T>(ask: () => Promise<T>, isEnough: (answer: T) => boolean): Promise<T> {
  for (let n = 0; n < 200 && !isEnough(await ask()); n++) await sleep(50)
  return ask()
}

const statusOf = (path: string, wanted: string): Promise<string> =>
  eventually(
    async () => (await good('GET', path)).status,
    (status) => status === wanted,
  )

/** Sends all that Stripe has to tell, the last first, and each twice. */
async function tellAll(): Promise<void> {
  const events = stripe.events.splice(0).reverse()
  for (const event of [...events, ...events]) expect(await stripe.send(webhookUrl, event)).toBe(200)
}

/** Lets the customer give a card on the page of Stripe. */
async function giveCard(customerId: string, behaviour: string): Promise<void> {
  const wanted = { returnUrl: 'https://shop.example', currency: 'USD' }
  const { url } = await good('POST', `/customers/${customerId}/payment-method-setups`, wanted)
  const token = stripe.books.completeSession(url.split('/').at(-1), behaviour)
  await tellAll()
  const isThere = (methods: { token: string; isDefault: boolean }[]) =>
    methods.some((method) => method.token === token && method.isDefault)
  const path = `/customers/${customerId}/payment-methods`
  expect(isThere(await eventually(async () => (await good('GET', path)).data, isThere))).toBe(true)
}

async function subscriber(customerId: string, behaviour: string): Promise<string> {
  await good('POST', '/customers', { customerId, email: `${customerId}@example.com` })
  await giveCard(customerId, behaviour)
  return (await good('POST', '/subscriptions', { customerId, plan: 'p' })).id
}

const TOLD = /^(payment|invoice\.(paid|failed|overdue)|subscription|dispute)/

/** What our own webhooks told about a customer, in the order of the facts, when all have arrived. */
async function story(customerId: string): Promise<string[]> {
  const { data } = await good('GET', '/facts?limit=200')
  const mine = data
    .reverse()
    .filter((fact: Fact) => TOLD.test(fact.type) && fact.data.customerId === customerId)
  for (const { id, type } of mine) {
    const path = `/webhook-deliveries?factId=${id}`
    const state = async () => (await good('GET', path)).data[0]?.state
    expect(await eventually(state, (one) => one === 'delivered'), type).toBe('delivered')
  }
  return mine.map(({ type }: Fact) => type)
}

type Fact = { readonly id: string; readonly type: string; readonly data: { customerId: string } }

test('declines at Stripe are retried by our schedule, suspend the subscription, and payment resumes it', async () => {
  const id = await subscriber('ann', 'insufficient_funds')
  await moveTo('2026-03-20T00:00:00Z')
  expect(await statusOf(`/subscriptions/${id}`, 'suspended')).toBe('suspended')
  await tellAll() // of attempts that are over: nothing follows
  const { data } = await good('GET', '/invoices?customerId=ann')
  const [invoice] = data
  expect(invoice).toMatchObject({ status: 'failed' })
  const { data: tries } = await good('GET', `/payments?invoiceId=${invoice.id}`)
  expect(tries.map(({ failureCode }: { failureCode: string }) => failureCode)).toEqual(
    Array(3).fill('insufficient_funds'),
  )
  expect([...stripe.books.intents.values()].map(({ status }) => status)).toEqual(
    Array(3).fill('canceled'),
  )

  await giveCard('ann', 'ok')
  await good('POST', `/invoices/${invoice.id}/collect`)
  expect(await statusOf(`/subscriptions/${id}`, 'active')).toBe('active')
  await tellAll()
  expect((await good('GET', `/invoices/${invoice.id}`)).status).toBe('paid')
  expect(await story('ann')).toEqual([
    'subscription.activated',
    ...['payment.failed', 'invoice.overdue', 'payment.failed', 'payment.failed'],
    ...['invoice.failed', 'subscription.suspended'],
    ...['payment.succeeded', 'invoice.paid', 'subscription.resumed'],
  ])
  const moved = stripe.books.moved().filter((one) => one.metadata.usageflow_invoice === invoice.id)
  expect(moved.map(({ amount }) => amount)).toEqual([10_000])
})

test('who must confirm at a bank is sent there, pays, disputes it, and has it back', async () => {
  await subscriber('bea', 'authentication')
  await moveTo('2026-03-21T00:00:00Z')
  const path = '/payments?customerId=bea'
  const isWaiting = ({ status }: { status: string }) => status === 'action_required'
  const [waiting] = await eventually(
    async () => (await good('GET', path)).data,
    ([one]) => one && isWaiting(one),
  )
  expect(waiting).toMatchObject({ provider: 'stripe', status: 'action_required' })
  expect(waiting.actionUrl).toBe(`https://hooks.invalid/redirect/${waiting.providerRef}`)
  expect(waiting.paymentMethodLabel).toBe('Visa •••• 4242')
  const body = { outcome: 'succeeded' } // which a bank alone can say
  const acted = await app.call('POST', `/api/v1/payments/${waiting.id}/act`, { key, body })
  expect(acted).toMatchObject({
    status: 409,
    json: { error: { code: 'payment.not_of_test_provider' } },
  })

  stripe.books.act(waiting.providerRef, 'succeeded')
  await tellAll()
  expect(await statusOf(`/payments/${waiting.id}`, 'succeeded')).toBe('succeeded')
  expect(await statusOf(`/invoices/${waiting.invoiceId}`, 'paid')).toBe('paid')
  const dispute = stripe.books.dispute(waiting.providerRef, 'fraudulent')
  await tellAll()
  const disputes = async () => (await good('GET', `/disputes?paymentId=${waiting.id}`)).data
  const [open] = await eventually(disputes, (all) => all.length > 0)
  expect(open).toMatchObject({ id: dispute, status: 'open', amount: '100.00' })
  stripe.books.closeDispute(dispute, 'won')
  await tellAll()
  await eventually(disputes, ([one]) => one.status === 'won')
  const { data: listed } = await good('GET', path)
  expect(listed).toMatchObject([{ id: waiting.id, disputes: [{ id: dispute, status: 'won' }] }])

  const refund = await good('POST', `/payments/${waiting.id}/refund`, { amountMinor: '4000' })
  expect(await statusOf(`/payments/${refund.id}`, 'succeeded')).toBe('succeeded')
  await tellAll()
  expect([...stripe.books.refunds.values()].map(({ amount }) => amount)).toEqual([4_000])
  expect(await story('bea')).toEqual([
    ...['subscription.activated', 'payment.action_required', 'payment.succeeded', 'invoice.paid'],
    ...['dispute.opened', 'dispute.closed', 'payment.refunded'],
  ])
})

test('a customer says whom the account knows it as, and what it can pay with', async () => {
  await good('POST', '/customers', { customerId: 'cid' })
  const link = () => good('GET', '/customers/cid/stripe-customer')
  const accountId = stripe.books.account
  expect(await link()).toEqual({ customerId: 'cid', stripeCustomerId: null, accountId })
  await giveCard('cid', 'ok')
  const known = [...stripe.books.customers.keys()].at(-1)
  expect(await link()).toEqual({ customerId: 'cid', stripeCustomerId: known, accountId })
  expect((await good('GET', '/customers/cid/payment-methods')).data).toMatchObject([
    { label: 'Visa •••• 4242', expiresOn: '2030-04', isDefault: true },
  ])
})

test('a live environment takes no test key, and a test environment no account beside its own', async () => {
  const { liveKey, testKey } = await anOrganization('Other')
  const body = { apiKey: stripe.apiKey }
  const live = await app.call('PUT', '/api/v1/stripe', { key: liveKey, body })
  expect(live).toMatchObject({ status: 422, json: { error: { code: 'stripe.wrong_mode' } } })
  const none = await app.call('GET', '/api/v1/stripe', { key: testKey })
  expect(none).toMatchObject({ status: 200, json: { connection: null } })
})

test('a message without a good signature is refused before anything is read or done', async () => {
  const event = { id: 'evt_x', type: 'x', text: 'x'.repeat(900_000) }
  expect(await stripe.send(webhookUrl, event, 400_000)).toBe(400)
  expect(await stripe.send(webhookUrl.replace(/\w+$/, 'none'), event)).toBe(400)
  const tooLong = { ...event, text: 'x'.repeat(1_100_000) }
  expect(await stripe.send(webhookUrl, tooLong)).toBe(400)
  const bare = await fetch(webhookUrl, { method: 'POST', body: '{}' })
  expect(bare.status).toBe(400)
})

test('secrets of Stripe stand in no answer, log, audit, webhook, figure or table', async () => {
  for (const secret of [stripe.apiKey, stripe.webhookSecret]) {
    const form = secret.replace(/fake$/, '') // nor all of it but the last four
    for (const text of answers) expect(text).not.toContain(form)
    expect(app.logged()).not.toContain(form)
    expect(await app.metrics()).not.toContain(form)
    for (const { text } of app.received) expect(text).not.toContain(form)
    expect(await tablesWith(form)).toEqual([])
  }
  expect(answers.length).toBeGreaterThan(50)
  expect(await tablesWith('insufficient_funds')).toContain('payments') // it would be found
})

/** Tables with a row in which this stands, as text or as bytes, as a dump would show it. */
async function tablesWith(text: string): Promise<string[]> {
  const { url } = await testDatabase()
  return withClient(url, async (client) => {
    const { rows } = await client.query(
      `select table_name as name from information_schema.tables
       where table_schema = 'public' and table_type = 'BASE TABLE'`,
    )
    const found: string[] = []
    for (const { name } of rows) {
      const hex = Buffer.from(text).toString('hex')
      const { rowCount } = await client.query(
        `select from ${name} t where t::text like '%' || $1 || '%' or t::text like '%' || $2 || '%' limit 1`,
        [text, hex],
      )
      if (rowCount) found.push(name)
    }
    return found
  })
}
