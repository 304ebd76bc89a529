import { afterEach, beforeEach, expect, test } from 'vitest'
import { startFakeStripe } from '../../test/stripe/fake-stripe.ts'
import { aCollectingEnvironment, dueInvoice, methodsOf, START } from '../payments/test-payments.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { connect, disconnect, proveKey, readConnection } from './connect.ts'
import { updateLastError } from './connections.store.ts'
import { findCustomer, linkCustomer } from './link-customer.ts'
import { createStripeApi } from './stripe-api.ts'
import { type Bound, bindToFake, collect, giveCard, stripeDeps } from './test-account.ts'

let bound: Bound
beforeEach(async () => {
  bound = await bindToFake(await aCollectingEnvironment())
})
afterEach(() => bound.stripe.stop())

const rebind = async (key: { apiKey: string; accountId: string } | null) => {
  const { sealer } = bound.deps
  const wanted = { key, webhookSecret: null }
  return inOwnTransaction((tx) => connect(tx, bound.env, wanted, { sealer, now: START }))
}
const OTHER = { apiKey: 'sk_test_otherotherother', accountId: 'acct_other' }

test.each([
  ['test', 'sk_live_fakefakefakefake'],
  ['test', 'pk_test_fakefakefakefake'],
  ['test', 'uf_test_fakefakefakefake'],
  ['live', 'sk_test_fakefakefakefake'],
  ['live', 'rk_test_fakefakefakefake'],
] as const)('a %s environment takes no %s, and Stripe is not asked', async (mode, apiKey) => {
  const before = bound.stripe.requests.length
  const proven = proveKey(bound.deps.api, { apiKey, mode })
  await expect(proven).rejects.toMatchObject({ code: 'stripe.wrong_mode' })
  expect(bound.stripe.requests).toHaveLength(before)
})

test('no live key is sent to what stands for Stripe', async () => {
  const wanted = { apiKey: 'sk_live_fakefakefakefake', mode: 'live' } as const
  const proven = proveKey(createStripeApi(bound.stripe.url), wanted)
  await expect(proven).rejects.toMatchObject({ code: 'stripe.wrong_mode' })
})

test('a key that Stripe refuses, and a Stripe that does not answer, are told apart', async () => {
  const bad = proveKey(bound.deps.api, { apiKey: 'sk_test_revokedrevoked', mode: 'test' })
  await expect(bad).rejects.toMatchObject({ code: 'stripe.key_refused' })
  bound.stripe.fail(() => 'server_error')
  const { apiKey } = bound.stripe
  const later = proveKey(bound.deps.api, { apiKey, mode: 'test' })
  await expect(later).rejects.toMatchObject({ code: 'stripe.unreachable' })
})

test('what is left out stays, for the same account alone', async () => {
  const before = await inOwnTransaction((tx) => readConnection(tx, bound.env))
  const { apiKey, books } = bound.stripe
  const again = await rebind({ apiKey, accountId: books.account })
  expect(again).toMatchObject({ id: before?.id, hasWebhookSecret: true })
  expect(await rebind(null)).toMatchObject({ id: before?.id, apiKeyLastFour: 'fake' })
  const other = await rebind(OTHER)
  expect(other).toMatchObject({ accountId: 'acct_other', hasWebhookSecret: false })
  expect(other.id).not.toBe(before?.id)
})

test('no account is left while it is moving money; afterwards its cards are detached', async () => {
  await dueInvoice(bound.env, null)
  await giveCard(bound, 'ann', 'authentication')
  await collect(bound, START)
  await expect(rebind(OTHER)).rejects.toMatchObject({ code: 'stripe.payments_open' })
  const left = inOwnTransaction((tx) => disconnect(tx, bound.env, START))
  await expect(left).rejects.toMatchObject({ code: 'stripe.payments_open' })
  bound.stripe.books.act([...bound.stripe.books.intents.keys()][0] ?? '', 'succeeded')
  await collect(bound, new Date(START.getTime() + 3 * 86_400_000))
  await rebind(OTHER)
  expect(await methodsOf(bound.env, 'ann')).toEqual([])
  for (const _ of ['once', 'twice'])
    await inOwnTransaction((tx) => disconnect(tx, bound.env, START))
  expect(await inOwnTransaction((tx) => readConnection(tx, bound.env))).toBeNull()
})

test('a secret opens as that of its own environment alone', async () => {
  const other = await bindToFake(await aCollectingEnvironment())
  const { sealed } = await inOwnTransaction(async (tx) => {
    const { sealed_api_key: sealed } = await tx
      .selectFrom('stripe_connections')
      .where('env_id', '=', bound.env)
      .select('sealed_api_key')
      .executeTakeFirstOrThrow()
    return { sealed }
  })
  expect(sealed.includes(Buffer.from(bound.stripe.apiKey))).toBe(false)
  expect(() => bound.deps.sealer.open(sealed, `stripe api key ${other.env}`)).toThrow()
  await other.stripe.stop()
})

test('a key that Stripe refuses later is shown with the connection, until another is given', async () => {
  await dueInvoice(bound.env, null)
  const { sealer } = bound.deps
  const key = { apiKey: 'sk_test_revokedrevoked', accountId: bound.stripe.books.account }
  await inOwnTransaction((tx) =>
    connect(tx, bound.env, { key, webhookSecret: null }, { sealer, now: START }),
  )
  const asked = findCustomer(bound.deps, bound.env, { customer: 'ann', customerRef: 'cus_1' })
  await expect(asked).rejects.toMatchObject({ code: 'stripe.key_refused' })
  const shown = () => inOwnTransaction((tx) => readConnection(tx, bound.env))
  expect((await shown())?.lastError).toMatchObject({ code: 'StripeAuthenticationError' })
  await rebind({ apiKey: bound.stripe.apiKey, accountId: bound.stripe.books.account })
  expect((await shown())?.lastError).toBeNull()
})

test('or until a later call goes well, but not by one that was on its way before', async () => {
  await dueInvoice(bound.env, null)
  const { id } = bound.stripe.books.createCustomer({})
  const refusedAt = (at: Date) =>
    inOwnTransaction((tx) => updateLastError(tx, bound.env, { at, code: 'refused' }))
  const ask = (at: Date) =>
    findCustomer({ ...bound.deps, clock: () => at }, bound.env, {
      ...{ customer: 'ann', customerRef: id },
    })
  const shown = () => inOwnTransaction((tx) => readConnection(tx, bound.env))
  await refusedAt(new Date(START.getTime() + 1))
  await ask(START)
  expect((await shown())?.lastError).toMatchObject({ code: 'refused' })
  await ask(new Date(START.getTime() + 2))
  expect((await shown())?.lastError).toBeNull()
})

test('a customer is linked to one of Stripe with its cards, once, and to no second one', async () => {
  await dueInvoice(bound.env, null)
  const { books } = bound.stripe
  const theirs = books.createCustomer({ name: 'Ann' })
  const cards = [books.addCard(theirs.id, 'ok'), books.addCard(theirs.id, 'ok')]
  const link = async (customerRef: string) => {
    const found = await findCustomer(bound.deps, bound.env, { customer: 'ann', customerRef })
    await inOwnTransaction((tx) => linkCustomer(tx, bound.env, { customer: 'ann', found }, START))
  }
  for (const _ of ['once', 'twice']) await link(theirs.id)
  const methods = await methodsOf(bound.env, 'ann')
  expect(methods.map(({ token }) => token).sort()).toEqual(cards.sort())
  expect(methods.map(({ label }) => label)).toEqual(Array(2).fill('Visa •••• 4242'))
  books.renewCard(cards[0] ?? '', 2035)
  await link(theirs.id)
  const renewed = (await methodsOf(bound.env, 'ann')).map(({ expiresOn }) => expiresOn)
  expect(renewed.sort()).toEqual(['2030-04', '2035-04'])
  const second = books.createCustomer({})
  await expect(link(second.id)).rejects.toMatchObject({ code: 'stripe.customer_taken' })
  await expect(link('cus_none')).rejects.toMatchObject({ code: 'stripe.customer_unknown' })
})

test('an account that is not there is unreachable', async () => {
  const gone = await startFakeStripe()
  await gone.stop()
  const { api } = await stripeDeps(gone.url)
  const proven = proveKey(api, { apiKey: gone.apiKey, mode: 'test' })
  await expect(proven).rejects.toMatchObject({ code: 'stripe.unreachable' })
})
