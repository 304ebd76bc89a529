import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anOrganization, type RunningApp, runApp } from './running-app.ts'

const DAY_MS = 86_400_000

let app: RunningApp
let key: string
let cus: string
let webhook: string

beforeAll(async () => {
  app = await runApp()
  key = (await anOrganization('Cloud AI')).testKey
  await good('POST', '/clock', { now: new Date().toISOString() })
  const { apiKey, webhookSecret, books } = app.stripe
  const { connection } = await good('PUT', '/stripe', { apiKey, webhookSecret })
  webhook = `${app.address}${new URL(connection.webhookUrl).pathname}`
  await good('POST', '/tax-rates', { key: 'vat', name: 'VAT', percent: '19' })
  await good('POST', '/customers', { customerId: 'ann', taxRate: 'vat', netDays: 10 })
  cus = (books.createCustomer({}) as { id: string }).id
  await good('PUT', '/customers/ann/stripe-customer', { stripeCustomerId: cus })
})
afterAll(() => app.stop())

const ask = (method: string, path: string, body?: unknown) =>
  app.call(method, `/api/v1${path}`, { key, body })

async function good(method: string, path: string, body?: unknown) {
  const answer = await ask(method, path, body)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`)
  return answer.json
}

/** How an invoice stands at Stripe once it is so; the clock moves on meanwhile. */
async function standing(invoiceId: string, state: string) {
  for (let n = 0; n < 200; n += 1) {
    const { data } = await good('GET', `/stripe/invoices?invoiceId=${invoiceId}`)
    if (data[0]?.state === state) return data[0]
    const { now, isMoving } = await good('GET', '/clock')
    const later = new Date(Date.parse(now) + 60_000).toISOString()
    if (!isMoving) await good('POST', '/clock', { now: later })
    await sleep(100)
  }
  throw new Error(`${invoiceId} is not ${state}`)
}

test.each([
  [{ type: 'stripe_invoice', meter: 'tokens' }, '/meter'],
  [{ type: 'stripe_invoice', multiplier: '2' }, '/multiplier'],
  [{ type: 'stripe_invoice', collectionMethod: 'send_invoice' }, '/collectionMethod'],
  [{ type: 'stripe_usage', eventName: 'x' }, '/meter'],
  [{ type: 'stripe_usage', meter: 'tokens', createInvoices: true }, '/createInvoices'],
])('says at which field a trigger is wrong: %o', async (body, at) => {
  const { status, json } = await ask('POST', '/stripe/triggers', body)
  expect(status).toBe(422)
  expect(json.error.details.issues).toMatchObject([{ at }])
})

test('bills an invoice at Stripe with all that was taken off and put on, and has it paid when Stripe was', async () => {
  const trigger = await good('POST', '/stripe/triggers', {
    ...{ type: 'stripe_invoice', createInvoices: true, collectionMethod: 'send_invoice' },
  })
  expect(trigger).toMatchObject({
    ...{ type: 'stripe_invoice', meter: null, multiplier: null, usageFrom: null, priceId: null },
    ...{ createInvoices: true, collectionMethod: 'send_invoice', createCustomers: false },
  })
  await good('POST', '/customers/ann/credits', { currency: 'EUR', amountMinor: '1000' })
  const items = [{ description: 'Integration', quantity: '2.5', unitAmount: '120' }]
  const invoice = await good('POST', '/invoices', { customerId: 'ann', currency: 'EUR', items })
  const sent = await standing(invoice.id, 'sent')
  expect(sent).toMatchObject({
    ...{ invoiceId: invoice.id, customerId: 'ann', amountMinor: '34700', amount: '347.00' },
    ...{ reason: null, whatToDo: null, stripeCustomerId: cus, stripeInvoiceStatus: 'open' },
  })
  const { invoices } = app.stripe.books
  expect([...invoices.items.values()].map(({ amount }) => amount)).toEqual([30_000, 5_700, -1_000])
  expect(invoices.invoices.get(sent.stripeInvoiceId)).toMatchObject({ days_until_due: '10' })
  const collected = await ask('POST', `/invoices/${invoice.id}/collect`)
  expect(collected.json.error).toMatchObject({ code: 'payment.billed_elsewhere' })

  invoices.pay(sent.stripeInvoiceId)
  const event = app.stripe.events.at(-1)
  if (!event) throw new Error('Stripe tells nothing')
  expect(event.type).toBe('invoice.paid')
  expect(await app.stripe.send(webhook, event)).toBe(200)
  await standing(invoice.id, 'paid')
  expect(await good('GET', `/invoices/${invoice.id}`)).toMatchObject({ status: 'paid' })
  const read = await good('GET', `/stripe/triggers/${trigger.id}`)
  expect(read.records).toMatchObject({ sent: 0, paid: 1, refused: 0 })
})

test('what was refused says why and what to do, and is sent again on request', async () => {
  const { invoices } = app.stripe.books
  invoices.addsToEach = 5
  const items = [{ description: 'Work', unitAmount: '10' }]
  const invoice = await good('POST', '/invoices', { customerId: 'ann', currency: 'EUR', items })
  const refused = await standing(invoice.id, 'refused')
  expect(refused).toMatchObject({ reason: 'amount_differs', stripeInvoiceStatus: 'draft' })
  expect(refused.whatToDo).toContain('then retry')
  const { triggerId } = refused
  const seen = async () => (await good('GET', '/overview')).refusedByStripe
  expect(await seen()).toEqual([{ triggerId, refused: 1 }])
  invoices.addsToEach = 0
  await good('POST', `/stripe/invoices/${invoice.id}/retry`)
  expect(await seen()).toEqual([])
  await standing(invoice.id, 'sent')
  const again = await ask('POST', `/stripe/invoices/${invoice.id}/retry`)
  expect(again.json.error).toMatchObject({ code: 'stripe.invoice_not_refused' })
  const unknown = await ask('GET', '/stripe/invoices/inv_none')
  expect(unknown.json.error).toMatchObject({ code: 'stripe.invoice_unknown' })
})

test('a trigger that is stopped bills no further invoice, and one that is void is taken back', async () => {
  const { data } = await good('GET', '/stripe/triggers')
  const [{ id }] = data
  const items = [{ description: 'Work', unitAmount: '20' }]
  const wanted = { customerId: 'ann', currency: 'EUR', items }
  const billed = await good('POST', '/invoices', wanted)
  const { stripeInvoiceId } = await standing(billed.id, 'sent')
  await good('PATCH', `/stripe/triggers/${id}`, { active: false })
  await good('POST', `/invoices/${billed.id}/void`, { reason: 'wrong' })
  await standing(billed.id, 'withdrawn')
  expect(app.stripe.books.invoices.invoices.get(stripeInvoiceId)?.status).toBe('void')
  const later = await good('POST', '/invoices', wanted)
  const { now } = await good('GET', '/clock')
  await good('POST', '/clock', { now: new Date(Date.parse(now) + DAY_MS).toISOString() })
  expect((await good('GET', `/stripe/invoices?invoiceId=${later.id}`)).data).toEqual([])
  const yesterday = new Date(Date.parse(now) - DAY_MS).toISOString()
  const asked = `/stripe/triggers/${id}/reconciliation?from=${yesterday}&to=${now}`
  const reconciled = await ask('GET', asked)
  expect(reconciled.json.error).toMatchObject({ code: 'stripe.trigger_without_sums' })
})
