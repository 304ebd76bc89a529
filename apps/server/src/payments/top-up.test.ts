import { decimal, formatDecimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { aMeter, aPlan } from '../catalog/test-plans.ts'
import { balancesOf } from '../credits/balance.ts'
import { grantCredits, voidGrant } from '../credits/grant-credits.ts'
import { commit, reserve } from '../credits/hold-credits.ts'
import { declareCustomer } from '../customers/declare-customer.ts'
import { getInvoice } from '../invoicing/read-invoice.ts'
import { factsOf, fold, subscribed, use } from '../invoicing/test-billing.ts'
import { unsettledUse } from '../invoicing/unsettled-use.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { warmDatabase } from '../platform/db/test-race.ts'
import { upsertMode } from './collection-settings.store.ts'
import { recordUnpaid } from './pay-by-request.ts'
import type { TestToken } from './sandbox-provider.ts'
import { removeAutoTopUp, setAutoTopUp, type WantedTopUp } from './set-auto-top-up.ts'
import {
  aCollectingEnvironment,
  books,
  claimPayments,
  daysAfterStart,
  livePayments,
  payments,
  payWith,
  START,
  settleDeps,
} from './test-payments.ts'
import { grantBought, topUpCustomer } from './top-up.ts'

const HOUR_MS = 3_600_000
const AN_HOUR_LATER = new Date(START.getTime() + HOUR_MS)

let env: number
let meterId: string
beforeEach(async () => {
  env = await aCollectingEnvironment()
  await inOwnTransaction(async (tx) => {
    meterId = await aMeter(tx, env)
    await declareCustomer(tx, env, { customer: 'ann' }, START)
  })
})

/** 500 units for $5 whenever fewer than 100 are free. */
function wants(overrides: Partial<WantedTopUp> = {}) {
  const wanted: WantedTopUp = {
    ...{ customer: 'ann', meterId, currency: 'USD', priceMinor: 500n },
    ...{ below: decimal('100'), amount: decimal('500') },
    ...overrides,
  }
  return inOwnTransaction((tx) => setAutoTopUp(tx, env, wanted, START))
}

function granted(amount: string) {
  return inOwnTransaction((tx) =>
    grantCredits(
      tx,
      env,
      {
        ...{ customer: 'ann', asset: { kind: 'units', meterId }, amount: decimal(amount) },
        ...{ from: START, to: null, priority: 100, isPromotional: false, lowAt: null },
        ...{ source: 'manual', name: '', cycle: null },
      },
      START,
    ),
  )
}

/** Work that is held and done. */
async function spend(units: string): Promise<void> {
  const work = { customer: 'ann', meter: 'API_CALL', units: decimal(units), key: null }
  await inOwnTransaction(async (tx) => {
    const { hold } = await reserve(tx, env, { ...work, forMs: HOUR_MS, unsettledUse }, START)
    await commit(tx, env, { id: hold.id, units: decimal(units), unsettledUse }, START)
  })
}

async function free(): Promise<string[]> {
  const asked = { customer: 'ann', unsettledUse }
  const balances = await inOwnTransaction((tx) => balancesOf(tx, env, asked, daysAfterStart(30)))
  return balances.map(({ available }) => formatDecimal(available))
}

async function told(): Promise<string[]> {
  const facts = await inOwnTransaction((tx) => factsOf(tx, env))
  const types = facts.map(({ type }) => type)
  return types.filter((type) => /^(payment|invoice\.(paid|void|overdue)|credits)/.test(type))
}

test.each<TestToken>(['pm_test_ok', 'pm_test_timeout'])(
  'credits that run low are bought with %s, and granted once when they are paid',
  async (token) => {
    await payWith(env, 'ann', token)
    await granted('150')
    await wants()
    await livePayments(env, START)
    await spend('50')
    await livePayments(env, START)
    expect([await free(), await books(env)]).toEqual([['100'], []]) // 100 are not fewer than 100

    await spend('1')
    await livePayments(env, daysAfterStart(2))
    expect(await free()).toEqual(['599'])
    const [payment, ...others] = await payments(env)
    expect(others).toEqual([])
    expect(payment).toMatchObject({ amountMinor: 500n, status: 'succeeded', origin: 'request' })
    expect(await books(env)).toMatchObject([{ amount_minor: '500', calls: 1 }])
    await inOwnTransaction((tx) => grantBought(tx, env, payment?.invoiceId ?? '', START))
    expect(await free()).toEqual(['599'])
    const { state, content } = await inOwnTransaction((tx) =>
      getInvoice(tx, env, payment?.invoiceId ?? ''),
    )
    expect(state).toMatchObject({ kind: 'one_off', status: 'paid', customer: 'ann' })
    expect(content.lines).toMatchObject([{ name: 'Top-up: 500 API Calls', amountMinor: 500n }])
    expect(await told()).toEqual([
      ...['credits.granted', 'payment.succeeded', 'invoice.paid', 'credits.granted'],
    ])
  },
)

test('usage that is not invoiced yet runs them low too, within the hour', async () => {
  await payWith(env, 'ann', 'pm_test_ok')
  await granted('150')
  await inOwnTransaction((tx) => aPlan(tx, env, { key: 'calls' }))
  await subscribed(env, { customer: 'ann', plan: 'calls' }, START)
  await wants()
  await livePayments(env, START)
  await use(env, [{ customer: 'ann', at: '2026-03-01T00:00:01Z', amount: '10051' }])
  await fold()
  await livePayments(env, new Date(AN_HOUR_LATER.getTime() - 1))
  expect(await books(env)).toEqual([])
  await livePayments(env, AN_HOUR_LATER)
  expect(await books(env)).toMatchObject([{ amount_minor: '500' }])
})

test('money is bought by money of a card, never by the credits that are left', async () => {
  await payWith(env, 'ann', 'pm_test_ok')
  const money = { meterId: null, below: decimal('2000'), amount: decimal('5000') }
  await wants({ ...money, priceMinor: 5_000n })
  await livePayments(env, START)
  expect(await free()).toEqual(['5000'])
  await wants({ ...money, below: decimal('6000'), amount: decimal('6000'), priceMinor: 6_000n })
  await livePayments(env, START)
  expect(await free()).toEqual(['11000'])
  expect((await books(env)).map(({ amount_minor }) => amount_minor).sort()).toEqual([
    '5000',
    '6000',
  ])
})

test('money is looked after when it changes and after a failure, not every hour', async () => {
  const waiting = () =>
    inOwnTransaction((tx) =>
      tx.selectFrom('due').where('kind', '=', 'credit.top_up').select('at').execute(),
    )
  const money = { meterId: null, below: decimal('2000'), amount: decimal('5000') }
  await payWith(env, 'ann', 'pm_test_declined')
  await wants({ ...money, priceMinor: 5_000n })
  await livePayments(env, START)
  expect(await waiting()).toEqual([{ at: daysAfterStart(1) }])
  await payWith(env, 'ann', 'pm_test_ok')
  await livePayments(env, daysAfterStart(1))
  expect([await free(), await waiting()]).toEqual([['5000'], []])
  await inOwnTransaction(async (tx) => {
    const { credit_id: id } = await tx
      .selectFrom('top_ups')
      .where('env_id', '=', env)
      .where('status', '=', 'granted')
      .select('credit_id')
      .executeTakeFirstOrThrow()
    await voidGrant(tx, env, id ?? '', daysAfterStart(2))
  })
  await livePayments(env, daysAfterStart(2))
  expect(await free()).toEqual(['5000'])
})

describe('a purchase that fails', () => {
  test('is told with its invoice void, and is tried again after a day, not before', async () => {
    await payWith(env, 'ann', 'pm_test_declined')
    await wants()
    await livePayments(env, new Date(daysAfterStart(1).getTime() - 1))
    const failed = ['payment.failed', 'credits.top_up_failed', 'invoice.voided']
    expect(await told()).toEqual(failed)
    await livePayments(env, daysAfterStart(1))
    expect(await told()).toEqual([...failed, ...failed])
    await payWith(env, 'ann', 'pm_test_ok')
    await livePayments(env, daysAfterStart(2))
    expect(await free()).toEqual(['500'])
  })

  test('is tried at once when it is set again', async () => {
    await payWith(env, 'ann', 'pm_test_declined')
    await wants()
    await livePayments(env, START)
    await payWith(env, 'ann', 'pm_test_ok')
    await wants()
    await livePayments(env, START)
    expect(await free()).toEqual(['500'])
  })

  test('for want of a payment method makes no invoice', async () => {
    await wants()
    await livePayments(env, START)
    expect(await told()).toEqual(['credits.top_up_failed'])
    expect(await payments(env)).toEqual([])
  })

  test('because its customer did nothing for three days blocks no later one', async () => {
    await payWith(env, 'ann', 'pm_test_needs_action')
    await wants()
    await livePayments(env, daysAfterStart(2))
    expect(await told()).toEqual(['payment.action_required'])
    await payWith(env, 'ann', 'pm_test_ok')
    await livePayments(env, daysAfterStart(5))
    expect(await free()).toEqual(['500'])
    expect((await payments(env)).map(({ failureCode }) => failureCode)).toEqual([
      ...['action_not_taken', null],
    ])
  })
})

test.each(['manual', 'automatic'] as const)(
  'where invoices are collected %s, it is charged once at once, and never overdue',
  async (mode) => {
    await inOwnTransaction((tx) => upsertMode(tx, env, { level: 'customer', subject: 'ann' }, mode))
    await payWith(env, 'ann', 'pm_test_needs_action')
    await wants()
    await livePayments(env, daysAfterStart(2))
    expect((await payments(env)).map(({ origin }) => origin)).toEqual(['request'])
    expect(await told()).toEqual(['payment.action_required'])
  },
)

test('of 8 that look at once, one buys', async () => {
  await payWith(env, 'ann', 'pm_test_ok')
  await wants()
  const { db } = await settleDeps({ db: await warmDatabase(8) })
  const [job] = await claimPayments(db, START)
  if (!job) throw new Error('nobody looks')
  await Promise.all(
    Array.from({ length: 8 }, () => db.inTransaction((tx) => topUpCustomer(tx, job))),
  )
  await livePayments(env, daysAfterStart(1))
  expect(await books(env)).toHaveLength(1)
  expect(await free()).toEqual(['500'])
})

test('the database itself keeps one purchase open', async () => {
  await payWith(env, 'ann', 'pm_test_needs_action')
  await wants()
  await livePayments(env, START)
  const again = inOwnTransaction((tx) =>
    sql`insert into top_ups (env_id, invoice_id, auto_top_up_id, customer, meter_id, currency, amount, status, created_at)
      select env_id, 'inv_other', auto_top_up_id, customer, meter_id, currency, amount, status, created_at
      from top_ups where env_id = ${env}`.execute(tx),
  )
  await expect(again).rejects.toThrow('one_open_top_up')
})

test('what is removed buys no more', async () => {
  await payWith(env, 'ann', 'pm_test_ok')
  const { id } = await wants()
  await inOwnTransaction((tx) => removeAutoTopUp(tx, env, id, START))
  await livePayments(env, daysAfterStart(1))
  expect(await books(env)).toEqual([])
  const again = inOwnTransaction((tx) => removeAutoTopUp(tx, env, id, START))
  await expect(again).rejects.toMatchObject({ code: 'top_up.unknown' })
})

test('a purchase cannot be declared void while its charge is under way', async () => {
  await payWith(env, 'ann', 'pm_test_needs_action')
  await wants()
  await livePayments(env, START)
  const [payment] = await payments(env)
  const voided = { id: payment?.invoiceId ?? '', step: 'void', reason: 'no' } as const
  await expect(
    inOwnTransaction((tx) => recordUnpaid(tx, env, voided, START)),
  ).rejects.toMatchObject({ code: 'payment.under_way' })
})

test.each([
  ['less than what is low', { amount: decimal('99.999999999999') }],
  ['for nothing', { priceMinor: 0n }],
  ['in no currency', { currency: 'XXA' }],
  ['when less than nothing is left', { below: decimal('0') }],
])('what is bought %s is refused', async (_, overrides) => {
  await expect(wants(overrides)).rejects.toMatchObject({ code: 'top_up.impossible' })
})
