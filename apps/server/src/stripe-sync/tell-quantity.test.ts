import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../test/stripe/fake-stripe.ts'
import type { FakeItem, FakePrice } from '../../test/stripe/fake-subscriptions.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { forgetPauses } from '../stripe/test-account.ts'
import { retryRefused, setActive } from './change-trigger.ts'
import { lookForUsage } from './look-for-usage.ts'
import {
  aSubscriptionTrigger,
  aTelling,
  hoursAgo,
  link,
  records,
  states,
  type Telling,
  tell,
  used,
} from './test-telling.ts'
import type { Trigger } from './trigger.ts'

const DAY_S = 86_400
const ago = (hours: number) => hoursAgo(hours).toISOString()

let telling: Telling
let price: FakePrice
let item: FakeItem
beforeEach(async () => {
  telling = await aTelling()
  price = telling.stripe.books.subscriptions.addPrice()
  item = telling.stripe.books.subscriptions.subscribe(telling.ann, price, 10 * DAY_S)
})
afterEach(() => telling.stripe.stop())

const aTrigger = (overrides: { aggregation?: 'MAX'; multiplier?: string } = {}): Promise<Trigger> =>
  aSubscriptionTrigger(telling, { priceId: price.id, ...overrides })
const sets = () =>
  telling.stripe.requests.filter(({ what }) => what.startsWith('POST /v1/subscription_items/'))

/** What is to become of the next calls that set a quantity. */
function failNext(fault: Fault, times = 1): void {
  let left = times
  telling.stripe.fail((what) => {
    if (!what.startsWith('POST /v1/subscription_items/') || left === 0) return null
    left -= 1
    return fault
  })
}

async function again(): Promise<void> {
  await forgetPauses(telling.env)
  await tell(telling)
}

async function look(): Promise<void> {
  await lookForUsage(telling.deps)
  await again()
}

function retryAll(triggerId: string): Promise<number> {
  const times = { now: telling.now(), systemNow: telling.now() }
  const asked = { triggerId, customer: null }
  return inOwnTransaction((tx) => retryRefused(tx, telling.env, asked, times))
}

test('sets what the meter comes to in the period of the item, and nothing when it is so already', async () => {
  await used(telling, { at: ago(11 * 24), amount: '100' }, { at: ago(3), amount: '5' })
  await aTrigger()
  await tell(telling)
  expect(item.quantity).toBe(5)
  expect(new URLSearchParams(sets()[0]?.body).get('proration_behavior')).toBe('none')
  await used(telling, { at: ago(1), amount: '2' })
  await look()
  expect(item.quantity).toBe(7)
  await used(telling, { at: ago(1), amount: '0' })
  await look()
  expect(sets()).toHaveLength(2)
  expect(await states(telling)).toEqual([
    [5n, 'sent'],
    [7n, 'sent'],
  ])
  expect(new Set(sets().map(({ key }) => key)).size).toBe(2)
})

test('rounds up to a whole unit, after the multiplier, and takes a maximum as well', async () => {
  await used(telling, { at: ago(3), amount: '4.2' }, { at: ago(2), amount: '3.9' })
  await aTrigger({ aggregation: 'MAX', multiplier: '1.5' })
  await tell(telling)
  expect(item.quantity).toBe(7) // of 6.3
})

test('sets the quantity of the new period when one begins, though nothing was used', async () => {
  await used(telling, { at: ago(3), amount: '5' })
  await aTrigger()
  await tell(telling)
  telling.elapse(19 * DAY_S * 1_000)
  await tell(telling)
  expect(item.quantity).toBe(5)
  telling.elapse(2 * DAY_S * 1_000)
  await tell(telling)
  expect(item.quantity).toBe(0)
})

describe('what is not known to have been set', () => {
  test.each(['cut_before', 'cut_after', 'server_error', 'rate_limited'] as const)(
    'is looked at, and set again only if it is not so: %s',
    async (fault) => {
      await used(telling, { at: ago(2), amount: '5' })
      await aTrigger()
      failNext(fault, fault.startsWith('cut_') ? 2 : 1) // the library of Stripe repeats one whose connection broke
      await tell(telling)
      const reason = fault === 'rate_limited' ? 'rate_limited' : 'no_answer'
      expect(await records(telling)).toMatchObject([{ state: 'sending', reason, value: 5n }])
      const before = sets().length
      await again()
      expect(await states(telling)).toEqual([[5n, 'sent']])
      expect(item.quantity).toBe(5)
      expect(sets().length - before).toBe(fault === 'cut_after' ? 0 : 1)
      const [record] = await records(telling)
      for (const { key } of sets()) expect(key).toContain(record?.identifier)
    },
  )

  test('does not hide what was used meanwhile, also of one that was stopped', async () => {
    await used(telling, { at: ago(2), amount: '5' })
    const { id } = await aTrigger()
    failNext('cut_before', 2)
    await tell(telling)
    await used(telling, { at: ago(1), amount: '3' })
    const stop = { id, isActive: false }
    await inOwnTransaction((tx) => setActive(tx, telling.env, stop, telling.now()))
    await look()
    expect(item.quantity).toBe(5)
    const start = { id, isActive: true }
    await inOwnTransaction((tx) => setActive(tx, telling.env, start, telling.now()))
    await again()
    expect(item.quantity).toBe(8)
  })

  test('is not set in a period it is not of: people are told', async () => {
    await used(telling, { at: ago(2), amount: '5' })
    await aTrigger()
    failNext('cut_before', 2)
    await tell(telling)
    telling.elapse(21 * DAY_S * 1_000)
    await again()
    expect((await states(telling)).sort()).toEqual([
      [0n, 'sent'],
      [5n, 'period_over'],
    ])
    expect(item.quantity).toBe(0)
  })
})

test('waits for a link and for an item, and says so; a retry looks again', async () => {
  await used(telling, { customer: 'bob', at: ago(2), amount: '5' })
  const { id } = await aTrigger()
  await tell(telling)
  expect(await states(telling)).toContainEqual([0n, 'customer_not_linked'])
  const bob = (telling.stripe.books.createCustomer({}) as { id: string }).id
  await link(telling, 'bob', bob)
  await tell(telling)
  expect(await states(telling)).toContainEqual([0n, 'no_subscription_item'])
  const his = telling.stripe.books.subscriptions.subscribe(bob, price, DAY_S)
  await retryAll(id)
  await tell(telling)
  expect(his.quantity).toBe(5)
  const ofBob = (await records(telling)).filter(({ customer }) => customer === 'bob')
  expect(ofBob).toMatchObject([{ state: 'sent', value: 5n, itemRef: his.id, reason: null }])
})

test('of several items none is set, and of one whose subscription has ended neither', async () => {
  const { subscriptions } = telling.stripe.books
  const second = subscriptions.subscribe(telling.ann, price)
  await used(telling, { at: ago(2), amount: '5' })
  const { id } = await aTrigger()
  await tell(telling)
  expect(await states(telling)).toEqual([[0n, 'several_subscription_items']])
  expect(sets()).toEqual([])
  const other = subscriptions.subscriptions.get(second.subscription)
  if (other) other.status = 'unpaid'
  expect(await retryAll(id)).toBe(1)
  await tell(telling)
  expect([item.quantity, second.quantity]).toEqual([5, 1])
})

test('what Stripe refuses says why, and is set when somebody asks for it, under another key', async () => {
  await used(telling, { at: ago(2), amount: '5' })
  const { id } = await aTrigger()
  failNext('refused')
  await tell(telling)
  expect(await states(telling)).toEqual([[5n, 'payment_method_unexpected_state']])
  expect(await retryAll(id)).toBe(1)
  await again()
  expect(await states(telling)).toEqual([[5n, 'sent']])
  expect(new Set(sets().map(({ key }) => key)).size).toBe(2)
})

test('of two triggers for one price the second is refused while the first is active', async () => {
  const { id } = await aTrigger()
  await expect(aTrigger()).rejects.toMatchObject({ code: 'stripe.price_taken' })
  const stop = { id, isActive: false }
  await inOwnTransaction((tx) => setActive(tx, telling.env, stop, telling.now()))
  await aTrigger()
})

test.each([
  ['that is not there', () => 'price_none', 'stripe.price_unknown'],
  ['that is usage-based', () => metered(), 'stripe.price_without_quantity'],
  ['that is not active', () => inactive(), 'stripe.price_without_quantity'],
  ['that is paid once', () => paidOnce(), 'stripe.price_without_quantity'],
] as [string, () => string, string][])('a price %s is refused', async (_what, make, code) => {
  const priceId = make()
  await expect(aSubscriptionTrigger(telling, { priceId })).rejects.toMatchObject({ code })
})

function metered(): string {
  return telling.stripe.books.subscriptions.addPrice('metered').id
}

function inactive(): string {
  price.active = false
  return price.id
}

function paidOnce(): string {
  return telling.stripe.books.meters.addPrice(null)
}
