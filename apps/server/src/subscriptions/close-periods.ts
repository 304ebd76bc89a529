import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { type BilledPeriod, billedPeriod, periodAfter } from './billed-periods.ts'
import type { BillingPeriod } from './billing-period.ts'
import {
  insertPeriods,
  type PeriodOf,
  selectOpenPeriods,
  updateStates,
} from './billing-periods.store.ts'
import { type Subscription, statusAfter } from './subscription.ts'
import { tellOfMany } from './subscription-facts.ts'
import { endAsPlanned, lockSubscriptions, selectSubscriptionsById } from './subscriptions.store.ts'

/** What there is to do for a batch of subscriptions whose period may be over. */
export type Closing = {
  /** In the order of their ends. */
  readonly closed: readonly BilledPeriod[]
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

function closedBy(subscription: Subscription, period: BillingPeriod): BilledPeriod {
  return billedPeriod(subscription, period, periodAfter(subscription, period))
}

async function write(
  tx: Tx,
  envId: number,
  closed: readonly BilledPeriod[],
  now: Date,
): Promise<void> {
  const refs = closed.map(({ subscription, period: { no } }) => ({
    subscriptionId: subscription.id,
    periodNo: no,
  }))
  const count = await updateStates(tx, envId, refs, { from: 'open', to: 'closed' })
  invariant(count === refs.length, 'a period is closed once')
  await insertPeriods(tx, envId, closed.flatMap(nextOf))
  await endPlanned(tx, envId, closed, now)
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
