import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
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
import { type Clock, systemClock } from '../platform/clock.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { type Bound, bindToFake, forgetPauses, giveCard, providerOf } from './test-account.ts'

const MINUTE_MS = 60_000

let bound: Bound
beforeEach(async () => {
  bound = await bindToFake(await aCollectingEnvironment())
  await dueInvoice(bound.env, null)
})
afterEach(() => bound.stripe.stop())

/** Does what is due of payments, once. */
async function step(now = START, clock: Clock = systemClock): Promise<void> {
  const deps = await settleDeps({ clock })
  const providers = { ...deps.providers, stripe: providerOf(bound) }
  for (const job of await claimPayments(deps.db, now))
    await handlerOf({ ...deps, providers }, job.kind).run([job])
}
const steps = async (count: number, now = START) => {
  for (let n = 0; n < count; n++) {
    await forgetPauses(bound.env)
    await step(now)
  }
}
/** How long it is until Stripe is asked again. */
const pauseMs = () =>
  inOwnTransaction(async (tx) => {
    const { rows } = await sql<{ ms: string }>`
      select extract(epoch from max(lease_until) - now()) * 1000 as ms
      from due where env_id = ${bound.env} and kind = 'payment.settle'`.execute(tx)
    return Number(rows[0]?.ms ?? 0)
  })
const statuses = async () =>
  (await payments(bound.env)).map(({ status, failureCode }) => failureCode ?? status)

test('what a bank takes days for is asked for less and less, at most every hour, and at once when Stripe tells', async () => {
  await giveCard(bound, 'ann', 'debit')
  await steps(8)
  expect(await pauseMs()).toBeLessThan(5 * MINUTE_MS)
  await steps(10)
  expect(await pauseMs()).toBeGreaterThan(50 * MINUTE_MS)
  expect(await pauseMs()).toBeLessThanOrEqual(60 * MINUTE_MS)
  const [intentId = ''] = bound.stripe.books.intents.keys()
  bound.stripe.books.decide(intentId, 'succeeded')
  await step()
  expect(await statuses()).toEqual(['pending'])
  const [payment] = await payments(bound.env)
  const hint = { provider: 'stripe', paymentId: payment?.id ?? '' } as const
  await inOwnTransaction((tx) => wakePayment(tx, bound.env, hint, START))
  await step()
  expect(await statuses()).toEqual(['succeeded'])
})

test('who does not answer is asked again within a minute, however often they did not', async () => {
  await giveCard(bound, 'ann', 'ok')
  bound.stripe.fail(() => 'server_error')
  await steps(14)
  expect(await pauseMs()).toBeGreaterThan(0)
  expect(await pauseMs()).toBeLessThanOrEqual(MINUTE_MS)
})

test('a customer has three days from when they were asked, however late that was', async () => {
  await giveCard(bound, 'ann', 'authentication')
  bound.stripe.fail(() => 'cut_before')
  await steps(3)
  bound.stripe.fail(null)
  await steps(2, daysAfterStart(2))
  expect(await statuses()).toEqual(['action_required'])
  await steps(2, daysAfterStart(4))
  expect(await statuses()).toEqual(['action_required'])
  await steps(2, daysAfterStart(5))
  expect(await statuses()).toEqual(['action_not_taken'])
})

test('a worker that stood still for longer than its claim sends nothing any more', async () => {
  await giveCard(bound, 'ann', 'ok')
  let readings = 0
  const leaping = () => new Date(START.getTime() + 61_000 * readings++)
  await step() // begins the charge
  await step(START, leaping)
  expect(bound.stripe.books.intents.size).toBe(0)
  expect(await statuses()).toEqual(['pending'])
  await steps(2)
  expect(await statuses()).toEqual(['succeeded'])
  expect(bound.stripe.books.moved()).toHaveLength(1)
})
