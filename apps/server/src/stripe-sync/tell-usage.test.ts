import { decimal } from '@usageflow/pricing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../test/stripe/fake-stripe.ts'
import { correct } from '../metering/test-metering.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { forgetPauses } from '../stripe/test-account.ts'
import { retryRefused, setActive } from './change-trigger.ts'
import { lookForUsage } from './look-for-usage.ts'
import {
  aTelling,
  aTrigger,
  atStripe,
  hoursAgo,
  link,
  records,
  states,
  type Telling,
  tell,
  used,
} from './test-telling.ts'

let telling: Telling
beforeEach(async () => {
  telling = await aTelling()
})
afterEach(() => telling.stripe.stop())

const DAY_MS = 86_400_000
const EVENTS = 'POST /v1/billing/meter_events'
const sent = () => telling.stripe.requests.filter(({ what }) => what === EVENTS)
const ago = (hours: number) => hoursAgo(hours).toISOString()

/** What is to become of the next calls that send usage. */
function failNext(fault: Fault, times = 1): void {
  let left = times
  telling.stripe.fail((what) => {
    if (what !== EVENTS || left === 0) return null
    left -= 1
    return fault
  })
}

async function again(): Promise<void> {
  await forgetPauses(telling.env)
  await tell(telling)
}

function retryAll(triggerId: string): Promise<number> {
  const times = { now: telling.now(), systemNow: telling.now() }
  const asked = { triggerId, customer: null }
  return inOwnTransaction((tx) => retryRefused(tx, telling.env, asked, times))
}

/** As the loop does: usage was counted, and whose it is has their work be due. */
async function look(): Promise<void> {
  await lookForUsage(telling.deps)
  await again()
}

test('tells each hour of a customer once, at its time, under a name that follows from it', async () => {
  await used(telling, { at: ago(3), amount: '5' }, { at: ago(3), amount: '2' }, { at: ago(1) })
  const trigger = await aTrigger(telling)
  await tell(telling)
  expect(atStripe(telling, telling.ann)).toBe(8n)
  const events = telling.stripe.books.meters.events
  expect(events.map(({ value, timestamp }) => [value, timestamp * 1_000])).toEqual([
    [7n, hoursAgo(3).getTime()],
    [1n, hoursAgo(1).getTime()],
  ])
  expect(events[0]?.identifier).toMatch(new RegExp(`^${trigger.id}-[0-9a-f]{24}-\\d+-1$`))
  const start = { id: trigger.id, isActive: true }
  await inOwnTransaction((tx) => setActive(tx, telling.env, start, telling.now()))
  await tell(telling)
  expect(sent()).toHaveLength(2)
})

test('tells what comes later, late, or is taken back as a difference of its hour', async () => {
  await used(telling, { at: ago(5), amount: '5', key: 'a' })
  await aTrigger(telling)
  await tell(telling)
  await used(telling, { at: ago(5), amount: '3' }, { at: ago(2), amount: '4' })
  await look()
  expect(atStripe(telling, telling.ann)).toBe(12n)
  await correct(telling.env, { key: 'a', kind: 'void' })
  await used(telling)
  await look()
  expect(atStripe(telling, telling.ann)).toBe(7n)
  expect((await records(telling)).map(({ value, no }) => [value, no])).toEqual([
    [5n, 1],
    [3n, 2],
    [-5n, 3],
    [4n, 1],
  ])
})

describe('what is not known to have come', () => {
  test.each(['cut_before', 'cut_after', 'server_error', 'rate_limited'] as const)(
    'is sent again and counts once: %s',
    async (fault) => {
      await used(telling, { at: ago(2), amount: '5' })
      await aTrigger(telling)
      failNext(fault, fault.startsWith('cut_') ? 2 : 1) // the library of Stripe repeats one whose connection broke
      await tell(telling)
      expect(await states(telling)).toMatchObject([
        [5n, fault === 'rate_limited' ? 'rate_limited' : 'no_answer'],
      ])
      await again()
      expect(await states(telling)).toEqual([[5n, 'sent']])
      expect(atStripe(telling, telling.ann)).toBe(5n)
      expect(new Set(sent().map(({ body }) => body)).size).toBe(1)
    },
  )

  test('is never changed: usage that comes meanwhile is sent apart', async () => {
    await used(telling, { at: ago(2), amount: '5' })
    await aTrigger(telling)
    failNext('cut_after', 2)
    await tell(telling)
    await used(telling, { at: ago(2), amount: '1' })
    await look()
    expect(await states(telling)).toEqual([
      [5n, 'sent'],
      [1n, 'sent'],
    ])
    expect(atStripe(telling, telling.ann)).toBe(6n)
  })

  test.each([
    ['and has come, it is found and not sent again', 'cut_after', 1],
    ['and has not come, it is sent', 'cut_before', 2],
  ] as const)('when Stripe has forgotten the name %s', async (_what, fault, _calls) => {
    await used(telling, { at: ago(2), amount: '5' })
    await aTrigger(telling)
    failNext(fault, 2)
    await tell(telling)
    telling.elapse(2 * DAY_MS)
    await again()
    expect(await states(telling)).toEqual([[5n, 'sent']])
    expect(atStripe(telling, telling.ann)).toBe(5n)
    expect(telling.stripe.requests.some(({ what }) => what.endsWith('/event_summaries'))).toBe(true)
  })

  test('and about which the sum of the hour says nothing is left to people', async () => {
    await used(telling, { at: ago(2), amount: '5' })
    const trigger = await aTrigger(telling)
    failNext('cut_before', 2)
    await tell(telling)
    telling.stripe.books.meters.createEvent({
      ...{ event_name: 'api_calls', identifier: 'theirs', 'payload[value]': '2' },
      ...{
        'payload[stripe_customer_id]': telling.ann,
        timestamp: `${hoursAgo(2).getTime() / 1_000}`,
      },
    })
    telling.elapse(2 * DAY_MS)
    await again()
    expect(await states(telling)).toEqual([[5n, 'unclear']])
    await retryAll(trigger.id)
    await again()
    expect(atStripe(telling, telling.ann)).toBe(7n)
  })
})

describe('usage of a customer who is not linked', () => {
  test('waits, grows while it waits, and is sent as soon as the customer is linked', async () => {
    await used(telling, { customer: 'bob', at: ago(2), amount: '5' })
    await aTrigger(telling)
    await tell(telling)
    await used(telling, { customer: 'bob', at: ago(2), amount: '1' })
    await look()
    expect(await states(telling)).toEqual([[6n, 'customer_not_linked']])
    const { id } = telling.stripe.books.createCustomer({}) as { id: string }
    await link(telling, 'bob', id)
    await tell(telling)
    expect(await states(telling)).toEqual([[6n, 'sent']])
    expect(atStripe(telling, id)).toBe(6n)
  })

  test('is sent to one who is made, where a trigger says so', async () => {
    await used(telling, { customer: 'bob', at: ago(2), amount: '5' })
    await aTrigger(telling, { makesCustomers: true })
    await tell(telling)
    expect(await states(telling)).toEqual([[5n, 'sent']])
  })
})

test('what Stripe refuses says why, takes along what follows of its hour, and is sent when somebody asks for it', async () => {
  await used(telling, { at: ago(2), amount: '5' })
  const trigger = await aTrigger(telling)
  telling.meter.status = 'inactive'
  await tell(telling)
  const [refused] = await records(telling)
  expect(refused).toMatchObject({ state: 'refused', reason: 'invalid_request', attempts: 1 })
  expect(refused?.reasonText).toContain('No active meter')
  await used(telling, { at: ago(2), amount: '2' })
  await look()
  expect(await states(telling)).toEqual([[7n, 'invalid_request']])
  telling.meter.status = 'active'
  expect(await retryAll(trigger.id)).toBe(1)
  await again()
  expect(await states(telling)).toEqual([[7n, 'sent']])
  expect(atStripe(telling, telling.ann)).toBe(7n)
})

test('what was refused after it may have come is never changed, however often it is tried', async () => {
  await used(telling, { at: ago(2), amount: '5' })
  const trigger = await aTrigger(telling)
  failNext('cut_after', 2)
  await tell(telling)
  telling.meter.status = 'inactive'
  await again()
  for (const _ of [1, 2]) {
    expect(await states(telling)).toEqual([[5n, 'invalid_request']])
    await retryAll(trigger.id)
    await again()
  }
  await used(telling, { at: ago(2), amount: '2' })
  telling.meter.status = 'active'
  await look()
  await retryAll(trigger.id)
  await again()
  expect(await states(telling)).toEqual([
    [5n, 'sent'],
    [2n, 'sent'],
  ])
  expect(atStripe(telling, telling.ann)).toBe(7n)
})

test('what Stripe can never take is refused here: too old, too many digits', async () => {
  const old = await aTrigger(telling)
  await tell(telling)
  await used(telling, { at: ago(470), amount: '5' }, { at: ago(1), amount: '1234567890123456' })
  telling.elapse(17 * DAY_MS)
  await look()
  expect(await states(telling)).toEqual([
    [5n, 'too_old'],
    [1234567890123456n, 'too_many_digits'],
  ])
  expect(sent()).toEqual([])
  expect(old.isActive).toBe(true)
})

test('a fraction goes along with what makes it whole, and a multiplier sends it at once', async () => {
  await used(telling, { at: ago(4), amount: '1.4' }, { at: ago(3), amount: '0.4' })
  await aTrigger(telling)
  await tell(telling)
  expect(await states(telling)).toEqual([
    [1n, 'sent'],
    [0n, 'carried'],
  ])
  await used(telling, { at: ago(2), amount: '0.2' })
  await look()
  expect(atStripe(telling, telling.ann)).toBe(2n)
})

test('a multiplier sends thousandths', async () => {
  await used(telling, { at: ago(4), amount: '1.4' })
  await aTrigger(telling, { multiplier: decimal('1000') })
  await tell(telling)
  expect(atStripe(telling, telling.ann)).toBe(1_400n)
})

test('one that is stopped tells nothing, and catches up when it is started again', async () => {
  const { id } = await aTrigger(telling)
  await inOwnTransaction((tx) => setActive(tx, telling.env, { id, isActive: false }, telling.now()))
  await used(telling, { at: ago(2), amount: '5' })
  await look()
  expect(sent()).toEqual([])
  await inOwnTransaction((tx) => setActive(tx, telling.env, { id, isActive: true }, telling.now()))
  await tell(telling)
  expect(atStripe(telling, telling.ann)).toBe(5n)
})

test('of two triggers for one meter of Stripe the second is refused while the first is active', async () => {
  const { id } = await aTrigger(telling)
  await expect(aTrigger(telling)).rejects.toMatchObject({ code: 'stripe.event_name_taken' })
  await inOwnTransaction((tx) => setActive(tx, telling.env, { id, isActive: false }, telling.now()))
  await aTrigger(telling)
  const back = inOwnTransaction((tx) =>
    setActive(tx, telling.env, { id, isActive: true }, telling.now()),
  )
  await expect(back).rejects.toMatchObject({ code: 'stripe.event_name_taken' })
})

test('usage of hours that have not come is not sent, as a test clock may be ahead', async () => {
  await aTrigger(telling)
  await used(telling, { at: ago(-3), amount: '5' })
  await look()
  expect(await records(telling)).toEqual([])
})
