import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FakeStripe, startFakeStripe } from '../../test/stripe/fake-stripe.ts'
import { lockPayable } from '../invoicing/payable-invoices.ts'
import { billElsewhere, handOver } from '../payments/hand-over.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { scheduleMany } from '../platform/due/schedule.ts'
import { disconnect } from '../stripe/connect.ts'
import { SETUP_KIND } from '../stripe/stripe.jobs.ts'
import { type Bound, bindToFake, collect, fetchWhatIsDue } from '../stripe/test-account.ts'
import { ORIGIN, type PortalApp, portalApp, type Visit } from './test-portal.ts'

const NOW = new Date('2026-04-03T00:00:00Z')
const CARD = 'Visa •••• 4242'

let stripe: FakeStripe
let app: PortalApp
let bound: Bound
let ann: Visit
beforeEach(async () => {
  stripe = await startFakeStripe()
  app = await portalApp(stripe.url)
  bound = await bindToFake(app.envId, stripe)
  ann = await app.visit('ann')
})
afterEach(() => stripe.stop())

const methods = async () => (await ann.get('/payment-methods')).json
const invoice = async () => (await ann.get('/invoices')).json.data[0]
const pay = async (more = {}) => ann.post(`/invoices/${(await invoice()).id}/pay`, {}, more)

/** Gives a card on the page of Stripe that the portal leads to. */
async function giveCard(behaviour: string): Promise<void> {
  const { status, json } = await ann.post('/payment-method-setups', {})
  expect(status).toBe(201)
  const ref = json.url.split('/').at(-1)
  stripe.books.completeSession(ref, behaviour)
  await inOwnTransaction((tx) => scheduleMany(tx, app.envId, [{ kind: SETUP_KIND, ref, at: NOW }]))
  await fetchWhatIsDue(bound, NOW)
}

describe('a customer', () => {
  test('gives a card at Stripe, comes back, and pays an invoice with it, once', async () => {
    expect(await methods()).toEqual({ canAdd: true, data: [] })
    expect((await pay()).json.error.code).toBe('payment.no_method')
    await giveCard('ok')
    const [opened] = stripe.requests.filter(({ what }) => what === 'POST /v1/checkout/sessions')
    const sent = Object.fromEntries(new URLSearchParams(opened?.body))
    expect(sent).toMatchObject({
      ...{ success_url: `${ORIGIN}/portal?given`, cancel_url: `${ORIGIN}/portal` },
      currency: 'eur',
    })
    expect((await methods()).data).toMatchObject([
      { label: CARD, expiresOn: '2030-04', isDefault: true },
    ])
    const once = { 'idempotency-key': 'once' }
    expect(await pay(once)).toMatchObject({ status: 202, json: { status: 'pending' } })
    expect(await pay(once)).toMatchObject({ status: 202 })
    expect((await invoice()).payment).toEqual({ status: 'pending', actionUrl: null })
    expect((await pay()).json.error.code).toBe('payment.under_way')
    await collect(bound, NOW)
    expect(await invoice()).toMatchObject({ status: 'paid', payment: null })
    expect(stripe.books.moved()).toHaveLength(1)
    expect((await pay()).json.error.code).toBe('payment.not_collectable')
    expect(await audited()).toEqual(['POST /api/portal/v1/invoices/:invoiceId/pay'])
  })

  test('is not asked to pay what somebody else bills, and cannot', async () => {
    await giveCard('ok')
    expect((await invoice()).isPayable).toBe(true)
    const { id } = await invoice()
    await inOwnTransaction(async (tx) => {
      await billElsewhere(tx, app.envId, NOW)
      const invoices = [...(await lockPayable(tx, app.envId, [id])).values()]
      await handOver(tx, app.envId, invoices, NOW)
    })
    expect((await invoice()).isPayable).toBe(false)
    expect((await pay()).json.error.code).toBe('payment.billed_elsewhere')
  })

  test('is sent to the bank that wants them, and sees that a payment failed, not why', async () => {
    await giveCard('authentication')
    await pay()
    await collect(bound, NOW)
    const [waiting] = stripe.books.intents.keys()
    const actionUrl = `https://hooks.invalid/redirect/${waiting}`
    expect((await invoice()).payment).toEqual({ status: 'action_required', actionUrl })
    stripe.books.act(waiting ?? '', 'failed')
    await collect(bound, new Date('2026-04-07T00:00:00Z'))
    expect((await invoice()).payment).toEqual({ status: 'failed', actionUrl: null })
  })

  test('chooses which of their cards is charged', async () => {
    await giveCard('ok')
    await giveCard('insufficient_funds')
    const [first, second] = (await methods()).data
    expect([first.isDefault, second.isDefault]).toEqual([false, true])
    const chosen = await ann.post(`/payment-methods/${first.id}/default`, {})
    expect(chosen).toMatchObject({ status: 200, json: { id: first.id } })
    await pay()
    await collect(bound, NOW)
    expect(await invoice()).toMatchObject({ status: 'paid' })
  })

  test('takes a card away, which is charged no more, and none of somebody else', async () => {
    await giveCard('ok')
    const [{ id }] = (await methods()).data
    const bob = await app.visit('bob')
    expect(await bob.post(`/payment-methods/${id}/detach`, {})).toMatchObject({
      ...{ status: 404, json: { error: { code: 'payment.method_unknown' } } },
    })
    expect((await methods()).data).toHaveLength(1)
    const once = { 'idempotency-key': 'away' }
    const first = await ann.post(`/payment-methods/${id}/detach`, {}, once)
    expect(first).toMatchObject({ status: 200, json: { id } })
    expect(await ann.post(`/payment-methods/${id}/detach`, {}, once)).toMatchObject({
      json: { id },
    })
    expect(await methods()).toEqual({ canAdd: true, data: [] })
    expect((await pay()).json.error.code).toBe('payment.no_method')
    const again = await ann.post(`/payment-methods/${id}/detach`, {})
    expect(again.json.error.code).toBe('payment.method_unknown')
    expect(await audited()).toContain('POST /api/portal/v1/payment-methods/:paymentMethodId/detach')
  })

  test('of an organization without Stripe is offered no card, and told so', async () => {
    await inOwnTransaction((tx) => disconnect(tx, app.envId, NOW))
    expect(await methods()).toEqual({ canAdd: false, data: [] })
    const refused = await ann.post('/payment-method-setups', {})
    expect(refused).toMatchObject({
      status: 409,
      json: { error: { code: 'stripe.not_connected' } },
    })
  })

  test('is told when Stripe does not answer, and nothing is changed', async () => {
    stripe.fail(() => 'server_error')
    const refused = await ann.post('/payment-method-setups', {})
    expect(refused).toMatchObject({ status: 503, json: { error: { code: 'stripe.unreachable' } } })
    expect(await methods()).toEqual({ canAdd: true, data: [] })
  })
})

async function audited(): Promise<string[]> {
  return inOwnTransaction(async (tx) => {
    const { rows } = await sql<{ action: string }>`
      select action from audit_entries where actor_kind = 'customer' and env_id = ${app.envId}`.execute(
      tx,
    )
    return rows.map(({ action }) => action)
  })
}
