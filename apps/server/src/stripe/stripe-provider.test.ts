import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../test/stripe/fake-stripe.ts'
import { getInvoice } from '../invoicing/read-invoice.ts'
import { cancelPayment, refundPayment } from '../payments/pay-by-request.ts'
import type { ProviderRequest } from '../payments/provider.ts'
import {
  aCollectingEnvironment,
  daysAfterStart,
  dueInvoice,
  payments,
  START,
} from '../payments/test-payments.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { createStripeProvider } from './stripe-provider.ts'
import { type Bound, bindToFake, collect, giveCard, providerOf } from './test-account.ts'

let bound: Bound
let invoiceId: string
beforeEach(async () => {
  const env = await aCollectingEnvironment()
  bound = await bindToFake(env)
  invoiceId = await dueInvoice(env, null)
})
afterEach(() => bound.stripe.stop())

const status = () =>
  inOwnTransaction(async (tx) => (await getInvoice(tx, bound.env, invoiceId)).state.status)
const tries = async () =>
  (await payments(bound.env)).map(({ status, failureCode }) => failureCode ?? status)
const called = (what: string) => bound.stripe.requests.filter((one) => one.what === what)
const CREATE = 'POST /v1/payment_intents'
const DAY_MS = 86_400_000

/** Fails two requests of this kind so: the library of Stripe repeats one whose connection broke. */
function failTwice(what: string, fault: Fault): void {
  let left = 2
  bound.stripe.fail((each) => {
    if (!each.startsWith(what) || left === 0) return null
    left -= 1
    return fault
  })
}

async function request(): Promise<ProviderRequest> {
  const [card] = [...bound.stripe.books.cards.keys()]
  return {
    ...{ kind: 'charge', idempotencyKey: 'pay_x', customerRef: 'ann', reference: invoiceId },
    ...{ methodToken: card ?? '', amountMinor: 10_000n, currency: 'USD' },
    ...{ providerRef: null, chargeRef: null, account: null },
  }
}

test('a charge is one PaymentIntent, by our id of the payment', async () => {
  await giveCard(bound, 'ann', 'ok')
  await collect(bound, START)
  expect(await status()).toBe('paid')
  const [payment] = await payments(bound.env)
  const [intent, ...more] = bound.stripe.books.moved()
  expect(more).toEqual([])
  expect(intent).toMatchObject({ id: payment?.providerRef, amount: 10_000, currency: 'usd' })
  expect(intent?.metadata).toEqual({ usageflow_payment: payment?.id, usageflow_invoice: invoiceId })
  expect(called(CREATE)).toMatchObject([{ key: payment?.id }])
})

test('a card that is declined fails with the word of its bank, and its PaymentIntent is closed', async () => {
  await giveCard(bound, 'ann', 'insufficient_funds')
  await collect(bound, START)
  expect(await tries()).toEqual(['insufficient_funds'])
  const [intent] = bound.stripe.books.intents.values()
  expect(intent).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' })
})

describe('whatever becomes of a request, the invoice is paid once', () => {
  test.each([
    ['POST /v1/payment_intents', 'cut_after'],
    ['POST /v1/payment_intents', 'cut_before'],
    ['POST /v1/payment_intents', 'rate_limited'],
  ] as const)('%s %s', async (what, fault) => {
    await giveCard(bound, 'ann', 'ok')
    failTwice(what, fault)
    await collect(bound, START)
    expect(await status()).toBe('paid')
    expect(bound.stripe.books.intents.size).toBe(1)
    expect(await tries()).toEqual(['succeeded'])
  })

  test('an answer that was lost is found after days, when Stripe has forgotten the key', async () => {
    await giveCard(bound, 'ann', 'ok')
    const provider = providerOf(bound)
    failTwice(CREATE, 'cut_after')
    await expect(provider.charge(bound.env, await request())).rejects.toThrow()
    bound.stripe.elapse(3 * DAY_MS)
    expect(await provider.find(bound.env, await request())).toMatchObject({ status: 'succeeded' })
    expect(bound.stripe.books.moved()).toHaveLength(1)
  })

  test('among hundreds of others of the customer', async () => {
    await giveCard(bound, 'ann', 'ok')
    const provider = providerOf(bound)
    await provider.charge(bound.env, await request())
    for (let n = 0; n < 230; n++)
      await provider.charge(bound.env, { ...(await request()), idempotencyKey: `pay_${n}` })
    expect(await provider.find(bound.env, await request())).toMatchObject({ status: 'succeeded' })
    const never = { ...(await request()), idempotencyKey: 'pay_never' }
    expect(await provider.find(bound.env, never)).toBeNull()
  })

  test('a key that comes with another amount is refused by Stripe, and nothing is known by that', async () => {
    await giveCard(bound, 'ann', 'ok')
    const provider = providerOf(bound)
    await provider.charge(bound.env, await request())
    const other = { ...(await request()), amountMinor: 1n }
    await expect(provider.charge(bound.env, other)).rejects.toThrow(/same parameters/)
    expect(bound.stripe.books.moved()).toHaveLength(1)
  })
})

test('a PaymentIntent that waits to be confirmed is confirmed, once', async () => {
  await giveCard(bound, 'ann', 'ok')
  const provider = providerOf(bound)
  await provider.charge(bound.env, await request())
  const [intent] = bound.stripe.books.intents.values()
  if (intent) intent.status = 'requires_confirmation' // the rest of the request was lost at Stripe
  expect(await provider.find(bound.env, await request())).toMatchObject({ status: 'succeeded' })
  expect(await provider.find(bound.env, await request())).toMatchObject({ status: 'succeeded' })
  expect(called(`${CREATE}/${intent?.id}/confirm`)).toMatchObject([{ key: 'pay_x:confirm' }])
  expect(bound.stripe.books.moved()).toHaveLength(1)
})

test.each(['authentication', 'ok'])(
  'of a card (%s) that is taken away before Stripe is asked to confirm, nothing stays open',
  async (behaviour) => {
    await giveCard(bound, 'ann', behaviour)
    const provider = providerOf(bound)
    const cardOf = async () => ({
      ...(await request()),
      methodToken: [...bound.stripe.books.cards.keys()].at(-1) ?? '',
    })
    bound.stripe.fail((what) => (what.endsWith('/confirm') ? 'refused' : null))
    const charged = await provider.charge(bound.env, await cardOf())
    const [intent] = bound.stripe.books.intents.values()
    if (behaviour === 'ok' && intent) intent.status = 'requires_confirmation'
    const found = behaviour === 'ok' ? await provider.find(bound.env, await cardOf()) : charged
    expect(found).toMatchObject({ status: 'failed', providerRef: intent?.id })
    expect(intent?.status).toBe('canceled')
  },
)

test('a worker that knows no address to come back to charges all who need none, and loses nobody', async () => {
  const homeless = createStripeProvider({
    ...bound.deps,
    returnUrl: () => {
      throw new Error('set USAGEFLOW_URL')
    },
  })
  await giveCard(bound, 'ann', 'ok')
  expect(await homeless.charge(bound.env, await request())).toMatchObject({ status: 'succeeded' })
  await giveCard(bound, 'ann', 'authentication')
  const card = [...bound.stripe.books.cards.keys()].at(-1) ?? ''
  const other = { ...(await request()), idempotencyKey: 'pay_y', methodToken: card }
  await expect(homeless.charge(bound.env, other)).rejects.toThrow('set USAGEFLOW_URL')
  await expect(homeless.find(bound.env, other)).rejects.toThrow('set USAGEFLOW_URL')
  const found = await providerOf(bound).find(bound.env, other)
  expect(found).toMatchObject({ status: 'action_required' })
  expect(bound.stripe.books.intents.size).toBe(2)
})

test('what Stripe refuses with the PaymentIntent that it has made is closed there', async () => {
  await giveCard(bound, 'ann', 'not_possible')
  const charged = await providerOf(bound).charge(bound.env, await request())
  const [intent] = bound.stripe.books.intents.values()
  expect(charged).toMatchObject({ status: 'failed', providerRef: intent?.id })
  expect(intent?.status).toBe('canceled')
})

describe('a bank that wants the customer', () => {
  beforeEach(async () => {
    await giveCard(bound, 'ann', 'authentication')
    await collect(bound, START)
  })

  const intentId = () => [...bound.stripe.books.intents.keys()][0] ?? ''

  test('is where the payment says that the customer should go', async () => {
    const [payment] = await payments(bound.env)
    expect(payment?.status).toBe('action_required')
    expect(payment?.actionUrl).toBe(`https://hooks.invalid/redirect/${intentId()}`)
    expect(bound.stripe.books.intents.size).toBe(1)
  })

  test.each([
    ['succeeded', 'succeeded'],
    ['failed', 'payment_intent_authentication_failure'],
  ] as const)('and who comes back with %s', async (act, expected) => {
    bound.stripe.books.act(intentId(), act)
    const [payment] = await payments(bound.env)
    const found = await providerOf(bound).find(bound.env, {
      ...(await request()),
      idempotencyKey: payment?.id ?? '',
      providerRef: payment?.providerRef ?? null,
    })
    expect(found && ('failureCode' in found ? found.failureCode : found.status)).toBe(expected)
  })

  test('and wants them once more is asked once more', async () => {
    const [payment] = await payments(bound.env)
    bound.stripe.books.act(intentId(), 'again')
    const found = await providerOf(bound).find(bound.env, {
      ...(await request()),
      idempotencyKey: payment?.id ?? '',
      providerRef: payment?.providerRef ?? null,
    })
    expect(found?.status).toBe('action_required')
    expect(bound.stripe.books.intents.get(intentId())?.status).toBe('requires_action')
    bound.stripe.books.act(intentId(), 'succeeded')
    expect(bound.stripe.books.moved()).toHaveLength(1)
  })

  test('has three days; then the PaymentIntent is canceled and the attempt has failed', async () => {
    await collect(bound, daysAfterStart(3))
    expect((await tries())[0]).toBe('action_not_taken')
    expect(bound.stripe.books.intents.get(intentId())?.status).toBe('canceled')
  })

  test.each([
    [null, 'canceled'],
    ['succeeded', 'succeeded'],
  ] as const)('and is given up after %s: %s', async (act, expected) => {
    const [payment] = await payments(bound.env)
    if (act) bound.stripe.books.act(intentId(), act)
    await inOwnTransaction((tx) => cancelPayment(tx, bound.env, payment?.id ?? '', START))
    await collect(bound, START)
    expect((await tries())[0]).toBe(expected)
  })
})

describe('a refund', () => {
  beforeEach(async () => {
    await giveCard(bound, 'ann', 'ok')
    await collect(bound, START)
  })

  const giveBack = async (amountMinor: bigint | null) => {
    const [charge] = await payments(bound.env)
    const wanted = { id: charge?.id ?? '', amountMinor }
    await inOwnTransaction((tx) => refundPayment(tx, bound.env, wanted, START))
    await collect(bound, START)
  }

  test.each(['cut_after', 'cut_before', 'rate_limited'] as const)(
    'is made once, also when its request is %s',
    async (fault) => {
      failTwice('POST /v1/refunds', fault)
      await giveBack(2_500n)
      const refunds = [...bound.stripe.books.refunds.values()]
      expect(refunds.map(({ amount }) => amount)).toEqual([2_500])
      expect(await tries()).toEqual(['succeeded', 'succeeded'])
    },
  )

  test('that was lost is found after days', async () => {
    const [charge] = await payments(bound.env)
    const wanted: ProviderRequest = {
      ...(await request()),
      ...{ kind: 'refund', idempotencyKey: 'pay_back', chargeRef: charge?.providerRef ?? null },
    }
    failTwice('POST /v1/refunds', 'cut_after')
    await expect(providerOf(bound).refund(bound.env, wanted)).rejects.toThrow()
    bound.stripe.elapse(3 * DAY_MS)
    expect(await providerOf(bound).find(bound.env, wanted)).toMatchObject({ status: 'succeeded' })
  })

  test('that Stripe refuses has failed', async () => {
    const [charge] = await payments(bound.env)
    bound.stripe.books.createRefund({ payment_intent: charge?.providerRef ?? '' })
    await giveBack(null)
    expect(await tries()).toEqual(['succeeded', 'charge_already_refunded'])
  })
})
