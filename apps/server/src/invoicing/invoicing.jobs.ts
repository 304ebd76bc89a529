import { catchUp, committedSoFar } from '../metering/catch-up.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { defer, finish, postpone } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import { scheduleMany, type Work } from '../platform/due/schedule.ts'
import type { DueHandler } from '../platform/due/worker.ts'
import type { Logger } from '../platform/log.ts'
import {
  type BilledPeriod,
  billedPeriods,
  firstPeriods,
  startsAhead,
} from '../subscriptions/billed-periods.ts'
import { closePeriods } from '../subscriptions/close-periods.ts'
import {
  CLOSE_KIND,
  closeWork,
  LATE_KIND,
  lateWork,
  START_KIND,
  THRESHOLD_KIND,
} from '../subscriptions/due-work.ts'
import { hasSpendThreshold } from '../subscriptions/spend-threshold.ts'
import { PAST_DAYS_MAX } from '../usage/event-age.ts'
import { billLateUsage, type LateLook } from './bill-late-usage.ts'
import { billThreshold } from './bill-threshold.ts'
import { draftInvoices, FINALIZE_KIND } from './draft-invoices.ts'
import { finalizeInvoices } from './finalize-invoices.ts'
import { grantPlanCredits } from './grant-plan-credits.ts'
import { createWaitLog } from './wait-for-meters.ts'

export type BillingDeps = { readonly db: Database; readonly clock: Clock; readonly log: Logger }

type WaitingDeps = BillingDeps & { readonly sayWaiting: ReturnType<typeof createWaitLog> }

const PERIODS_AT_ONCE = 500 // some tens of statements for all of them, and some hundred milliseconds of locks
const RETRY_MS = 250
const THRESHOLDS_AT_ONCE = 20
const LATE_AT_ONCE = 50 // a transaction each
const DAY_MS = 86_400_000
const LATE_EVERY_MS = PAST_DAYS_MAX * DAY_MS // as long as usage may come without an import
const THRESHOLD_EVERY_MS = 21_600_000 // each look is a preview, and a clock that is moved over a month waits for all

/** The work of billing that falls due: a subscription begins, a period is over, a grace is over. */
export function billingHandlers(deps: BillingDeps): DueHandler[] {
  const sayWaiting = createWaitLog(deps.log)
  return [
    {
      kind: START_KIND,
      batchMax: PERIODS_AT_ONCE,
      run: (jobs) => deps.db.inTransaction((tx) => startPeriods(tx, jobs)),
    },
    { kind: CLOSE_KIND, batchMax: PERIODS_AT_ONCE, run: (jobs) => closeDue(jobs, deps) },
    {
      kind: THRESHOLD_KIND,
      batchMax: THRESHOLDS_AT_ONCE,
      run: (jobs) => billThresholds(jobs, deps.db),
    },
    {
      kind: FINALIZE_KIND,
      batchMax: PERIODS_AT_ONCE,
      run: (jobs) => finalizeDue(jobs, { ...deps, sayWaiting }),
    },
    {
      kind: LATE_KIND,
      batchMax: LATE_AT_ONCE,
      run: (jobs) => billLate(jobs, { ...deps, sayWaiting }),
    },
  ]
}

/** All jobs that a handler gets at once are of one environment and time. */
async function startPeriods(tx: Tx, jobs: readonly Job[]): Promise<void> {
  const [first] = jobs
  if (!first) return
  const { envId, now } = first
  const periods = await firstPeriods(tx, envId, refsOf(jobs))
  await grantPlanCredits(tx, envId, periods, now)
  const ahead = periods.filter(startsAhead)
  await draftInvoices(tx, envId, { kind: 'advance', periods: ahead }, now)
  await finish(tx, jobs)
}

/** What a draft comes to is told at once: so what has been used so far should be in, if that is quickly done. */
async function closeDue(jobs: readonly Job[], deps: BillingDeps): Promise<void> {
  await catchUp(deps, await deps.db.inTransaction(committedSoFar))
  await deps.db.inTransaction((tx) => close(tx, jobs))
}

async function close(tx: Tx, jobs: readonly Job[]): Promise<void> {
  const [first] = jobs
  if (!first) return
  const { envId, now } = first
  const { closed, open, startsAhead: ahead } = await closePeriods(tx, envId, refsOf(jobs), now)
  await finish(tx, jobs) // before the same work is scheduled anew
  const next = open.map(({ subscriptionId, period }) => closeWork(subscriptionId, period))
  await scheduleMany(tx, envId, [...next, ...closed.filter(isLast).map(firstLook)])
  const opened = await billedPeriods(
    tx,
    envId,
    open.map(({ subscriptionId, period: { no: periodNo } }) => ({ subscriptionId, periodNo })),
  )
  await grantPlanCredits(tx, envId, [...opened.values()], now)
  await draftInvoices(tx, envId, { kind: 'advance', periods: ahead }, now)
  const billed = closed.filter(({ period }) => period.isBilled)
  await draftInvoices(tx, envId, { kind: 'period', periods: billed }, now)
}

function isLast({ next }: BilledPeriod): boolean {
  return next === null
}

/** When nothing of the last period can come any more but by an import or a correction. */
function firstLook({ subscription, period }: BilledPeriod): Work {
  const graceMs = subscription.plan.graceSeconds * 1_000
  return lateWork(subscription.id, new Date(period.end.getTime() + graceMs + LATE_EVERY_MS))
}

/**
 * What came late of ended subscriptions, each in a transaction of its own. An import or a correction may come at
 * any time: so it is looked again and again, which costs little.
 */
async function billLate(jobs: readonly Job[], deps: WaitingDeps): Promise<void> {
  const isFolded = await catchUp(deps, await deps.db.inTransaction(committedSoFar))
  for (const job of jobs) {
    const { envId, ref: subscriptionId, now } = job
    const look = await deps.db.inTransaction(async (tx) => {
      if (!isFolded) return defer(tx, [job], RETRY_MS)
      const done = await billLateUsage(tx, envId, subscriptionId, now)
      await lookAgain(tx, job, done)
      return done
    })
    if (look?.outcome === 'incomplete')
      deps.sayWaiting({ envId, invoices: 1, meters: look.waitsFor })
    if (look?.outcome === 'parked')
      deps.log.error({ envId, subscriptionId, reason: look.reason }, STOPPED)
  }
}

async function lookAgain(tx: Tx, job: Job, { outcome }: LateLook): Promise<void> {
  if (outcome === 'over') return finish(tx, [job])
  if (outcome === 'incomplete') return defer(tx, [job], RETRY_MS)
  const inMs = outcome === 'done' ? LATE_EVERY_MS : DAY_MS
  return postpone(tx, job, new Date(job.now.getTime() + inMs))
}

const STOPPED = 'billing of a subscription was stopped'

/** Each in a transaction of its own: subscriptions are locked before numbers are taken. */
async function billThresholds(jobs: readonly Job[], db: Database): Promise<void> {
  for (const job of jobs)
    await db.inTransaction(async (tx) => {
      const { envId, ref, now } = job
      await billThreshold(tx, envId, ref, now)
      if (await hasSpendThreshold(tx, envId, ref))
        await postpone(tx, job, new Date(now.getTime() + THRESHOLD_EVERY_MS))
      else await finish(tx, [job])
    })
}

/**
 * An event that was answered before the grace was over is on the invoice: so whatever is committed now
 * must be folded before anything is rated.
 */
async function finalizeDue(jobs: readonly Job[], deps: WaitingDeps): Promise<void> {
  const [first] = jobs
  if (!first) return
  const { envId, now } = first
  const committed = await deps.db.inTransaction(committedSoFar)
  const isFolded = await catchUp(deps, committed)
  const done = await deps.db.inTransaction(async (tx) => {
    if (!isFolded) {
      await defer(tx, jobs, RETRY_MS)
      return null
    }
    const found = await finalizeInvoices(tx, envId, refsOf(jobs), now)
    const [waiting, finished] = partition(jobs, ({ ref }) => found.incomplete.has(ref))
    await finish(tx, finished)
    await defer(tx, waiting, RETRY_MS)
    return found
  })
  if (done === null) return
  const { incomplete, waitsFor: meters, parked } = done
  deps.sayWaiting({ envId, invoices: incomplete.size, meters })
  for (const { subscriptionId, reason } of parked)
    deps.log.error({ envId, subscriptionId, reason }, STOPPED)
}

function refsOf(jobs: readonly Job[]): string[] {
  return jobs.map(({ ref }) => ref)
}

function partition<T>(all: readonly T[], isFirst: (each: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((each) => !isFirst(each))]
}
