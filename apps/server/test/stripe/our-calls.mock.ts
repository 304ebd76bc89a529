import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PaymentProvider, ProviderRequest } from '../../src/payments/provider.ts'
import { aCollectingEnvironment, dueInvoice, START } from '../../src/payments/test-payments.ts'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { schedule } from '../../src/platform/due/schedule.ts'
import { boundAccount } from '../../src/stripe/account.ts'
import { findCustomer } from '../../src/stripe/link-customer.ts'
import { openSetup } from '../../src/stripe/set-up-method.ts'
import { DISPUTE_KIND, SETUP_KIND } from '../../src/stripe/stripe.jobs.ts'
import {
  type Bound,
  bindToFake,
  fetchWhatIsDue,
  giveCard,
  providerOf,
} from '../../src/stripe/test-account.ts'
import {
  createInvoice,
  createItem,
  deleteDraft,
  deleteItem,
  finalizeInvoice,
  findThere,
  readInvoice,
  voidInvoice,
} from '../../src/stripe-sync/invoice-at-stripe.ts'
import { lookUpMeter } from '../../src/stripe-sync/look-up-meter.ts'
import { lookUpPrice } from '../../src/stripe-sync/look-up-price.ts'
import { sendUsage, sumAtStripe } from '../../src/stripe-sync/send-usage.ts'
import type { StripeInvoice } from '../../src/stripe-sync/stripe-invoice.ts'
import { itemsOf, setQuantity } from '../../src/stripe-sync/subscription-item.ts'
import {
  COLLECTION_METHODS,
  HOUR_MS,
  hourOf,
  PRORATION_BEHAVIORS,
} from '../../src/stripe-sync/trigger.ts'
import { CALLS } from './fake-calls.ts'

const MODULE = 'github.com/stripe/stripe-mock'
const VERSION = 'v0.203.0'
const FOLDER = fileURLToPath(
  new URL('../../../../node_modules/.cache/stripe-mock', import.meta.url),
)
const PATIENCE_MS = 60_000

let bound: Bound
let mock: ChildProcess
let mockUrl: string

beforeAll(async () => {
  const env = { ...process.env, GOBIN: FOLDER, GOFLAGS: '' }
  execFileSync('go', ['install', `${MODULE}@${VERSION}`], { env, stdio: 'inherit' })
  const port = await freePort()
  mockUrl = `http://127.0.0.1:${port}`
  mock = spawn(`${FOLDER}/stripe-mock`, ['-http-addr', `127.0.0.1:${port}`], { stdio: 'ignore' })
  const giveUpMs = performance.now() + PATIENCE_MS
  while (!(await answers()) && performance.now() < giveUpMs) await sleep(50)
  bound = await bindToFake(await aCollectingEnvironment())
  await dueInvoice(bound.env, null)
})
afterAll(async () => {
  mock.kill()
  await bound.stripe.stop()
})

const answers = () => ask('GET', '/v1/account', '').catch(() => null)

/** What stands in the way, by Stripe's own description of its API; null when nothing does. */
async function ask(
  method: string,
  address: string,
  body: string,
): Promise<{ text: string | null }> {
  const answer = await fetch(mockUrl + address, {
    method,
    headers: {
      authorization: 'Bearer sk_test_mock',
      'content-type': 'application/x-www-form-urlencoded',
    },
    ...(method === 'POST' ? { body } : {}),
  })
  const text = await answer.text()
  return { text: answer.ok ? null : text }
}

test('refuses what Stripe does not know, so that the next test can fail', async () => {
  const { text } = await ask('POST', '/v1/payment_intents', 'amount=1&currency=usd&nonsense=1')
  expect(text).toContain('additional properties are not allowed')
})

test('takes every call that we make of Stripe', async () => {
  await chargeInAllWays()
  await lookUpInAllWays()
  await tellUsage()
  await mirrorQuantities()
  await billInvoices()
  const { requests } = bound.stripe
  const unmade = CALLS.map(({ what }) => what).filter((what) => {
    const pattern = new RegExp(`^${what.replace(':id', '[^/]+')}$`)
    return !requests.some((one) => pattern.test(one.what))
  })
  expect(unmade, 'calls that the fake knows and that were not made here').toEqual([])
  for (const { what, search, body } of requests) {
    const [method = '', path = ''] = what.split(' ')
    expect(await ask(method, path + search, body), `${what} ${search}${body}`).toEqual({
      text: null,
    })
  }
})

async function chargeInAllWays(): Promise<void> {
  const provider = providerOf(bound)
  const { env } = bound
  const paid = await request('pay_paid', 'ok')
  const charged = await provider.charge(env, paid)
  await provider.find(env, paid)
  await provider.find(env, { ...paid, providerRef: charged.providerRef ?? null })
  await giveBack(provider, charged.providerRef ?? '')
  await provider.charge(env, await request('pay_declined', 'insufficient_funds'))
  const late = await request('pay_late', 'ok')
  const { providerRef = null } = await provider.charge(env, late)
  const intent = bound.stripe.books.intents.get(providerRef ?? '')
  if (intent) intent.status = 'requires_confirmation'
  expect(await provider.find(env, late)).toMatchObject({ status: 'succeeded' })
  const waiting = await request('pay_waiting', 'authentication')
  expect(await provider.charge(env, waiting)).toMatchObject({ status: 'action_required' })
  expect(await provider.cancel(env, waiting)).toMatchObject({ status: 'canceled' })
}

async function giveBack(provider: PaymentProvider, chargeRef: string): Promise<void> {
  const refund = { ...(await request('pay_back', 'ok')), kind: 'refund', chargeRef } as const
  const { providerRef = null } = await provider.refund(bound.env, refund)
  await provider.find(bound.env, refund)
  await provider.find(bound.env, { ...refund, providerRef })
  const dispute = bound.stripe.books.dispute(chargeRef, 'fraudulent')
  await fetched(DISPUTE_KIND, dispute)
}

async function lookUpInAllWays(): Promise<void> {
  const { deps, env, stripe } = bound
  const wanted = { customer: 'ann', returnUrl: 'https://shop.example', currency: 'USD' }
  const { url } = await openSetup(deps, env, wanted)
  await fetched(SETUP_KIND, url.split('/').at(-1) ?? '')
  const [customerRef = ''] = stripe.books.customers.keys()
  await findCustomer(deps, env, { customer: 'ann', customerRef })
}

async function tellUsage(): Promise<void> {
  const { deps, env, stripe } = bound
  const { id, event_name: eventName } = stripe.books.meters.add('api_calls')
  const priceId = stripe.books.meters.addPrice(id)
  const { meter } = await lookUpMeter(deps, env, { priceId, eventName })
  const account = await boundAccount(deps, env)
  const [customerRef = ''] = stripe.books.customers.keys()
  const from = hourOf(new Date())
  const event = { at: from, value: 5n, identifier: 'x', customerRef }
  expect(await sendUsage(account, meter, event)).toEqual({ status: 'sent' })
  const to = new Date(from.getTime() + HOUR_MS)
  expect(await sumAtStripe(account, meter, { customerRef, from, to })).toBe(5n)
}

async function mirrorQuantities(): Promise<void> {
  const { deps, env, stripe } = bound
  const price = stripe.books.subscriptions.addPrice()
  const { priceRef } = await lookUpPrice(deps, env, price.id)
  const [customerRef = ''] = stripe.books.customers.keys()
  const { id: itemRef } = stripe.books.subscriptions.subscribe(customerRef, price)
  const account = await boundAccount(deps, env)
  expect(await itemsOf(account, { customerRef, priceRef })).toMatchObject([{ ref: itemRef }])
  for (const prorationBehavior of PRORATION_BEHAVIORS) {
    const record = { itemRef, value: 5n, identifier: prorationBehavior, attempts: 1 }
    expect(await setQuantity(account, record, prorationBehavior)).toEqual({ status: 'sent' })
  }
}

async function billInvoices(): Promise<void> {
  const { env, stripe } = bound
  const [customerRef = ''] = stripe.books.customers.keys()
  const account = await boundAccount(bound.deps, env)
  const invoice = anInvoice(customerRef)
  for (const collectionMethod of COLLECTION_METHODS) {
    const about = { ...invoice, invoiceId: `inv_${collectionMethod}` }
    const asked = { number: 'INV-1', netDays: 14, collectionMethod }
    const invoiceRef = await createInvoice(account, about, asked)
    await createItem(account, { ...about, invoiceRef }, ITEM)
    await findThere(account, about, { hasOwn: true })
    await readInvoice(account, invoiceRef)
    await finalizeInvoice(account, invoiceRef)
    await voidInvoice(account, invoiceRef)
  }
  const itemRef = await createItem(account, invoice, { ...ITEM, amountMinor: -5n })
  await deleteItem(account, itemRef)
  const drafted = { number: 'INV-2', netDays: 0, collectionMethod: 'send_invoice' } as const
  await deleteDraft(account, await createInvoice(account, { ...invoice, keyNo: 2 }, drafted))
}

const ITEM = {
  ...{ itemNo: 1, description: 'Work', amountMinor: 500n, itemRef: null },
  period: { from: START, to: START },
}

function anInvoice(customerRef: string): StripeInvoice {
  return {
    ...{ invoiceId: 'inv_x', triggerId: 'strt_x', customer: 'ann', currency: 'USD' },
    ...{ amountMinor: 500n, state: 'sending', reason: null, reasonText: null, attempts: 1 },
    ...{ keyNo: 1, keySince: START, sentAt: null, customerRef, invoiceRef: null },
    ...{ invoiceStatus: null, createdAt: new Date() },
  }
}

async function fetched(kind: string, ref: string): Promise<void> {
  await inOwnTransaction((tx) => schedule(tx, bound.env, { kind, ref, at: START }))
  expect(await fetchWhatIsDue(bound, new Date(START.getTime() + 1))).toBe(1)
}

async function request(idempotencyKey: string, behaviour: string): Promise<ProviderRequest> {
  const methodToken = await giveCard(bound, 'ann', behaviour)
  return {
    ...{ kind: 'charge', idempotencyKey, customerRef: 'ann', reference: 'inv_x', methodToken },
    ...{ amountMinor: 10_000n, currency: 'USD', providerRef: null, chargeRef: null, account: null },
  }
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
