import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { factsOf } from '../invoicing/test-billing.ts'
import { refundPayment } from '../payments/pay-by-request.ts'
import { detachMethod } from '../payments/payment-methods.ts'
import {
  aCollectingEnvironment,
  daysAfterStart,
  disputesOf,
  dueInvoice,
  methodsOf,
  payments,
  START,
} from '../payments/test-payments.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { connect } from './connect.ts'
import { openSetup } from './set-up-method.ts'
import { takeEvent } from './take-event.ts'
import {
  type Bound,
  bindToFake,
  collect,
  fetchWhatIsDue,
  forgetPauses,
  giveCard,
} from './test-account.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const SECRET = 'whsec_fakefakefakefakefakefake'

let bound: Bound
beforeEach(async () => {
  bound = await bindToFake(await aCollectingEnvironment())
})
afterEach(() => bound.stripe.stop())

const connectionId = () =>
  inOwnTransaction(async (tx) => {
    const { rows } = await sql<{ id: string }>`
      select id from stripe_connections where env_id = ${bound.env}`.execute(tx)
    return rows[0]?.id ?? ''
  })

function signed(text: string, at = NOW, secret = SECRET): string {
  const seconds = Math.floor(at.getTime() / 1_000)
  const hex = createHmac('sha256', secret).update(`${seconds}.${text}`).digest('hex')
  return `t=${seconds},v1=${hex}`
}

async function take(text: string, signature = signed(text)): Promise<void> {
  const message = { connectionId: await connectionId(), body: Buffer.from(text), signature }
  await takeEvent(bound.deps, message, NOW)
}

/** Everything that Stripe has to tell, in this order, each twice. */
async function takeAll(order: 'in order' | 'backwards' = 'in order'): Promise<void> {
  const events = bound.stripe.events.splice(0)
  if (order === 'backwards') events.reverse()
  for (const { text } of [...events, ...events]) await take(text)
}

const toldOf = (pattern: RegExp) =>
  inOwnTransaction(async (tx) =>
    (await factsOf(tx, bound.env)).map(({ type }) => type).filter((type) => pattern.test(type)),
  )

describe('a message is refused', () => {
  const event = JSON.stringify({
    ...{ id: 'evt_1', object: 'event', type: 'x', livemode: false, data: { object: {} } },
  })
  const old = new Date(NOW.getTime() - 301_000)

  test.each([
    ['without a signature', ''],
    ['with one of another secret', signed(event, NOW, 'whsec_other')],
    ['with one of another text', signed(`${event} `)],
    ['with one that is older than five minutes', signed(event, old)],
    ['with nonsense for one', 't=1,v1=zz'],
  ])('%s', async (_, signature) => {
    await expect(take(event, signature)).rejects.toMatchObject({ code: 'stripe.webhook_refused' })
    const message = {
      connectionId: 'strc_none',
      body: Buffer.from(event),
      signature: signed(event),
    }
    const unknown = takeEvent(bound.deps, message, NOW)
    await expect(unknown).rejects.toMatchObject({ code: 'stripe.webhook_refused' })
  })

  test('when it is of another account, though it is signed', async () => {
    const foreign = JSON.stringify({ ...JSON.parse(event), account: 'acct_other' })
    await expect(take(foreign)).rejects.toMatchObject({ code: 'stripe.webhook_refused' })
  })

  test.each([true, undefined])(
    'when its livemode is %s in a test environment',
    async (livemode) => {
      const other = JSON.stringify({ ...JSON.parse(event), livemode })
      await expect(take(other)).rejects.toMatchObject({ code: 'stripe.webhook_wrong_mode' })
      await take(event)
    },
  )

  test('when the environment has no signing secret', async () => {
    await inOwnTransaction((tx) =>
      sql`update stripe_connections set sealed_webhook_secret = null where env_id = ${bound.env}`.execute(
        tx,
      ),
    )
    await expect(take(event)).rejects.toMatchObject({ code: 'stripe.webhook_refused' })
  })

  test('that is whole is taken with any of several signatures, as while a secret is rolled', async () => {
    const { sealer } = bound.deps
    const wanted = { key: null, webhookSecret: 'whsec_rolledrolledrolled' }
    await inOwnTransaction((tx) => connect(tx, bound.env, wanted, { sealer, now: NOW }))
    const [at, v1] = signed(event, NOW, 'whsec_rolledrolledrolled').split(',')
    await take(event, `${at},v1=${'0'.repeat(64)},${v1}`)
  })
})

test.each(['in order', 'backwards'] as const)(
  'what a customer does at a bank is known as soon as Stripe tells, %s and twice',
  async (order) => {
    await dueInvoice(bound.env, null)
    await giveCard(bound, 'ann', 'authentication')
    await collect(bound, START)
    const [payment] = await payments(bound.env)
    bound.stripe.books.act(payment?.providerRef ?? '', 'succeeded')
    await takeAll(order)
    await collect(bound, daysAfterStart(1))
    expect((await payments(bound.env)).map(({ status }) => status)).toEqual(['succeeded'])
    expect(await toldOf(/^(payment|invoice\.paid)/)).toEqual([
      ...['payment.action_required', 'payment.succeeded', 'invoice.paid'],
    ])
  },
)

test('an event that lies moves nothing: the state is fetched', async () => {
  await dueInvoice(bound.env, null)
  await giveCard(bound, 'ann', 'authentication')
  await collect(bound, START)
  const [payment] = await payments(bound.env)
  const intent = {
    ...bound.stripe.books.intents.get(payment?.providerRef ?? ''),
    status: 'succeeded',
  }
  const lie = {
    id: 'evt_lie',
    object: 'event',
    livemode: false,
    type: 'payment_intent.succeeded',
    data: { object: intent },
  }
  await take(JSON.stringify(lie))
  await collect(bound, daysAfterStart(1))
  expect((await payments(bound.env)).map(({ status }) => status)).toEqual(['action_required'])
})

test('what a customer gives on a page of Stripe becomes the default once, and stays detached', async () => {
  await dueInvoice(bound.env, null)
  const wanted = { customer: 'ann', returnUrl: 'https://shop.example', currency: 'USD' }
  const { url } = await openSetup(bound.deps, bound.env, wanted)
  const card = bound.stripe.books.completeSession(url.split('/').at(-1) ?? '', 'ok')
  const completed = bound.stripe.events.at(-1)?.text ?? ''
  await takeAll()
  expect(await fetchWhatIsDue(bound, NOW)).toBe(1)
  const methods = () => methodsOf(bound.env, 'ann')
  const [method] = await methods()
  expect(await methods()).toMatchObject([{ provider: 'stripe', token: card, isDefault: true }])
  await inOwnTransaction((tx) => detachMethod(tx, bound.env, method?.id ?? '', NOW))
  await take(completed.replace(/"id":"evt_\d+"/, '"id":"evt_again"'))
  await fetchWhatIsDue(bound, NOW)
  expect(await methods()).toEqual([])
})

test.each(['cut_before', 'server_error', 'rate_limited'] as const)(
  'what Stripe tells of is fetched however often it was asked in vain: %s',
  async (fault) => {
    await dueInvoice(bound.env, null)
    const wanted = { customer: 'ann', returnUrl: 'https://shop.example', currency: 'USD' }
    const { url } = await openSetup(bound.deps, bound.env, wanted)
    const card = bound.stripe.books.completeSession(url.split('/').at(-1) ?? '', 'ok')
    await takeAll()
    bound.stripe.fail((what) => (what.startsWith('GET') ? fault : null))
    for (let asked = 0; asked < 15; asked++) {
      expect(await fetchWhatIsDue(bound, NOW)).toBe(1)
      await forgetPauses(bound.env)
    }
    bound.stripe.fail(null)
    await fetchWhatIsDue(bound, NOW)
    expect(await methodsOf(bound.env, 'ann')).toMatchObject([{ token: card, isDefault: true }])
    expect(await fetchWhatIsDue(bound, NOW)).toBe(0)
  },
)

test('a dispute is recorded as it stands at Stripe, and told when it opens and when it is over', async () => {
  const invoiceId = await dueInvoice(bound.env, null)
  await giveCard(bound, 'ann', 'ok')
  await collect(bound, START)
  const [intent] = bound.stripe.books.moved()
  const id = bound.stripe.books.dispute(intent?.id ?? '', 'fraudulent')
  await takeAll('backwards')
  await fetchWhatIsDue(bound, NOW)
  const disputes = () => disputesOf(bound.env)
  expect(await disputes()).toMatchObject([{ id, status: 'open', amountMinor: 10_000n }])
  bound.stripe.books.closeDispute(id, 'lost')
  await takeAll()
  await fetchWhatIsDue(bound, NOW)
  expect(await disputes()).toMatchObject([{ id, status: 'lost', reason: 'fraudulent' }])
  expect(await toldOf(/^dispute/)).toEqual(['dispute.opened', 'dispute.closed'])
  const facts = await inOwnTransaction((tx) => factsOf(tx, bound.env))
  expect(facts.at(-1)?.data).toMatchObject({ disputeId: id, invoiceId, amountMinor: '10000' })
})

test('a dispute is recorded of a payment whose answer was lost: Stripe names the payment', async () => {
  await dueInvoice(bound.env, null)
  await giveCard(bound, 'ann', 'ok')
  await collect(bound, START)
  const [payment] = await payments(bound.env)
  await inOwnTransaction((tx) =>
    sql`update payments set provider_ref = null where env_id = ${bound.env}`.execute(tx),
  )
  const id = bound.stripe.books.dispute(payment?.providerRef ?? '', 'fraudulent')
  await takeAll()
  await fetchWhatIsDue(bound, NOW)
  expect(await disputesOf(bound.env)).toMatchObject([{ id, paymentId: payment?.id }])
})

describe('a refund that its bank sends back after it had succeeded', () => {
  const refundIt = async (amountMinor: bigint | null) => {
    const [charge] = await payments(bound.env)
    const wanted = { id: charge?.id ?? '', amountMinor }
    const refund = await inOwnTransaction((tx) => refundPayment(tx, bound.env, wanted, START))
    await collect(bound, START)
    return refund.id
  }
  const refundOf = async (id: string) => (await payments(bound.env)).find((one) => one.id === id)

  test('has failed, is told once, and can be made again', async () => {
    await dueInvoice(bound.env, null)
    await giveCard(bound, 'ann', 'ok')
    await collect(bound, START)
    const id = await refundIt(null)
    await takeAll()
    await fetchWhatIsDue(bound, NOW)
    expect(await refundOf(id)).toMatchObject({ status: 'succeeded' })
    const ref = (await refundOf(id))?.providerRef ?? ''
    bound.stripe.books.failRefund(ref, 'lost_or_stolen_card')
    const failed = bound.stripe.events.at(-1)?.text ?? ''
    await takeAll()
    await fetchWhatIsDue(bound, NOW)
    const gone = { status: 'failed', failureCode: 'lost_or_stolen_card', providerRef: ref }
    expect(await refundOf(id)).toMatchObject(gone)
    await take(failed.replace(/"id":"evt_\d+"/, '"id":"evt_again"'))
    await fetchWhatIsDue(bound, NOW)
    expect(await toldOf(/^payment.refund/)).toEqual(['payment.refunded', 'payment.refund_failed'])
    const again = await refundIt(10_000n) // all of it is left again
    expect(await refundOf(again)).toMatchObject({ status: 'succeeded' })
  })

  test('stays as it is when an event only says so', async () => {
    await dueInvoice(bound.env, null)
    await giveCard(bound, 'ann', 'ok')
    await collect(bound, START)
    const id = await refundIt(null)
    const told = bound.stripe.events.at(-1)?.text ?? ''
    const lie = told.replace('refund.updated', 'refund.failed').replace('succeeded', 'failed')
    await take(lie)
    await fetchWhatIsDue(bound, NOW)
    expect(await refundOf(id)).toMatchObject({ status: 'succeeded' })
  })
})
