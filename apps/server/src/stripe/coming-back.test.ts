import { afterEach, beforeEach, expect, test } from 'vitest'
import { detachMethod } from '../payments/payment-methods.ts'
import {
  aCollectingEnvironment,
  dueInvoices,
  methodsOf,
  payWith,
  START,
} from '../payments/test-payments.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { connect, disconnect } from './connect.ts'
import { findCustomer, linkCustomer } from './link-customer.ts'
import { type Bound, bindToFake, fetchWhatIsDue, forgetPauses, giveCard } from './test-account.ts'

const CUSTOMERS = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay'] as const

let bound: Bound
beforeEach(async () => {
  bound = await bindToFake(await aCollectingEnvironment())
  await dueInvoices(bound.env, CUSTOMERS, null)
})
afterEach(() => bound.stripe.stop())

const leave = () => inOwnTransaction((tx) => disconnect(tx, bound.env, START))
const bind = async (accountId = bound.stripe.books.account) => {
  const { sealer } = bound.deps
  const key = { apiKey: bound.stripe.apiKey, accountId }
  const wanted = { key, webhookSecret: null }
  await inOwnTransaction((tx) => connect(tx, bound.env, wanted, { sealer, now: START }))
}
/** Does all that is due now; returns in how many pieces. */
const settle = async () => {
  let pieces = 0
  for (let done = 1; done > 0 && pieces < 20; pieces += done)
    done = await fetchWhatIsDue(bound, new Date(START.getTime() + 1))
  return pieces
}
const namesOf = async (customer: string) =>
  (await methodsOf(bound.env, customer)).map(({ token, isDefault }) => [token, isDefault])
const remove = async (customer: string, token: string) => {
  const method = (await methodsOf(bound.env, customer)).find((each) => each.token === token)
  await inOwnTransaction((tx) => detachMethod(tx, bound.env, method?.id ?? '', START))
}

test('cards come back with the account that was left, and each customer has the same default', async () => {
  const second = await giveCard(bound, 'ann', 'ok')
  const first = await giveCard(bound, 'ann', 'ok')
  for (const customer of CUSTOMERS.slice(1)) await giveCard(bound, customer, 'ok')
  await leave()
  expect(await namesOf('ann')).toEqual([])
  await bind()
  await settle()
  expect((await namesOf('ann')).toSorted()).toEqual([
    [second, false],
    [first, true],
  ])
  for (const customer of CUSTOMERS.slice(1)) expect(await namesOf(customer)).toHaveLength(1)
})

test('what a person removed stays away, and what was removed at Stripe meanwhile does too', async () => {
  const removed = await giveCard(bound, 'ann', 'ok')
  const gone = await giveCard(bound, 'ann', 'ok')
  const kept = await giveCard(bound, 'ann', 'ok')
  await remove('ann', removed)
  await leave()
  bound.stripe.books.cards.delete(gone)
  for (const _ of ['once', 'twice']) await bind()
  await settle()
  expect(await namesOf('ann')).toEqual([[kept, true]])
  await leave()
  await bind()
  await settle()
  expect(await namesOf('ann')).toEqual([[kept, true]])
})

test('and is asked for once, however many there are', async () => {
  for (const customer of CUSTOMERS) await giveCard(bound, customer, 'ok')
  await leave()
  bound.stripe.books.cards.clear()
  await bind()
  expect(await settle()).toBeLessThan(CUSTOMERS.length)
  await bind('acct_other')
  await bind()
  expect(await settle()).toBe(0)
})

test('another account gets nothing, and a default that was chosen meanwhile stays', async () => {
  const card = await giveCard(bound, 'ann', 'ok')
  await leave()
  await bind('acct_other')
  expect(await settle()).toBe(0)
  expect(await namesOf('ann')).toEqual([])
  await payWith(bound.env, 'ann', 'pm_test_ok')
  await bind()
  await settle()
  expect((await namesOf('ann')).toSorted()).toEqual([
    [card, false],
    ['pm_test_ok', true],
  ])
})

test('while Stripe does not answer nothing is taken for gone', async () => {
  const card = await giveCard(bound, 'ann', 'ok')
  await leave()
  await bind()
  bound.stripe.fail(() => 'server_error')
  await fetchWhatIsDue(bound, new Date(START.getTime() + 1))
  expect(await namesOf('ann')).toEqual([])
  bound.stripe.fail(null)
  await forgetPauses(bound.env)
  await settle()
  expect(await namesOf('ann')).toEqual([[card, true]])
})

test('a customer who is linked again has them at once, also without waiting', async () => {
  const cards = [await giveCard(bound, 'ann', 'ok'), await giveCard(bound, 'ann', 'ok')]
  const [customerRef = ''] = bound.stripe.books.customers.keys()
  await leave()
  await bind()
  const found = await findCustomer(bound.deps, bound.env, { customer: 'ann', customerRef })
  for (const _ of ['once', 'twice'])
    await inOwnTransaction((tx) => linkCustomer(tx, bound.env, { customer: 'ann', found }, START))
  expect((await namesOf('ann')).toSorted()).toEqual([
    [cards[0], false],
    [cards[1], true],
  ])
})
