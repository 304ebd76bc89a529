import { periodContaining, wholeDecimal } from '@usageflow/pricing'
import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { aMeter, aPlan } from '../catalog/test-plans.ts'
import { seeCustomers } from '../customers/see-customers.ts'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { Failure } from '../platform/errors.ts'
import { billedPeriods, firstPeriods, periodKey } from '../subscriptions/billed-periods.ts'
import type { BillingPeriod } from '../subscriptions/billing-period.ts'
import {
  cancelAtPeriodEnd,
  cancelNow,
  getSubscription,
  suspend,
} from '../subscriptions/change-subscription.ts'
import { changeTerms, endTrial, pause, resume, unschedule } from '../subscriptions/change-terms.ts'
import { closePeriods } from '../subscriptions/close-periods.ts'
import { subscribe } from '../subscriptions/subscribe.ts'
import {
  endOf,
  STEPS,
  type Status,
  type Step,
  type Subscription,
} from '../subscriptions/subscription.ts'
import { termAt } from '../subscriptions/term.ts'
import { draftInvoices } from './draft-invoices.ts'

const HOUR_MS = 3_600_000
const PLANS = ['monthly', 'weekly', 'early', 'early-weekly'] as const

let env: number
beforeAll(async () => {
  env = await inOwnTransaction(async (tx) => {
    const envId = await aBillingEnvironment(tx, new Date('2026-01-01T00:00:00Z'))
    await aMeter(tx, envId)
    await aPlan(tx, envId, { key: 'monthly' })
    await aPlan(tx, envId, { key: 'weekly', cycle: 'week' })
    await aPlan(tx, envId, { key: 'early', baseInAdvance: true })
    await aPlan(tx, envId, { key: 'early-weekly', cycle: 'week', baseInAdvance: true })
    return envId
  })
})

const OPS = [
  'change_now',
  'change_at_period_end',
  'change_at_date',
  'unschedule',
  'pause',
  'resume',
  'suspend',
  'end_trial',
  'cancel_at_period_end',
  'cancel',
  'nothing',
] as const
type Op = (typeof OPS)[number]

/** What the picture of the states says of each; null: it does not decide. */
const STEP_OF: Readonly<Record<Op, Step | null>> = {
  change_now: 'change',
  change_at_period_end: 'change',
  change_at_date: 'change',
  unschedule: null,
  pause: 'pause',
  resume: 'resume',
  suspend: 'suspend',
  end_trial: 'end_trial',
  cancel_at_period_end: 'end',
  cancel: 'cancel',
  nothing: null,
}

const lives = fc.record({
  plan: fc.constantFrom(...PLANS),
  anchorKind: fc.constantFrom('day' as const, 'instant' as const, 'calendar' as const),
  timeZone: fc.constantFrom('UTC', 'America/New_York', 'Africa/Cairo'),
  startedMs: fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 2, 31) }),
  trialDays: fc.constantFrom(0, 0, 1, 14, 45),
  steps: fc.array(
    fc.record({
      // The same instant again, and far jumps over several periods, as often as hours.
      afterMs: fc.oneof(
        fc.constantFrom(0, 1, 24 * HOUR_MS),
        fc.integer({ min: 1, max: 50 * 24 * HOUR_MS }),
      ),
      op: fc.oneof(
        fc.constantFrom(...OPS.filter((op) => op !== 'cancel')),
        fc.constantFrom(...OPS),
      ),
      plan: fc.constantFrom(...PLANS),
      quantity: fc.integer({ min: 1, max: 9 }),
      isLate: fc.boolean(),
    }),
    { minLength: 1, maxLength: 9 },
  ),
})
type Life = typeof lives extends fc.Arbitrary<infer T> ? T : never

/** A change that is taken back just as the period begins which it was to end, and which is paid in advance. */
const TAKEN_BACK: Life = {
  ...{ plan: 'early', anchorKind: 'day', timeZone: 'UTC', startedMs: Date.UTC(2026, 0, 1) },
  trialDays: 0,
  steps: [
    { afterMs: 0, op: 'change_at_date', plan: 'monthly', quantity: 7, isLate: false },
    { afterMs: 31 * 24 * HOUR_MS, op: 'unschedule', plan: 'monthly', quantity: 1, isLate: false },
    { afterMs: 5 * 24 * HOUR_MS, op: 'nothing', plan: 'monthly', quantity: 1, isLate: false },
    { afterMs: 31 * 24 * HOUR_MS, op: 'nothing', plan: 'monthly', quantity: 1, isLate: false },
  ],
}

let customers = 0

test('whatever is done to subscriptions when, their time is tiled, and billed once or not at all', async () => {
  await fc.assert(
    fc.asyncProperty(lives, async (life) => {
      const { subscription, now } = await live(life)
      await expectWhole(subscription, now)
    }),
    { numRuns: 60, examples: [[TAKEN_BACK]] },
  )
}, 400_000)

async function live(life: Life): Promise<{ subscription: Subscription; now: Date }> {
  let now = new Date(life.startedMs)
  const customer = `customer-${customers++}`
  const begun = await inOwnTransaction(async (tx) => {
    await seeCustomers(tx, [{ envId: env, customer }], now)
    const { plan, anchorKind, timeZone, trialDays } = life
    const wanted = { customer, plan, planVersion: null, startedAt: null, cancelAt: null }
    return subscribe(tx, env, { ...wanted, anchorKind, timeZone, trialDays }, now)
  })
  if (begun.term.kind === 'billed' && begun.plan.baseInAdvance)
    await inOwnTransaction(async (tx) => {
      const periods = await firstPeriods(tx, env, [begun.id])
      await draftInvoices(tx, env, { kind: 'advance', periods }, now)
    })
  for (const step of life.steps) {
    now = new Date(now.getTime() + step.afterMs)
    if (!step.isLate) await work(begun.id, now)
    await take(begun.id, step, now)
  }
  await work(begun.id, now)
  return { subscription: await read(begun.id), now }
}

/** Closes all that is over, by two workers at the same time. */
async function work(id: string, now: Date): Promise<void> {
  for (let count = 1; count > 0; ) {
    const closings = await Promise.all([closeOnce(id, now), closeOnce(id, now)])
    count = closings[0] + closings[1]
  }
}

function closeOnce(id: string, now: Date): Promise<number> {
  return inOwnTransaction(async (tx) => {
    const { closed, startsAhead } = await closePeriods(tx, env, [id], now)
    await draftInvoices(tx, env, { kind: 'advance', periods: startsAhead }, now)
    const billed = closed.filter(({ period }) => period.isBilled)
    await draftInvoices(tx, env, { kind: 'period', periods: billed }, now)
    return closed.length
  })
}

/** A step holds exactly where the picture of the states has it, unless something else stands in its way. */
async function take(id: string, step: Life['steps'][number], now: Date): Promise<void> {
  const { status } = await read(id)
  const wanted = STEP_OF[step.op]
  const isPossible = wanted === null || STEPS[status][wanted] !== undefined
  try {
    await done(id, step, now)
    expect(isPossible, `${status} ${step.op}`).toBe(true)
    if (wanted !== null && wanted !== 'end')
      expect((await read(id)).status).toBe(STEPS[status][wanted] satisfies Status | undefined)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    expect(error.code === 'subscription.step_impossible').toBe(!isPossible)
    expect(error.code).toMatch(
      /step_impossible|change_scheduled|nothing_scheduled|change_out_of_time|nothing_changes/,
    )
  }
}

async function done(id: string, step: Life['steps'][number], now: Date): Promise<void> {
  const change = {
    id,
    plan: step.plan,
    planVersion: 1,
    quantity: wholeDecimal(BigInt(step.quantity)),
  }
  const date = new Date(now.getTime() + step.quantity * 5 * 24 * HOUR_MS)
  await inOwnTransaction(async (tx) => {
    switch (step.op) {
      case 'change_now':
        return changeTerms(tx, env, { ...change, when: 'now' }, now)
      case 'change_at_period_end':
        return changeTerms(tx, env, { ...change, when: 'period_end' }, now)
      case 'change_at_date':
        return changeTerms(tx, env, { ...change, when: date }, now)
      case 'unschedule':
        return unschedule(tx, env, id, now)
      case 'pause':
        return pause(tx, env, id, now)
      case 'resume':
        return resume(tx, env, id, now)
      case 'suspend':
        return suspend(tx, env, id, now)
      case 'end_trial':
        return endTrial(tx, env, id, now)
      case 'cancel_at_period_end':
        return cancelAtPeriodEnd(tx, env, id, now)
      case 'cancel':
        return cancelNow(tx, env, id, now)
      case 'nothing':
        return null
      default:
        throw new TypeError(`unknown: ${step.op satisfies never}`)
    }
  })
}

async function expectWhole(subscription: Subscription, now: Date): Promise<void> {
  const periods = await periodsOf(subscription.id)
  const { terms } = subscription
  for (const [n, term] of terms.entries()) {
    expect(term.no).toBe(n)
    expect(term.until).toEqual(terms[n + 1]?.since ?? null)
  }
  for (const [n, period] of periods.entries()) {
    expect(period.no).toBe(n)
    if (n > 0) expect(period.start).toEqual(periods[n - 1]?.end)
    expectOfOneTerm(subscription, period)
    expect(period.state === 'open').toBe(period.end > now)
  }
  const [last] = periods.toReversed()
  // One that was canceled where its period began has one of a millisecond, which may not be over yet.
  if (subscription.status === 'canceled')
    expect(last?.end.getTime()).toBeLessThanOrEqual(now.getTime() + 1)
  else expect(last?.state).toBe('open')
  await expectInvoices(subscription, periods)
}

/**
 * A period is within its term, and ends where the anchor says unless term or subscription end before. One that was paid in
 * advance until a change which was taken back still ends there: what follows is paid for as a period of its own.
 */
function expectOfOneTerm(subscription: Subscription, period: BillingPeriod): void {
  const term = termAt(subscription.terms, period.start)
  expect(period.termNo).toBe(term.no)
  expect(period.isBilled).toBe(term.kind === 'billed')
  const onGrid = periodContaining(term.anchor, term.plan.cycle, period.start).end
  const paidUntil = period.isBilled && term.plan.baseInAdvance ? period.plannedEnd : null
  const ends = [onGrid, term.until, endOf(subscription), paidUntil].filter((end) => end !== null)
  const earliestMs = Math.min(...ends.map((end) => end.getTime()))
  // A cancelation at its very start leaves a period of a millisecond.
  expect(period.end.getTime()).toBe(Math.max(earliestMs, period.start.getTime() + 1))
}

/** One invoice for each billed period that is over, and each base price in advance paid for once. */
async function expectInvoices(
  { id, terms }: Subscription,
  periods: readonly BillingPeriod[],
): Promise<void> {
  const rows = await inOwnTransaction((tx) =>
    tx
      .selectFrom('invoice_states')
      .where('env_id', '=', env)
      .where('subscription_id', '=', id)
      .select(['period_no', 'kind'])
      .execute(),
  )
  const found = rows.map(({ period_no, kind }) => `${period_no} ${kind}`).toSorted()
  const expected = periods.flatMap((period) => {
    const before = periods[period.no - 1]
    const isInAdvance = terms[period.termNo]?.plan.baseInAdvance === true
    const isAhead = period.isBilled && isInAdvance && before?.termNo !== period.termNo
    const isOver = period.isBilled && period.state !== 'open'
    return [
      ...(isAhead ? [`${period.no} advance`] : []),
      ...(isOver ? [`${period.no} period`] : []),
    ]
  })
  expect(found).toEqual(expected.toSorted())
}

function read(id: string): Promise<Subscription> {
  return inOwnTransaction((tx) => getSubscription(tx, env, id))
}

/** The first one first. */
function periodsOf(id: string): Promise<BillingPeriod[]> {
  return inOwnTransaction(async (tx) => {
    const { rows } = await sql<{ no: number }>`
      select period_no as no from subscription_periods where env_id = ${env} and subscription_id = ${id} order by period_no`.execute(
      tx,
    )
    const refs = rows.map(({ no }) => ({ subscriptionId: id, periodNo: no }))
    const billed = await billedPeriods(tx, env, refs)
    return rows
      .flatMap(({ no }) => billed.get(periodKey({ subscriptionId: id, periodNo: no })) ?? [])
      .map(({ period }) => period)
  })
}
