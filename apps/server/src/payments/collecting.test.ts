import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { getInvoice } from '../invoicing/read-invoice.ts'
import { factsOf } from '../invoicing/test-billing.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { upsertMode, upsertRetryDays } from './collection-settings.store.ts'
import { actForCustomer, recordPaid, recordUnpaid } from './pay-by-request.ts'
import type { TestToken } from './sandbox-provider.ts'
import {
  aCollectingEnvironment,
  books,
  claimPayments,
  daysAfterStart,
  dueInvoice,
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

const statusOf = (id: string) =>
  inOwnTransaction(async (tx) => (await getInvoice(tx, env, id)).state.status)

/** What happened with money, in order. */
async function told(): Promise<string[]> {
  const facts = await inOwnTransaction((tx) => factsOf(tx, env))
  const types = facts.map(({ type }) => type)
  return types.filter((type) =>
    /^(payment|invoice\.(paid|failed|overdue))|suspend|resum/.test(type),
  )
}

const tries = async () =>
  (await payments(env)).map(({ status, failureCode }) => failureCode ?? status)

test.each<[TestToken, string, string[], number]>([
  ['pm_test_ok', 'paid', ['succeeded'], 1],
  ['pm_test_timeout', 'paid', ['succeeded'], 1],
  ['pm_test_declined', 'finalized', ['declined'], 1],
  ['pm_test_needs_action', 'finalized', ['action_required'], 1],
])(
  'an invoice that is collected with %s is %s, after one call of the provider',
  async (token, status, outcomes, calls) => {
    const id = await dueInvoice(env, token)
    await livePayments(env, START)
    expect(await statusOf(id)).toBe(status)
    expect(await tries()).toEqual(outcomes)
    expect(await books(env)).toMatchObject([{ reference: id, amount_minor: '10000', calls }])
  },
)

test('a card that is declined twice pays at the third attempt, and nothing was suspended', async () => {
  const id = await dueInvoice(env, 'pm_test_declines_twice')
  await livePayments(env, daysAfterStart(30))
  expect(await statusOf(id)).toBe('paid')
  expect(await told()).toEqual([
    ...['payment.failed', 'invoice.overdue', 'payment.failed'],
    ...['payment.succeeded', 'invoice.paid'],
  ])
  const days = (await payments(env)).map(({ createdAt }) => createdAt)
  expect(days).toEqual([START, daysAfterStart(3), daysAfterStart(8)])
})

test('without a payment method the schedule is lived through, and the provider never asked', async () => {
  await inOwnTransaction((tx) => upsertRetryDays(tx, env, [1]))
  const id = await dueInvoice(env, null)
  await livePayments(env, daysAfterStart(30))
  expect(await statusOf(id)).toBe('failed')
  expect(await tries()).toEqual(['no_payment_method', 'no_payment_method'])
  expect(await books(env)).toEqual([])
  expect(await told()).toEqual([
    ...['payment.failed', 'invoice.overdue', 'payment.failed'],
    ...['invoice.failed', 'subscription.suspended'],
  ])
})

test.each(['amount_too_small', 'amount_not_possible'])(
  'what can never be charged (%s) is tried once and stays open, and nobody is suspended for it',
  async (failureCode) => {
    const id = await dueInvoice(env, 'pm_test_ok')
    const { providers } = await settleDeps()
    const charge = async () => ({ status: 'failed', failureCode }) as const
    const test = { ...providers.test, charge }
    await livePayments(env, daysAfterStart(30), { providers: { ...providers, test } })
    expect(await statusOf(id)).toBe('finalized')
    expect(await tries()).toEqual([failureCode])
    expect(await told()).toEqual(['payment.failed', 'invoice.overdue'])
  },
)

test('a schedule without retries gives up after the first attempt', async () => {
  await inOwnTransaction((tx) => upsertRetryDays(tx, env, []))
  const id = await dueInvoice(env, 'pm_test_declined')
  await livePayments(env, START)
  expect(await statusOf(id)).toBe('failed')
})

describe('a customer who has to do something', () => {
  test('has three days; then the attempt has failed and the schedule goes on', async () => {
    await dueInvoice(env, 'pm_test_needs_action')
    await livePayments(env, new Date(daysAfterStart(3).getTime() - 1))
    expect(await tries()).toEqual(['action_required'])
    await livePayments(env, daysAfterStart(3))
    expect(await tries()).toEqual(['action_not_taken'])
    expect(await books(env)).toMatchObject([{ status: 'canceled' }])
    await livePayments(env, daysAfterStart(6))
    expect(await tries()).toEqual(['action_not_taken', 'action_required'])
  })

  test('pays by confirming, and is not charged twice for it', async () => {
    const id = await dueInvoice(env, 'pm_test_needs_action')
    await livePayments(env, START)
    const [waiting] = await payments(env)
    const act = { id: waiting?.id ?? '', outcome: 'succeeded' } as const
    await inOwnTransaction((tx) => actForCustomer(tx, env, act, START))
    await livePayments(env, daysAfterStart(30))
    expect(await statusOf(id)).toBe('paid')
    expect(await told()).toEqual([
      ...['payment.action_required', 'payment.succeeded', 'invoice.paid'],
    ])
    expect(await books(env)).toMatchObject([{ status: 'succeeded', calls: 1 }])
  })
})

describe('an invoice with days to pay', () => {
  beforeEach(async () => {
    env = await aCollectingEnvironment(14)
    await inOwnTransaction((tx) =>
      upsertMode(tx, env, { level: 'environment', subject: '' }, 'manual'),
    )
  })

  const overdueAt = (id: string) =>
    inOwnTransaction(async (tx) => (await getInvoice(tx, env, id)).state.overdueAt)

  test('is overdue on the day it is due, once, and says so', async () => {
    const id = await dueInvoice(env, 'pm_test_ok')
    await livePayments(env, new Date(daysAfterStart(14).getTime() - 1))
    expect([await told(), await overdueAt(id)]).toEqual([[], null])
    await livePayments(env, daysAfterStart(90))
    expect([await told(), await overdueAt(id)]).toEqual([['invoice.overdue'], daysAfterStart(14)])
    await inOwnTransaction((tx) => recordPaid(tx, env, id, daysAfterStart(20)))
    expect(await overdueAt(id)).toEqual(daysAfterStart(14))
  })

  test.each([
    [0, 1],
    [1, 1],
    [2, 2],
  ])(
    'due after %i days is overdue after %i: one that is due at once has a day',
    async (netDays, days) => {
      env = await aCollectingEnvironment(netDays)
      await inOwnTransaction((tx) =>
        upsertMode(tx, env, { level: 'environment', subject: '' }, 'manual'),
      )
      await dueInvoice(env, null)
      await livePayments(env, new Date(daysAfterStart(days).getTime() - 1))
      expect(await told()).toEqual([])
      await livePayments(env, daysAfterStart(days))
      expect(await told()).toEqual(['invoice.overdue'])
    },
  )

  test('tells it once when the work runs a second time', async () => {
    const id = await dueInvoice(env, null)
    await livePayments(env, START)
    const deps = await settleDeps()
    const [job] = await claimPayments(deps.db, daysAfterStart(14))
    if (!job) throw new Error('nothing is due')
    await handlerOf(deps, job.kind).run([job])
    await inOwnTransaction((tx) =>
      sql`insert into due (env_id, kind, ref, at, fence)
        values (${env}, ${job.kind}, ${job.ref}, ${job.at}, ${job.fence})`.execute(tx),
    )
    await handlerOf(deps, job.kind).run([job])
    expect(await told()).toEqual(['invoice.overdue'])
    const { state } = await inOwnTransaction((tx) => getInvoice(tx, env, id))
    expect(state.version).toBe(3)
  })

  test.each(['pay', 'void'] as const)('is never overdue after %s in time', async (step) => {
    const id = await dueInvoice(env, null)
    await livePayments(env, START)
    await inOwnTransaction((tx) =>
      step === 'pay'
        ? recordPaid(tx, env, id, daysAfterStart(13))
        : recordUnpaid(tx, env, { id, step, reason: 'a mistake' }, daysAfterStart(13)),
    )
    await livePayments(env, daysAfterStart(90))
    expect(await told()).not.toContain('invoice.overdue')
    expect(await overdueAt(id)).toBeNull()
  })

  test('is charged at once where collection is automatic, and overdue only if that fails', async () => {
    await inOwnTransaction((tx) =>
      upsertMode(tx, env, { level: 'environment', subject: '' }, 'automatic'),
    )
    await dueInvoice(env, 'pm_test_declined')
    await livePayments(env, daysAfterStart(13))
    expect(await told()).toEqual(Array(3).fill('payment.failed'))
    await payWith(env, 'ann', 'pm_test_ok')
    await livePayments(env, daysAfterStart(90))
    expect((await told()).slice(3)).toEqual([
      ...['invoice.overdue', 'payment.succeeded', 'invoice.paid'],
    ])
  })
})

describe('whether an invoice is collected by itself', () => {
  const modes = ['automatic', 'manual', null] as const
  const cases = modes.flatMap((customer) =>
    modes.flatMap((plan) =>
      modes.map((environment) => ({
        ...{ customer, plan, environment },
        expected: customer ?? plan ?? environment ?? 'manual',
      })),
    ),
  )

  test.each(cases)(
    'is $expected: customer $customer, plan $plan, environment $environment',
    async ({ customer, plan, environment, expected }) => {
      await inOwnTransaction(async (tx) => {
        const { id } = await tx
          .selectFrom('plans')
          .where('env_id', '=', env)
          .select('id')
          .executeTakeFirstOrThrow()
        for (const _ of ['once', 'twice']) {
          await upsertMode(tx, env, { level: 'environment', subject: '' }, environment)
          await upsertMode(tx, env, { level: 'plan', subject: id }, plan)
          await upsertMode(tx, env, { level: 'customer', subject: 'ann' }, customer)
        }
      })
      const id = await dueInvoice(env, 'pm_test_ok')
      await livePayments(env, START)
      expect(await statusOf(id)).toBe(expected === 'automatic' ? 'paid' : 'finalized')
    },
  )
})
