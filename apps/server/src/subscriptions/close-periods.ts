import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { type BilledPeriod, billedPeriod, periodAfter, startsAhead } from './billed-periods.ts'
import type { BillingPeriod } from './billing-period.ts'
import {
  insertPeriods,
  type PeriodOf,
  selectOpenPeriods,
  updateStates,
} from './billing-periods.store.ts'
import { inTerm, type Subscription, statusAfter } from './subscription.ts'
import { type SubscriptionFact, tellOfMany } from './subscription-facts.ts'
import {
  endAsPlanned,
  lockSubscriptions,
  selectSubscriptionsById,
  updateEntered,
} from './subscriptions.store.ts'

/** What there is to do for a batch of subscriptions whose period may be over. */
export type Closing = {
  /** In the order of their ends. */
  readonly closed: readonly BilledPeriod[]
  /** Of `open`, those whose base price is to be billed now: no invoice of the term before them has it. */
  readonly startsAhead: readonly BilledPeriod[]
  /** All periods that are open now: each is to be closed at its end. */
  readonly open: readonly PeriodOf[]
}

/**
 * Closes those open periods of the subscriptions that are over at `now`, one of each, and opens the
 * periods that follow; a subscription whose end has come ends. Parked ones are left as they are.
 *
 * Happening twice, or with another step of a subscription at the same time, it closes each once: the
 * rows of the subscriptions are locked, and a period leaves `open` only by its row being open.
 */
export async function closePeriods(
  tx: Tx,
  envId: number,
  subscriptionIds: readonly string[],
  now: Date,
): Promise<Closing> {
  await lockSubscriptions(tx, envId, subscriptionIds)
  const subscriptions = await selectSubscriptionsById(tx, envId, subscriptionIds)
  const billed = subscriptions.filter(({ parkedReason }) => parkedReason === null)
  const before = await openPeriodsOf(tx, envId, billed)
  const closed = billed.flatMap((subscription) => {
    const period = before.get(subscription.id)
    return period && period.end <= now ? [closedBy(subscription, period)] : []
  })
  if (closed.length > 0) await write(tx, envId, closed, now)
  const stillOpen = [...before].filter(([, period]) => period.end > now)
  return {
    closed: closed.sort((a, b) => a.period.end.getTime() - b.period.end.getTime()),
    open: [
      ...stillOpen.map(([subscriptionId, period]) => ({ subscriptionId, period })),
      ...closed.flatMap(nextOf),
    ],
    startsAhead: closed.flatMap(startOfTerm),
  }
}

async function openPeriodsOf(
  tx: Tx,
  envId: number,
  subscriptions: readonly Subscription[],
): Promise<Map<string, BillingPeriod>> {
  if (subscriptions.length === 0) return new Map()
  const ids = subscriptions.map(({ id }) => id)
  const open = await selectOpenPeriods(tx, envId, ids)
  return new Map(open.map(({ subscriptionId, period }) => [subscriptionId, period]))
}

/** A period that is closed, and its subscription as it is at present. */
type Closed = BilledPeriod & { readonly present: Subscription }

function closedBy(present: Subscription, period: BillingPeriod): Closed {
  return { present, ...billedPeriod(present, period, periodAfter(present, period)) }
}

async function write(tx: Tx, envId: number, closed: readonly Closed[], now: Date): Promise<void> {
  const refs = closed.map(({ subscription, period: { no } }) => ({
    subscriptionId: subscription.id,
    periodNo: no,
  }))
  const count = await updateStates(tx, envId, refs, { from: 'open', to: 'closed' })
  invariant(count === refs.length, 'a period is closed once')
  await insertPeriods(tx, envId, closed.flatMap(nextOf))
  await enterTerms(tx, envId, closed, now)
  await endPlanned(tx, envId, closed, now)
}

/** Has subscriptions enter the terms of the periods that begin, where that was not done when they were changed. */
async function enterTerms(
  tx: Tx,
  envId: number,
  closed: readonly Closed[],
  now: Date,
): Promise<void> {
  const entered = closed.flatMap(entering)
  if (entered.length === 0) return
  const after = entered.map(({ subscription }) => subscription)
  await updateEntered(tx, envId, after)
  const facts = entered.flatMap(({ subscription, type }) => (type ? [{ type, subscription }] : []))
  await tellOfMany(tx, envId, facts, now)
}

type Entered = {
  readonly subscription: Subscription
  /** What others are told; null: they were told before. */
  readonly type: SubscriptionFact['type'] | null
}

function entering({ present, period, next }: Closed): Entered[] {
  if (!next || next.termNo === period.termNo || present.status === 'canceled') return []
  const { terms, status } = present
  const isTrialOver =
    terms[period.termNo]?.kind === 'trial' && terms[next.termNo]?.kind === 'billed'
  const subscription = inTerm(present, Math.max(next.termNo, present.term.no))
  if (isTrialOver && status === 'trialing') {
    const active = { ...subscription, status: statusAfter(status, 'end_trial') }
    return [{ subscription: active, type: 'subscription.trial_ended' }]
  }
  if (next.termNo <= present.term.no) return []
  return [{ subscription, type: isTrialOver ? null : 'subscription.changed' }]
}

/** The first period of another term, as one whose base price no invoice of the term before has. */
function startOfTerm({ present, period, next }: Closed): BilledPeriod[] {
  if (!next || next.termNo === period.termNo) return []
  return [billedPeriod(present, next, null)].filter(startsAhead)
}

/** Those whose last period this was and that were not canceled before end as planned. */
async function endPlanned(
  tx: Tx,
  envId: number,
  closed: readonly BilledPeriod[],
  now: Date,
): Promise<void> {
  const ended = closed.flatMap(({ subscription, next }): Subscription[] => {
    const { status, cancelAt } = subscription
    if (next !== null || status === 'canceled') return []
    return [{ ...subscription, status: statusAfter(status, 'end'), endedAt: cancelAt }]
  })
  if (ended.length === 0) return
  await endAsPlanned(
    tx,
    envId,
    ended.map(({ id }) => id),
  )
  const facts = ended.map((subscription) => ({
    type: 'subscription.canceled' as const,
    subscription,
  }))
  await tellOfMany(tx, envId, facts, now)
}

function nextOf({ subscription, next }: BilledPeriod): PeriodOf[] {
  return next ? [{ subscriptionId: subscription.id, period: next }] : []
}
