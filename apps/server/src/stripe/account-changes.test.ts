import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startFakeStripe } from '../../test/stripe/fake-stripe.ts'
import { refundPayment } from '../payments/pay-by-request.ts'
import type { ProviderRequest } from '../payments/provider.ts'
import {
  aCollectingEnvironment,
  daysAfterStart,
  dueInvoice,
  methodsOf,
  payments,
  START,
} from '../payments/test-payments.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { boundAccount } from './account.ts'
import { connect, disconnect, proveKey } from './connect.ts'
import { customerAt, findCustomer, linkCustomer } from './link-customer.ts'
import { createStripeApi } from './stripe-api.ts'
import { type Bound, bindToFake, collect, giveCard, providerOf } from './test-account.ts'

let first: Bound
/** The same environment, where another account answers. */
let second: Bound
beforeEach(async () => {
  first = await bindToFake(await aCollectingEnvironment())
  const stripe = await startFakeStripe()
  second = { ...first, stripe, deps: { ...first.deps, api: createStripeApi(stripe.url) } }
})
afterEach(async () => {
  await first.stripe.stop()
  await second.stripe.stop()
})

/** As if the connection had changed between two steps of a worker, which nothing but a mistake lets it do. */
const boundTo = ({ env, stripe }: Bound) =>
  inOwnTransaction((tx) =>
    sql`update stripe_connections set account_id = ${stripe.books.account} where env_id = ${env}`.execute(
      tx,
    ),
  )

test('a payment that was sent to one account is never asked for or made at another', async () => {
  await dueInvoice(first.env, null)
  await giveCard(first, 'ann', 'ok')
  await collect(first, START)
  const [payment] = await payments(first.env)
  expect(payment?.providerAccount).toBe(first.stripe.books.account)

  await boundTo(second)
  const card = await giveCard(second, 'ann', 'ok')
  const request: ProviderRequest = {
    ...{ kind: 'charge', idempotencyKey: payment?.id ?? '', customerRef: 'ann', reference: 'inv' },
    ...{ methodToken: card, amountMinor: 10_000n, currency: 'USD', chargeRef: null },
    ...{ providerRef: null, account: first.stripe.books.account },
  }
  const { find, charge, cancel } = providerOf(second)
  for (const ask of [find, charge, cancel])
    await expect(ask(second.env, request)).rejects.toThrow('was sent to')
  expect(second.stripe.books.intents.size).toBe(0)
})

test('what was paid at an account that was left is not given back at another, and says so', async () => {
  await dueInvoice(first.env, null)
  await giveCard(first, 'ann', 'ok')
  await collect(first, START)
  const [payment] = await payments(first.env)
  const { api, sealer } = second.deps
  const key = await proveKey(api, { apiKey: second.stripe.apiKey, mode: 'test' })
  await inOwnTransaction((tx) =>
    connect(tx, first.env, { key, webhookSecret: null }, { sealer, now: START }),
  )
  const wanted = { id: payment?.id ?? '', amountMinor: null }
  await inOwnTransaction((tx) => refundPayment(tx, first.env, wanted, START))
  await collect(second, daysAfterStart(1))
  const [refund] = (await payments(first.env)).filter(({ kind }) => kind === 'refund')
  expect(refund).toMatchObject({ status: 'failed', failureCode: 'other_account' })
  await inOwnTransaction((tx) => disconnect(tx, first.env, START))
})

test('nobody leaves an account while something is about to be sent to it', async () => {
  const order: string[] = []
  let left: Promise<unknown> = Promise.resolve()
  await inOwnTransaction(async (tx) => {
    expect(await providerOf(first).accountOf?.(tx, first.env)).toBe(first.stripe.books.account)
    left = inOwnTransaction((other) => disconnect(other, first.env, START)).then(() =>
      order.push('left'),
    )
    await sleep(300)
    order.push('sent')
  })
  await left
  expect(order).toEqual(['sent', 'left'])
})

test('what was found at one account is attached nowhere once another one is connected', async () => {
  const { env, deps, stripe } = first
  const ann = { customer: 'ann', customerRef: '' }
  await dueInvoice(env, null)
  const account = await boundAccount(deps, env)
  ann.customerRef = await customerAt(deps, env, { account, customer: 'ann' })
  stripe.books.addCard(ann.customerRef, 'ok')
  const found = await findCustomer(deps, env, ann)
  expect(found.methods).toHaveLength(1)
  await boundTo(second)
  const link = () =>
    inOwnTransaction((tx) => linkCustomer(tx, env, { customer: 'ann', found }, START))
  await expect(link()).rejects.toMatchObject({ code: 'stripe.account_changed' })
  expect(await methodsOf(env, 'ann')).toEqual([])
  await boundTo(first)
  await link()
  expect(await methodsOf(env, 'ann')).toHaveLength(1)
})

test('a payment for which there is no account any more fails, and is not sent later', async () => {
  await dueInvoice(first.env, null)
  await giveCard(first, 'ann', 'ok')
  await inOwnTransaction((tx) =>
    sql`delete from stripe_connections where env_id = ${first.env}`.execute(tx),
  )
  await collect(first, START)
  expect(await payments(first.env)).toMatchObject([
    { status: 'failed', failureCode: 'no_account', sentAt: null },
  ])
})
