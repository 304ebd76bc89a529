import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { factsOf } from '../invoicing/test-billing.ts'
import { endPayment } from '../payments/end-payment.ts'
import { collectNow, refundPayment } from '../payments/pay-by-request.ts'
import {
  aCollectingEnvironment,
  claimPayments,
  daysAfterStart,
  dueInvoice,
  handlerOf,
  payments,
  START,
  settleDeps,
} from '../payments/test-payments.ts'
import { wakePayment } from '../payments/wake-payment.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { LeaseLost } from '../platform/due/job.ts'
import { type Bound, bindToFake, forgetPauses, giveCard, providerOf } from './test-account.ts'

let bound: Bound
let invoiceId: string
beforeEach(async () => {
  bound = await bindToFake(await aCollectingEnvironment())
  invoiceId = await dueInvoice(bound.env, null)
  await giveCard(bound, 'ann', 'ok')
})
afterEach(() => bound.stripe.stop())

/** Does what is due of payments, once, however short a time ago it was put off. */
async function step(now = START): Promise<void> {
  await forgetPauses(bound.env)
  const deps = await settleDeps()
  const providers = { ...deps.providers, stripe: providerOf(bound) }
  for (const job of await claimPayments(deps.db, now))
    await handlerOf({ ...deps, providers }, job.kind)
      .run([job])
      .catch((error) => {
        if (!(error instanceof LeaseLost)) throw error
      })
}
const live = async (days: number) => {
  for (let day = 0; day <= days; day++) for (const _ of 'abc') await step(daysAfterStart(day))
}
const end = (id: string) => inOwnTransaction((tx) => endPayment(tx, bound.env, id, START))
const wake = (paymentId: string, now = START) =>
  inOwnTransaction((tx) => wakePayment(tx, bound.env, { provider: 'stripe', paymentId }, now))
const all = async () =>
  (await payments(bound.env)).map(({ status, failureCode }) => failureCode ?? status)
const collectAgain = () => inOwnTransaction((tx) => collectNow(tx, bound.env, invoiceId, START))
const invoiceStatus = () =>
  inOwnTransaction(async (tx) => {
    const { status } = await tx
      .selectFrom('invoice_states')
      .where('env_id', '=', bound.env)
      .where('invoice_id', '=', invoiceId)
      .select('status')
      .executeTakeFirstOrThrow()
    return status
  })
const facts = () => inOwnTransaction((tx) => factsOf(tx, bound.env))
const told = async () =>
  (await facts())
    .map(({ type }) => type)
    .filter((type) => /^(payment|subscription\.susp|invoice\.(paid|failed))/.test(type))

/** A charge of which nobody says what became of it; returns its id. */
async function stuck(fault: 'cut_after' | 'cut_before'): Promise<string> {
  bound.stripe.fail((what) => (what.startsWith('POST') ? fault : 'server_error'))
  for (const _ of 'abc') await step()
  const [payment] = await payments(bound.env)
  expect(payment?.status).toBe('pending')
  return payment?.id ?? ''
}

test('a payment of which Stripe says nothing is ended once; nothing is charged and nobody suspended for it', async () => {
  const id = await stuck('cut_before')
  for (const _ of ['once', 'twice']) expect(await end(id)).toMatchObject({ status: 'failed' })
  bound.stripe.fail(null)
  await live(35)
  expect(await all()).toEqual(['ended_by_hand'])
  expect(bound.stripe.books.intents.size).toBe(0)
  expect(await told()).toEqual(['payment.failed'])
  const [failed] = (await facts()).filter(({ type }) => type === 'payment.failed')
  expect(failed?.data).toMatchObject({ failureCode: 'ended_by_hand', nextAttemptAt: null })
  expect(await invoiceStatus()).toBe('finalized')
  await collectAgain()
  await live(0)
  expect(await invoiceStatus()).toBe('paid')
})

test('nor does the schedule, which had its next attempt before, charge it', async () => {
  const day = daysAfterStart(1)
  await giveCard(bound, 'ann', 'insufficient_funds')
  await live(0)
  await giveCard(bound, 'ann', 'ok')
  bound.stripe.fail((what) => (what.startsWith('POST') ? 'cut_before' : 'server_error'))
  const { id } = await inOwnTransaction((tx) => collectNow(tx, bound.env, invoiceId, day))
  await step(day)
  await inOwnTransaction((tx) => endPayment(tx, bound.env, id, day))
  bound.stripe.fail(null)
  await live(10)
  expect(await all()).toEqual(['insufficient_funds', 'ended_by_hand'])
  expect(bound.stripe.books.moved()).toEqual([])
})

test.each(['succeeded', 'action_required'] as const)(
  'one that is %s is not ended',
  async (status) => {
    if (status === 'action_required') await giveCard(bound, 'ann', 'authentication')
    await live(0)
    const [payment] = await payments(bound.env)
    expect(payment?.status).toBe(status)
    await expect(end(payment?.id ?? '')).rejects.toMatchObject({ code: 'payment.not_pending' })
    await expect(end('pay_none')).rejects.toMatchObject({ code: 'payment.unknown' })
  },
)

describe('what went through nevertheless', () => {
  test('pays its invoice as soon as Stripe can be asked, without any event', async () => {
    const id = await stuck('cut_after')
    await end(id)
    await step()
    expect(await all()).toEqual(['ended_by_hand'])
    bound.stripe.fail(null)
    await live(2)
    expect(await all()).toEqual(['succeeded'])
    expect(await invoiceStatus()).toBe('paid')
    expect(bound.stripe.books.moved()).toHaveLength(1)
    expect(await told()).toEqual(['payment.failed', 'payment.succeeded', 'invoice.paid'])
  })

  test('is a surplus beside what paid the invoice meanwhile, and can be given back', async () => {
    const id = await stuck('cut_after')
    await end(id)
    await step()
    bound.stripe.fail(null)
    await collectAgain()
    await step() // both are asked for: the one waits for the other
    await live(2)
    const [first, second] = await payments(bound.env)
    expect(first).toMatchObject({ id, status: 'succeeded', isSurplus: true })
    expect(second).toMatchObject({ status: 'succeeded', isSurplus: false })
    expect((await told()).filter((type) => type === 'payment.surplus')).toHaveLength(1)
    expect((await told()).filter((type) => type === 'invoice.paid')).toHaveLength(1)
    await inOwnTransaction((tx) =>
      refundPayment(tx, bound.env, { id, amountMinor: null }, daysAfterStart(2)),
    )
    await live(2)
    const [refund] = (await payments(bound.env)).filter(({ kind }) => kind === 'refund')
    expect(refund).toMatchObject({ status: 'succeeded', refundOf: id })
  })

  test('waits until another charge of the invoice has an outcome', async () => {
    const id = await stuck('cut_after')
    await end(id)
    await step()
    bound.stripe.fail(null)
    const [earlier = ''] = bound.stripe.books.intents.keys()
    await giveCard(bound, 'ann', 'authentication')
    const other = await collectAgain()
    await live(2)
    const open = async () => (await payments(bound.env)).find((one) => one.id === other.id)
    expect((await open())?.status).toBe('action_required')
    expect((await all()).toSorted()).toEqual(['action_required', 'ended_by_hand'])
    const intents = [...bound.stripe.books.intents.keys()]
    bound.stripe.books.act(intents.find((each) => each !== earlier) ?? '', 'succeeded')
    await wake(other.id, daysAfterStart(2))
    await step(daysAfterStart(2))
    await live(4)
    expect((await open())?.status).toBe('succeeded')
    const first = (await payments(bound.env)).find((one) => one.id === id)
    expect(first).toMatchObject({ status: 'succeeded', isSurplus: true })
  })

  test('is heard of by an event, however late', async () => {
    const id = await stuck('cut_after')
    await end(id)
    await live(35)
    expect(await all()).toEqual(['ended_by_hand'])
    bound.stripe.fail(null)
    for (const _ of ['once', 'twice']) await wake(id, daysAfterStart(35))
    await step(daysAfterStart(35))
    await wake(id, daysAfterStart(35))
    await step(daysAfterStart(35))
    expect(await all()).toEqual(['succeeded'])
    expect(await invoiceStatus()).toBe('paid')
  })

  test('also when it was under way at that moment', async () => {
    bound.stripe.slow(300)
    await step()
    const charging = step()
    while (bound.stripe.requests.every(({ what }) => what !== 'POST /v1/payment_intents'))
      await new Promise((resolve) => setTimeout(resolve, 20))
    const [payment] = await payments(bound.env)
    await end(payment?.id ?? '')
    await charging
    bound.stripe.slow(0)
    await live(1)
    expect(await all()).toEqual(['succeeded'])
    expect(await invoiceStatus()).toBe('paid')
  })
})

test('what Stripe has not charged yet is canceled there, and never confirmed', async () => {
  const id = await stuck('cut_after')
  const [intent] = bound.stripe.books.intents.values()
  if (intent) intent.status = 'requires_confirmation'
  await end(id)
  bound.stripe.fail(null)
  await live(2)
  expect(intent?.status).toBe('canceled')
  expect(await all()).toEqual(['ended_by_hand'])
  expect(bound.stripe.books.moved()).toEqual([])
})
