import type { Span } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { type BillingPeriod, nextPeriod } from './billing-period.ts'
import {
  type PeriodRef,
  selectOpenPeriods,
  selectPeriodsAndNext,
  selectUnsettled,
  updateStates,
} from './billing-periods.store.ts'
import { endOf, inTerm, type Subscription } from './subscription.ts'
import { lockSubscriptions, selectSubscriptionsById } from './subscriptions.store.ts'

/** A period of a subscription, with what its invoice needs to know of the one that follows. */
export type BilledPeriod = {
  /** As it is in the term of the period. */
  readonly subscription: Subscription
  readonly period: BillingPeriod
  /** The one that follows; null: none does. */
  readonly next: BillingPeriod | null
  /** Of a plan paid in advance: what of its base price was billed and not used, as a change cut it short. */
  readonly unusedBase: UnusedBase | null
}

/**
 * The unused part of a base price is what was billed for `billed` without what `used` costs, each
 * rounded as on a line of its own: so the remainder of a split goes to the last piece.
 */
export type UnusedBase = { readonly billed: Span; readonly used: Span }

/** The part of a whole period whose base price is paid in advance: what it was to be when it began. */
export function paidAhead({ start, plannedEnd, fullStart, fullEnd }: BillingPeriod): Span {
  return { start, end: plannedEnd, fullStart, fullEnd }
}

/** What the base price on the invoice of a plan in advance pays for; null: nothing more of that term. */
export function nextPaidAhead({ subscription, period, next }: BilledPeriod): Span | null {
  const isPaid = subscription.plan.baseInAdvance && next?.termNo === period.termNo
  return isPaid ? paidAhead(next) : null
}

/** The periods of a customer whose usage nobody has invoiced yet. */
export async function unsettledPeriods(
  tx: Tx,
  envId: number,
  customer: string,
): Promise<readonly BilledPeriod[]> {
  const refs = await selectUnsettled(tx, envId, customer)
  return refs.length === 0 ? [] : [...(await billedPeriods(tx, envId, refs)).values()]
}

/** Whether the base price of a period needs an invoice in advance: no invoice of the term before it has it. */
export function startsAhead({ subscription, period }: BilledPeriod): boolean {
  return period.isBilled && subscription.plan.baseInAdvance
}

/** The named periods, to be looked up by `periodKey`, as they are stored now. */
export async function billedPeriods(
  tx: Tx,
  envId: number,
  refs: readonly PeriodRef[],
): Promise<ReadonlyMap<string, BilledPeriod>> {
  const ids = [...new Set(refs.map(({ subscriptionId }) => subscriptionId))]
  const subscriptions = await selectSubscriptionsById(tx, envId, ids)
  const byId = new Map(subscriptions.map((subscription) => [subscription.id, subscription]))
  const found = await selectPeriodsAndNext(tx, envId, refs)
  return new Map(
    found.map(({ subscriptionId, period, next }) => {
      const subscription = byId.get(subscriptionId)
      invariant(subscription !== undefined, 'a period has a subscription')
      const key = periodKey({ subscriptionId, periodNo: period.no })
      return [key, billedPeriod(subscription, period, next)]
    }),
  )
}

/**
 * The same for periods that are about to be invoiced: until the transaction ends no step is taken and
 * nobody beneath subscribes into a time that these invoices bill.
 */
export async function lockBilledPeriods(
  tx: Tx,
  envId: number,
  refs: readonly PeriodRef[],
): Promise<ReadonlyMap<string, BilledPeriod>> {
  const ids = [...new Set(refs.map(({ subscriptionId }) => subscriptionId))]
  await lockSubscriptions(tx, envId, ids)
  return billedPeriods(tx, envId, refs)
}

/** The periods with which these subscriptions began. */
export async function firstPeriods(
  tx: Tx,
  envId: number,
  subscriptionIds: readonly string[],
): Promise<readonly BilledPeriod[]> {
  const refs = subscriptionIds.map((subscriptionId) => ({ subscriptionId, periodNo: 0 }))
  return [...(await billedPeriods(tx, envId, refs)).values()]
}

/** The open period of a subscription with the one that will follow; null when it has ended, or is not billed. */
export async function openBilledPeriod(
  tx: Tx,
  envId: number,
  subscription: Subscription,
): Promise<BilledPeriod | null> {
  const [open] = await selectOpenPeriods(tx, envId, [subscription.id])
  if (!open) return null
  if (!open.period.isBilled) return null
  return billedPeriod(subscription, open.period, periodAfter(subscription, open.period))
}

/** Puts a period together with what follows it. */
export function billedPeriod(
  subscription: Subscription,
  period: BillingPeriod,
  next: BillingPeriod | null,
): BilledPeriod {
  const ofTerm = inTerm(subscription, period.termNo)
  return { subscription: ofTerm, period, next, unusedBase: unusedBaseOf(ofTerm, period) }
}

/** A cancelation gives nothing back; a term that ends does. */
function unusedBaseOf({ term, plan }: Subscription, period: BillingPeriod): UnusedBase | null {
  const isCut = period.end < period.plannedEnd && period.end.getTime() === term.until?.getTime()
  return plan.baseInAdvance && period.isBilled && isCut
    ? { billed: paidAhead(period), used: period }
    : null
}

/** The period that will follow `period`; null when the subscription will have ended. */
export function periodAfter(
  subscription: Subscription,
  period: BillingPeriod,
): BillingPeriod | null {
  return nextPeriod({ terms: subscription.terms, endsAt: endOf(subscription) }, period)
}

/** Says that closed periods have their invoices. Each does so once: anything else is a mistake of ours. */
export async function markInvoiced(
  tx: Tx,
  envId: number,
  refs: readonly PeriodRef[],
): Promise<void> {
  const marked = await updateStates(tx, envId, refs, { from: 'closed', to: 'invoiced' })
  invariant(marked === refs.length, 'a closed period is invoiced once')
}

export function periodKey({ subscriptionId, periodNo }: PeriodRef): string {
  return `${subscriptionId} ${periodNo}`
}

export type { PeriodRef }
