import { beforeEach, describe, expect, test } from 'vitest'
import { getInvoice } from '../invoicing/read-invoice.ts'
import { factsOf } from '../invoicing/test-billing.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { warmDatabase } from '../platform/db/test-race.ts'
import { LeaseLost } from '../platform/due/job.ts'
import { getSubscription, suspend } from '../subscriptions/change-subscription.ts'
import { upsertMode, upsertRetryDays } from './collection-settings.store.ts'
import {
  actForCustomer,
  cancelPayment,
  collectNow,
  recordPaid,
  recordUnpaid,
  refundPayment,
} from './pay-by-request.ts'
import { SETTLE_KIND } from './payment-work.ts'
import { insertPayments } from './payments.store.ts'
import { decideTestCharge } from './sandbox-charges.store.ts'
import {
  aCollectingEnvironment,
  books,
  claimPayments,
  daysAfterStart,
  dueInvoice,
  dueInvoices,
  handlerOf,
  livePayments,
  payments,
  payWith,
  START,
  settleDeps,
} from './test-payments.ts'

let env: number
beforeEach(async () => {
  env = await aCollectingEnvironment()
})

const invoiceOf = (id: string) => inOwnTransaction((tx) => getInvoice(tx, env, id))
const statusOf = async (id: string) => (await invoiceOf(id)).state.status
const code = (name: string) => ({ code: name })

async function told(wanted = /^payment/): Promise<string[]> {
  const facts = await inOwnTransaction((tx) => factsOf(tx, env))
  return facts.map(({ type }) => type).filter((type) => wanted.test(type))
}

/** The one attempt that there is. */
async function onlyPayment() {
  const [payment, ...others] = await payments(env)
  if (!payment || others.length > 0) throw new Error(`${others.length + 1} payments, not one`)
  return payment
}

describe('recording that an invoice was paid', () => {
  test('makes a payment by hand of all that is due, once', async () => {
    const id = await dueInvoice(env, null)
    const pay = () => inOwnTransaction((tx) => recordPaid(tx, env, id, START))
    await pay()
    await expect(pay()).rejects.toMatchObject(code('invoice.step_impossible'))
    expect(await onlyPayment()).toMatchObject({
      ...{ kind: 'charge', provider: 'manual', status: 'succeeded', origin: 'request' },
      ...{ invoiceId: id, customer: 'ann', amountMinor: 10_000n, currency: 'USD' },
    })
    expect(await statusOf(id)).toBe('paid')
    await livePayments(env, daysAfterStart(90))
    expect(await told(/^(payment|invoice\.paid)/)).toEqual(['payment.succeeded', 'invoice.paid'])
    expect(await books(env)).toEqual([])
  })

  test.each(['pay', 'fail', 'void'] as const)(
    '%s is refused while a charge is under way',
    async (step) => {
      const id = await dueInvoice(env, 'pm_test_needs_action')
      await livePayments(env, START)
      const attempt = inOwnTransaction((tx) =>
        step === 'pay'
          ? recordPaid(tx, env, id, START)
          : recordUnpaid(tx, env, { id, step, reason: 'no' }, START),
      )
      await expect(attempt).rejects.toMatchObject(code('payment.under_way'))
      expect(await statusOf(id)).toBe('finalized')
    },
  )
})

describe('collecting at once', () => {
  test('twice makes one charge: the second is told what is under way', async () => {
    const id = await dueInvoice(env, null)
    await payWith(env, 'ann', 'pm_test_ok')
    const collect = () => inOwnTransaction((tx) => collectNow(tx, env, id, START))
    const { id: under } = await collect()
    await expect(collect()).rejects.toMatchObject({
      ...code('payment.under_way'),
      details: { payment: under },
    })
    await livePayments(env, START)
    await expect(collect()).rejects.toMatchObject(code('payment.not_collectable'))
    expect(await books(env)).toMatchObject([{ reference: id, calls: 1 }])
  })

  test('is impossible without a method, of a draft, and of what there is not', async () => {
    const id = await dueInvoice(env, null)
    const collect = (invoice: string) =>
      inOwnTransaction((tx) => collectNow(tx, env, invoice, START))
    await expect(collect(id)).rejects.toMatchObject(code('payment.no_method'))
    await expect(collect('inv_nope')).rejects.toMatchObject(code('invoice.unknown'))
  })

  test('leaves the schedule as it is: its attempt waits for the other and finds nothing to do', async () => {
    const id = await dueInvoice(env, null)
    await payWith(env, 'ann', 'pm_test_needs_action')
    const { id: payment } = await inOwnTransaction((tx) => collectNow(tx, env, id, START))
    await livePayments(env, daysAfterStart(1))
    expect(await payments(env)).toHaveLength(1)
    const act = { id: payment, outcome: 'succeeded' } as const
    await inOwnTransaction((tx) => actForCustomer(tx, env, act, daysAfterStart(1)))
    await livePayments(env, daysAfterStart(90))
    expect(await statusOf(id)).toBe('paid')
    expect(await books(env)).toMatchObject([{ reference: id, calls: 1 }])
  })

  test('of 12 at once and two collectors of the schedule, one charges', async () => {
    const ids = await dueInvoices(env, ['ann', 'bob', 'cyd', 'dan'], 'pm_test_ok')
    const db = await warmDatabase(16)
    const deps = await settleDeps({ db })
    const jobs = await claimPayments(deps.db, START, 0)
    const collect = handlerOf(deps, 'invoice.collect')
    const ends = await Promise.allSettled([
      collect.run(jobs),
      collect.run(jobs.toReversed()),
      ...ids.flatMap((id) =>
        [1, 2, 3].map(() => db.inTransaction((tx) => collectNow(tx, env, id, START))),
      ),
    ])
    const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
    for (const reason of refused)
      if (!(reason instanceof LeaseLost)) expect(reason).toMatchObject(code('payment.under_way'))
    await livePayments(env, daysAfterStart(1))
    expect((await books(env)).map(({ reference, calls }) => [reference, calls])).toEqual(
      ids.map((id) => [id, 1]),
    )
    expect(await payments(env)).toHaveLength(ids.length)
  })

  test('cannot begin a second charge even past the locks: the database keeps one open', async () => {
    await dueInvoice(env, 'pm_test_needs_action')
    await livePayments(env, START)
    const second = { ...(await onlyPayment()), id: 'pay_second', status: 'pending' } as const
    expect(await inOwnTransaction((tx) => insertPayments(tx, env, [second]))).toEqual(new Set())
    const paid = { ...second, status: 'succeeded', settledAt: START } as const
    await inOwnTransaction((tx) => insertPayments(tx, env, [paid]))
    const again = inOwnTransaction((tx) => insertPayments(tx, env, [{ ...paid, id: 'pay_third' }]))
    await expect(again).rejects.toThrow('an_invoice_is_paid_once')
  })

  test('two that settle one payment at once call the provider under one key', async () => {
    const [id] = await dueInvoices(env, ['ann'], 'pm_test_ok')
    const deps = await settleDeps()
    for (const job of await claimPayments(deps.db, START))
      await handlerOf(deps, job.kind).run([job])
    const [first] = await claimPayments(deps.db, START, 0)
    const [second] = await claimPayments(deps.db, START)
    if (!first || !second) throw new Error('nothing is due')
    const settle = handlerOf(deps, SETTLE_KIND)
    await expect(settle.run([first])).rejects.toBeInstanceOf(LeaseLost)
    expect(await books(env)).toEqual([]) // who lost the claim before the call does not make it
    await Promise.allSettled([settle.run([first]), settle.run([second])])
    expect(await books(env)).toMatchObject([{ reference: id }])
    expect(await told()).toEqual(['payment.succeeded'])
  })
})

describe('a payment that waits for its customer', () => {
  let id: string
  let payment: string
  beforeEach(async () => {
    id = await dueInvoice(env, 'pm_test_needs_action')
    await livePayments(env, START)
    payment = (await onlyPayment()).id
  })
  const cancel = () => inOwnTransaction((tx) => cancelPayment(tx, env, payment, START))

  test('is given up once, and the schedule goes on', async () => {
    await cancel()
    await cancel()
    await livePayments(env, START)
    expect(await onlyPayment()).toMatchObject({ status: 'canceled' })
    await expect(cancel()).rejects.toMatchObject(code('payment.not_waiting'))
    expect(await told()).toEqual(['payment.action_required', 'payment.canceled'])
    expect(await books(env)).toMatchObject([{ status: 'canceled' }])
    await payWith(env, 'ann', 'pm_test_ok')
    await livePayments(env, daysAfterStart(3))
    expect(await statusOf(id)).toBe('paid')
  })

  test('has succeeded if the customer was faster than whoever cancels it', async () => {
    await inOwnTransaction((tx) => decideTestCharge(tx, env, payment, 'succeeded'))
    await cancel()
    await livePayments(env, START)
    expect(await onlyPayment()).toMatchObject({ status: 'succeeded' })
    expect(await statusOf(id)).toBe('paid')
  })
})

describe('giving a payment back', () => {
  const refund = (id: string, amountMinor: bigint | null) =>
    inOwnTransaction((tx) => refundPayment(tx, env, { id, amountMinor }, START))

  test.each([
    ['pm_test_ok', 'test'],
    [null, 'manual'],
  ] as const)('in parts, up to what was paid and not a cent more (%s)', async (token, provider) => {
    const id = await dueInvoice(env, token)
    if (token) await livePayments(env, START)
    else await inOwnTransaction((tx) => recordPaid(tx, env, id, START))
    const { id: charge } = await onlyPayment()
    await refund(charge, 2_500n)
    await expect(refund(charge, 7_501n)).rejects.toMatchObject({
      ...code('payment.refund_too_large'),
      details: { leftMinor: '7500' },
    })
    const rest = await refund(charge, null)
    expect(rest).toMatchObject({ kind: 'refund', provider, amountMinor: 7_500n, refundOf: charge })
    await expect(refund(charge, null)).rejects.toMatchObject(code('payment.refund_too_large'))
    await expect(refund(rest.id, null)).rejects.toMatchObject(code('payment.not_refundable'))
    await livePayments(env, START)
    expect((await payments(env)).map(({ status }) => status)).toEqual(Array(3).fill('succeeded'))
    expect(await told(/refund/)).toEqual(['payment.refunded', 'payment.refunded'])
    expect(await statusOf(id)).toBe('paid')
    const back = (await books(env)).filter(({ kind }) => kind === 'refund')
    expect(back.map(({ amount_minor }) => amount_minor).sort()).toEqual(
      token ? ['2500', '7500'] : [],
    )
  })

  test('by 8 at once gives it back once', async () => {
    await dueInvoice(env, 'pm_test_ok')
    await livePayments(env, START)
    const { id: charge } = await onlyPayment()
    const db = await warmDatabase(8)
    const wanted = { id: charge, amountMinor: null }
    const ends = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        db.inTransaction((tx) => refundPayment(tx, env, wanted, START)),
      ),
    )
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await livePayments(env, START)
    expect((await books(env)).filter(({ kind }) => kind === 'refund')).toHaveLength(1)
  })

  test('is impossible of one that failed', async () => {
    await dueInvoice(env, 'pm_test_declined')
    await livePayments(env, START)
    const { id } = await onlyPayment()
    await expect(refund(id, null)).rejects.toMatchObject(code('payment.not_refundable'))
  })
})

describe('a subscription', () => {
  const failed = async () => {
    await inOwnTransaction((tx) => upsertRetryDays(tx, env, []))
    const id = await dueInvoice(env, 'pm_test_declined')
    await livePayments(env, START)
    return id
  }
  const status = async (id: string) => {
    const { subscriptionId } = (await invoiceOf(id)).state
    return (await inOwnTransaction((tx) => getSubscription(tx, env, subscriptionId ?? 'nobody')))
      .status
  }

  test.each(['pay', 'void'] as const)(
    'that was suspended for an invoice goes on after %s',
    async (step) => {
      const id = await failed()
      expect(await status(id)).toBe('suspended')
      await inOwnTransaction((tx) =>
        step === 'pay'
          ? recordPaid(tx, env, id, START)
          : recordUnpaid(tx, env, { id, step, reason: 'a gift' }, START),
      )
      expect(await status(id)).toBe('active')
      expect(await told(/^subscription\.(susp|resu)/)).toEqual([
        ...['subscription.suspended', 'subscription.resumed'],
      ])
    },
  )

  test('that a person suspended stays so, whatever is paid', async () => {
    await inOwnTransaction((tx) =>
      upsertMode(tx, env, { level: 'environment', subject: '' }, 'manual'),
    )
    const id = await dueInvoice(env, null)
    const { subscriptionId } = (await invoiceOf(id)).state
    await inOwnTransaction((tx) => suspend(tx, env, subscriptionId ?? 'nobody', START))
    await inOwnTransaction((tx) => recordPaid(tx, env, id, START))
    expect(await status(id)).toBe('suspended')
  })
})
