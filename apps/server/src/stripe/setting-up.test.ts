import { afterEach, beforeEach, expect, test } from 'vitest'
import { aCollectingEnvironment, dueInvoice, methodsOf, START } from '../payments/test-payments.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { schedule } from '../platform/due/schedule.ts'
import { findCustomer, linkCustomer, readLink } from './link-customer.ts'
import { openSetup } from './set-up-method.ts'
import { SETUP_KIND } from './stripe.jobs.ts'
import { type Bound, bindToFake, fetchWhatIsDue, giveCard } from './test-account.ts'

const PAGE = { customer: 'ann', returnUrl: 'https://shop.example', currency: 'USD' }

let bound: Bound
beforeEach(async () => {
  bound = await bindToFake(await aCollectingEnvironment())
  await dueInvoice(bound.env, null)
})
afterEach(() => bound.stripe.stop())

/** The customer gives a card on a page, a minute after the last one. */
async function give(): Promise<{ readonly page: string; readonly card: string }> {
  bound.stripe.elapse(60_000)
  await openSetup(bound.deps, bound.env, PAGE)
  const page = [...bound.stripe.books.sessions.keys()].at(-1) ?? ''
  return { page, card: bound.stripe.books.completeSession(page, 'ok') }
}
const hearOf = async (page: string) => {
  await inOwnTransaction((tx) =>
    schedule(tx, bound.env, { kind: SETUP_KIND, ref: page, at: START }),
  )
  await fetchWhatIsDue(bound, new Date(START.getTime() + 1))
}
const standard = async () =>
  (await methodsOf(bound.env, 'ann')).find(({ isDefault }) => isDefault)?.token

test('the card that was given last is the default, in whatever order Stripe tells', async () => {
  const first = await give()
  const second = await give()
  for (const { page } of [second, first, second, first]) await hearOf(page)
  expect(await methodsOf(bound.env, 'ann')).toHaveLength(2)
  expect(await standard()).toBe(second.card)
  const third = await give()
  await hearOf(third.page)
  expect(await standard()).toBe(third.card)
})

test('a card that was linked before its page tells of it is the default then, too', async () => {
  await giveCard(bound, 'ann', 'ok')
  const { page, card } = await give()
  const link = await inOwnTransaction((tx) => readLink(tx, bound.env, 'ann'))
  const customerRef = link.customerRef ?? ''
  const found = await findCustomer(bound.deps, bound.env, { customer: 'ann', customerRef })
  await inOwnTransaction((tx) => linkCustomer(tx, bound.env, { customer: 'ann', found }, START))
  expect(await standard()).not.toBe(card)
  for (const _ of ['once', 'twice']) await hearOf(page)
  expect(await standard()).toBe(card)
})
