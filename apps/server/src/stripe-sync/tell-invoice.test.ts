import { afterEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../test/stripe/fake-stripe.ts'
import { collectWork } from '../invoicing/collection-work.ts'
import { collectNow, recordPaid, recordUnpaid } from '../payments/pay-by-request.ts'
import { collectBy, payments } from '../payments/test-payments.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { schedule } from '../platform/due/schedule.ts'
import { disconnect } from '../stripe/connect.ts'
import { bindToFake } from '../stripe/test-account.ts'
import { createInvoiceTrigger, setActive } from './change-trigger.ts'
import { retryInvoice } from './retry-invoice.ts'
import {
  aBilling,
  again,
  type Billing,
  failNext,
  invoiced,
  standing,
  statusOf,
  there,
  told,
} from './test-billing-at-stripe.ts'
import { link, tell } from './test-telling.ts'
import { COLLECTION_METHODS } from './trigger.ts'

const DAY_MS = 86_400_000

let billing: Billing
afterEach(() => billing.stripe.stop())

const times = () => ({ now: billing.now(), systemNow: billing.now() })
const retry = (id: string) => inOwnTransaction((tx) => retryInvoice(tx, billing.env, id, times()))
const stop = (isActive = false) =>
  inOwnTransaction((tx) =>
    setActive(tx, billing.env, { id: billing.trigger.id, isActive }, billing.now()),
  )
const declareVoid = (id: string) => {
  const taken = { id, step: 'void', reason: 'wrong' } as const
  return inOwnTransaction((tx) => recordUnpaid(tx, billing.env, taken, billing.now()))
}
const payByHand = (id: string) =>
  inOwnTransaction((tx) => recordPaid(tx, billing.env, id, billing.now()))

describe('with an invoice of its own there', () => {
  test.each(COLLECTION_METHODS)(
    'it has the lines and the sum of ours, is final, and ours is paid when it is: %s',
    async (method) => {
      billing = await aBilling(method)
      const id = await invoiced(billing, ['10', '2.5'])
      await tell(billing)
      const { invoices, items } = there(billing)
      const days = method === 'send_invoice' ? '14' : null
      expect(invoices).toMatchObject([
        { customer: billing.ann, status: 'open', collection_method: method, days_until_due: days },
      ])
      expect(items.map(({ amount, description }) => [description, amount])).toEqual([
        ['Work 1', 1_000],
        ['Work 2', 250],
      ])
      expect(await standing(billing, id)).toMatchObject({ state: 'sent', invoiceStatus: 'open' })
      billing.stripe.books.invoices.pay(invoices[0]?.id ?? '')
      await told(billing)
      await told(billing)
      expect(await standing(billing, id)).toMatchObject({ state: 'paid', invoiceStatus: 'paid' })
      expect(await statusOf(billing, id)).toBe('paid')
      expect(await payments(billing.env)).toMatchObject([
        { provider: 'manual', status: 'succeeded', providerRef: invoices[0]?.id },
      ])
    },
  )

  test('it is looked at though Stripe tells nothing, ever more rarely', async () => {
    billing = await aBilling('send_invoice')
    const id = await invoiced(billing, ['10'])
    await tell(billing)
    const reads = () =>
      billing.stripe.requests.filter(({ what }) => what.startsWith('GET /v1/invoices/in_')).length
    const before = reads()
    for (let hours = 0; hours < 14 * 24; hours += 1) {
      billing.elapse(3_600_000)
      await tell(billing)
    }
    expect(reads() - before).toBeGreaterThan(5)
    expect(reads() - before).toBeLessThan(12)
    billing.stripe.books.invoices.pay(there(billing).invoices[0]?.id ?? '')
    billing.elapse(14 * DAY_MS)
    await tell(billing)
    expect(await statusOf(billing, id)).toBe('paid')
  })

  test('it is not made final while it comes to something else, and is when that was mended', async () => {
    billing = await aBilling('charge_automatically')
    billing.stripe.books.invoices.addsToEach = 7
    const id = await invoiced(billing, ['10'])
    await tell(billing)
    expect(await standing(billing, id)).toMatchObject({
      ...{ state: 'refused', reason: 'amount_differs' },
      reasonText: 'It comes to 10.07 USD at Stripe, and to 10.00 USD here.',
    })
    expect(there(billing).invoices).toMatchObject([{ status: 'draft' }])
    billing.stripe.books.invoices.addsToEach = 0
    await retry(id)
    await again(billing)
    expect(await standing(billing, id)).toMatchObject({ state: 'sent', reason: null })
    expect(there(billing).invoices).toMatchObject([{ status: 'open' }])
    expect(there(billing).items).toHaveLength(1)
  })

  test('it is made anew, when somebody wants that, after it was declared void there', async () => {
    billing = await aBilling('send_invoice')
    const id = await invoiced(billing, ['10'])
    await tell(billing)
    billing.stripe.books.invoices.void(there(billing).invoices[0]?.id ?? '')
    await told(billing)
    expect(await standing(billing, id)).toMatchObject({
      ...{ state: 'refused', reason: 'void_at_stripe', invoiceStatus: 'void' },
    })
    expect(await statusOf(billing, id)).toBe('finalized')
    await retry(id)
    await again(billing)
    expect(there(billing).invoices.map(({ status }) => status)).toEqual(['void', 'open'])
    expect(await standing(billing, id)).toMatchObject({ state: 'sent', reason: null })
  })
})

describe('without', () => {
  test('its lines wait for the next one, and ours is paid when that is', async () => {
    billing = await aBilling(null)
    const id = await invoiced(billing, ['10', '2.5'])
    await tell(billing)
    expect(there(billing)).toMatchObject({ invoices: [], items: [{}, {}] })
    expect(await standing(billing, id)).toMatchObject({ state: 'sent', invoiceRef: null })
    const { invoices } = billing.stripe.books
    const next = invoices.invoiceWhatWaits(billing.ann)
    await told(billing)
    expect(await standing(billing, id)).toMatchObject({ invoiceRef: next, invoiceStatus: 'open' })
    expect(await statusOf(billing, id)).toBe('finalized')
    invoices.pay(next)
    await told(billing)
    expect(await statusOf(billing, id)).toBe('paid')
    expect(await standing(billing, id)).toMatchObject({ state: 'paid' })
  })
})

const FAULTS: readonly Fault[] = ['cut_before', 'cut_after', 'rate_limited', 'server_error']
const METHODS = [null, 'charge_automatically'] as const

/** Lets all that was put off be tried, until Stripe has forgotten what it answered under a key. */
async function patiently(): Promise<void> {
  for (const pauseMs of [0, 0, 0, DAY_MS, 0, 0, 0]) {
    billing.elapse(pauseMs)
    await again(billing)
  }
}

/** What there is at Stripe of an invoice of ours. */
function ofInvoice(id: string) {
  const isOfThis = (one: { metadata: Readonly<Record<string, string>> }) =>
    one.metadata.usageflow_invoice === id
  const { invoices, items } = there(billing)
  const amounts = items.filter(isOfThis).map(({ amount }) => amount)
  return { invoices: invoices.filter(isOfThis).length, amounts: amounts.toSorted((a, b) => a - b) }
}

describe.each(METHODS)('whatever becomes of a call (%s)', (method) => {
  test.each(FAULTS)('each line is billed once: %s', async (fault) => {
    billing = await aBilling(method)
    const repeats = fault.startsWith('cut_') ? [fault, fault] : [fault] // the library repeats one whose connection broke
    for (const before of [0, 1, 2, 3]) {
      const id = await invoiced(billing, ['10', '2.5'])
      failNext(billing, ...Array.from({ length: before }, () => null), ...repeats)
      await tell(billing)
      await patiently()
      expect(await standing(billing, id)).toMatchObject({ state: 'sent', reason: null })
      const invoices = method === null ? 0 : 1
      expect(ofInvoice(id)).toEqual({ invoices, amounts: [250, 1_000] })
    }
  })
})

describe('a day later, when Stripe has forgotten the keys', () => {
  test.each(METHODS)(
    'what was made and never answered is found, not made again: %s',
    async (method) => {
      billing = await aBilling(method)
      const id = await invoiced(billing, ['10', '2.5'])
      failNext(billing, 'cut_after', 'cut_after') // the library repeats it
      await tell(billing)
      billing.elapse(DAY_MS + 1)
      await again(billing)
      expect(await standing(billing, id)).toMatchObject({ state: 'sent' })
      expect(ofInvoice(id)).toEqual({ invoices: method === null ? 0 : 1, amounts: [250, 1_000] })
    },
  )

  test('and an hour before that, what Stripe failed at is tried under others', async () => {
    billing = await aBilling('send_invoice')
    const id = await invoiced(billing, ['10'])
    failNext(billing, 'server_error')
    await tell(billing)
    await again(billing)
    expect(await standing(billing, id)).toMatchObject({ state: 'sending', reason: 'no_answer' })
    billing.elapse(DAY_MS - 1_800_000)
    await again(billing)
    expect(await standing(billing, id)).toMatchObject({ state: 'sent', keyNo: 2 })
  })
})

describe('what is not open here any more', () => {
  test.each([
    ['void', declareVoid],
    ['paid by hand', payByHand],
  ])('is taken back there: %s', async (_name, end) => {
    billing = await aBilling('send_invoice')
    const id = await invoiced(billing, ['10'])
    await tell(billing)
    await end(id)
    await tell(billing)
    expect(there(billing).invoices).toMatchObject([{ status: 'void' }])
    expect(await standing(billing, id)).toMatchObject({ state: 'withdrawn' })
  })

  test('leaves nothing of a draft, nor of items that wait', async () => {
    billing = await aBilling('charge_automatically')
    const drafted = await invoiced(billing, ['10', '5'])
    failNext(billing, null, null, 'rate_limited')
    await tell(billing)
    await declareVoid(drafted)
    await again(billing)
    expect(await standing(billing, drafted)).toMatchObject({
      state: 'withdrawn',
      reason: null,
      reasonText: null,
    })
    expect(there(billing)).toEqual({ invoices: [], items: [] })
    await stop()
    await billing.stripe.stop()
    billing = await aBilling(null)
    const waiting = await invoiced(billing, ['10', '5'])
    await tell(billing)
    expect(there(billing).items).toHaveLength(2)
    await declareVoid(waiting)
    await tell(billing)
    expect(there(billing).items).toEqual([])
    expect(await standing(billing, waiting)).toMatchObject({ state: 'withdrawn' })
  })

  test('is told to people where it cannot be taken back', async () => {
    billing = await aBilling(null)
    const id = await invoiced(billing, ['10'])
    await tell(billing)
    billing.stripe.books.invoices.invoiceWhatWaits(billing.ann)
    await declareVoid(id)
    await tell(billing)
    const refused = { state: 'refused', reason: 'invoiced_at_stripe' }
    expect(await standing(billing, id)).toMatchObject(refused)
    await again(billing)
    expect(await standing(billing, id)).toMatchObject(refused)
  })

  test('and was paid at Stripe as well is told to people', async () => {
    billing = await aBilling('send_invoice')
    const id = await invoiced(billing, ['10'])
    await tell(billing)
    billing.stripe.books.invoices.pay(there(billing).invoices[0]?.id ?? '')
    await payByHand(id)
    await tell(billing)
    const refused = { state: 'refused', reason: 'paid_at_stripe' }
    expect(await standing(billing, id)).toMatchObject(refused)
    expect(await payments(billing.env)).toHaveLength(1)
  })
})

describe('who is billed there', () => {
  test('is not charged here, and who is charged here is not billed there', async () => {
    billing = await aBilling('send_invoice')
    const { env } = billing
    const there1 = await invoiced(billing, ['10'])
    await collectBy(env, 'automatic')
    const collect = inOwnTransaction((tx) => collectNow(tx, env, there1, billing.now()))
    await expect(collect).rejects.toMatchObject({ code: 'payment.billed_elsewhere' })
    await inOwnTransaction((tx) => schedule(tx, env, collectWork(there1, billing.now())))
    const here = await invoiced(billing, ['20'])
    await tell(billing)
    expect(await standing(billing, here)).toBeUndefined()
    expect(there(billing).items).toMatchObject([{ amount: 1_000 }])
    const charged = await payments(env)
    expect(charged.map(({ invoiceId }) => invoiceId)).toEqual([here])
  })

  test('and is not linked waits, and is billed once linked', async () => {
    billing = await aBilling('send_invoice')
    const id = await invoiced(billing, ['10'], 'bob')
    await tell(billing)
    expect(await standing(billing, id)).toMatchObject({
      ...{ state: 'waiting', reason: 'customer_not_linked' },
    })
    const { id: bob } = billing.stripe.books.createCustomer({}) as { id: string }
    await link(billing, 'bob', bob)
    await tell(billing)
    expect(await standing(billing, id)).toMatchObject({ state: 'sent', customerRef: bob })
  })

  test('waits while another account is connected, or none, and is billed when theirs is back', async () => {
    billing = await aBilling('send_invoice')
    const { env, deps, stripe } = billing
    await inOwnTransaction((tx) => disconnect(tx, env, billing.now()))
    const id = await invoiced(billing, ['10'])
    await tell(billing)
    expect(await standing(billing, id)).toMatchObject({ state: 'waiting', reason: 'not_connected' })
    await bindToFake(env, stripe)
    await tell({ ...billing, deps })
    expect(await standing(billing, id)).toMatchObject({ state: 'sent', reason: null })
  })

  test('and is unknown there is made, where that is wanted', async () => {
    billing = await aBilling('send_invoice', true)
    const id = await invoiced(billing, ['10'], 'bob')
    await tell(billing)
    expect(await standing(billing, id)).toMatchObject({ state: 'sent' })
    expect(billing.stripe.books.customers.size).toBe(2)
  })
})

test('what Stripe never heard of is taken back when the trigger is stopped, and what it has is followed', async () => {
  billing = await aBilling('send_invoice')
  const sent = await invoiced(billing, ['10'])
  const waiting = await invoiced(billing, ['20'], 'bob')
  await tell(billing)
  const unseen = await invoiced(billing, ['30'])
  await stop()
  await tell(billing)
  expect(await standing(billing, waiting)).toBeUndefined()
  expect(await standing(billing, unseen)).toBeUndefined()
  const collect = (id: string) =>
    inOwnTransaction((tx) => collectNow(tx, billing.env, id, billing.now()))
  for (const id of [waiting, unseen])
    await expect(collect(id)).rejects.toMatchObject({ code: 'payment.no_method' })
  await expect(collect(sent)).rejects.toMatchObject({ code: 'payment.billed_elsewhere' })
  billing.stripe.books.invoices.pay(there(billing).invoices[0]?.id ?? '')
  await told(billing)
  expect(await statusOf(billing, sent)).toBe('paid')
  await stop(true)
  const later = await invoiced(billing, ['40'])
  await tell(billing)
  expect(await standing(billing, later)).toMatchObject({ state: 'sent' })
})

test('one trigger bills the invoices of an environment', async () => {
  billing = await aBilling(null)
  const { accountId } = billing.trigger
  const wanted = { accountId, collectionMethod: null, makesCustomers: false }
  const another = () =>
    inOwnTransaction((tx) => createInvoiceTrigger(tx, billing.env, wanted, times()))
  await expect(another()).rejects.toMatchObject({ code: 'stripe.invoices_taken' })
  await stop()
  await another()
  await expect(stop(true)).rejects.toMatchObject({ code: 'stripe.invoices_taken' })
})
