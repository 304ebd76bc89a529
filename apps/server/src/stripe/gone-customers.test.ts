import { afterEach, beforeEach, expect, test } from 'vitest'
import { cancelPayment } from '../payments/pay-by-request.ts'
import {
  aCollectingEnvironment,
  dueInvoice,
  methodsOf,
  payments,
  START,
} from '../payments/test-payments.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { findCustomer, linkCustomer, readLink } from './link-customer.ts'
import { openSetup } from './set-up-method.ts'
import { type Bound, bindToFake, collect, giveCard } from './test-account.ts'

const PAGE = { customer: 'ann', returnUrl: 'https://shop.example', currency: 'USD' }

let bound: Bound
beforeEach(async () => {
  bound = await bindToFake(await aCollectingEnvironment())
  await dueInvoice(bound.env, null)
})
afterEach(() => bound.stripe.stop())

const linked = async () =>
  (await inOwnTransaction((tx) => readLink(tx, bound.env, 'ann'))).customerRef ?? ''
const link = async (customerRef: string) => {
  const found = await findCustomer(bound.deps, bound.env, { customer: 'ann', customerRef })
  await inOwnTransaction((tx) => linkCustomer(tx, bound.env, { customer: 'ann', found }, START))
}
const setUp = () => openSetup(bound.deps, bound.env, PAGE)
const vanish = {
  deleted: (id: string) => bound.stripe.books.deleteCustomer(id),
  missing: (id: string) => bound.stripe.books.customers.delete(id),
}

test.each(['deleted', 'missing'] as const)(
  'a customer who is %s at Stripe is made anew when they give a card, once',
  async (how) => {
    await giveCard(bound, 'ann', 'ok')
    const before = await linked()
    vanish[how](before)
    const { books } = bound.stripe
    for (const _ of ['once', 'twice']) await setUp()
    const after = await linked()
    expect(after).not.toBe(before)
    const there = [...books.customers.values()].filter(({ deleted }) => !deleted)
    expect(there.map(({ id }) => id)).toEqual([after])
    expect(await methodsOf(bound.env, 'ann')).toEqual([])
    await giveCard(bound, 'ann', 'ok')
    await collect(bound, START)
    expect((await payments(bound.env)).map(({ status }) => status)).toEqual(['succeeded'])
  },
)

test('and is linked to another one, with what that one can pay with alone', async () => {
  await giveCard(bound, 'ann', 'ok')
  const { books } = bound.stripe
  const second = books.createCustomer({}).id
  const card = books.addCard(second, 'ok')
  await expect(link(second)).rejects.toMatchObject({ code: 'stripe.customer_taken' })
  books.deleteCustomer(await linked())
  for (const _ of ['once', 'twice']) await link(second)
  expect(await linked()).toBe(second)
  expect((await methodsOf(bound.env, 'ann')).map(({ token }) => token)).toEqual([card])
})

test('while a payment of theirs is under way they stay linked: it is found by that alone', async () => {
  await giveCard(bound, 'ann', 'authentication')
  await collect(bound, START)
  const before = await linked()
  const second = bound.stripe.books.createCustomer({}).id
  bound.stripe.books.deleteCustomer(before)
  const gone = { code: 'stripe.customer_gone' }
  await expect(setUp()).rejects.toMatchObject(gone)
  await expect(link(second)).rejects.toMatchObject(gone)
  expect(await linked()).toBe(before)
  const [payment] = await payments(bound.env)
  await inOwnTransaction((tx) => cancelPayment(tx, bound.env, payment?.id ?? '', START))
  await collect(bound, START)
  await link(second)
  expect(await linked()).toBe(second)
})

test('whoever is still there is replaced by nobody, also when Stripe refuses a page or is away', async () => {
  await giveCard(bound, 'ann', 'ok')
  const before = await linked()
  for (const fault of ['refused', 'server_error'] as const) {
    bound.stripe.fail((what) => (what.endsWith('/checkout/sessions') ? fault : null))
    await expect(setUp()).rejects.toMatchObject({ kind: expect.any(String) })
  }
  bound.stripe.fail((what) => (what.includes('/customers/') ? 'server_error' : null))
  await expect(link('cus_other')).rejects.toMatchObject({ code: 'stripe.unreachable' })
  expect(await linked()).toBe(before)
})
