import { isDeepStrictEqual } from 'node:util'
import type { Decimal } from '@usageflow/pricing'
import { findPlan, planVersions, versionKey, versionOnSale } from '../catalog/find-plan.ts'
import {
  assertOverridesFit,
  type OverrideFields,
  type Overrides,
  overridesFor,
} from '../catalog/overrides.ts'
import type { PlanPrice, PlanVersion } from '../catalog/plan.ts'
import { lockCustomer } from '../customers/declare-customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { later } from '../platform/instant.ts'
import { assertAddOnsIn } from './attach-add-on.ts'
import { periodEndAfter } from './billing-period.ts'
import { selectOpenPeriods } from './billing-periods.store.ts'
import { getSubscription, lockSubscription, refitOpenPeriod } from './change-subscription.ts'
import { selectActivePrices } from './coverage.store.ts'
import { failures } from './failures.ts'
import { endOf, inTerm, type Step, type Subscription, statusAfter } from './subscription.ts'
import { type SubscriptionFact, tellOf } from './subscription-facts.ts'
import { updateCancelAt, updateStatus, updateTerm } from './subscriptions.store.ts'
import { type Offer, type SoldPlan, soldPlan, type Term, type Timeline, termAt } from './term.ts'
import { deleteTermsFrom, insertTerms, updateUntil } from './terms.store.ts'
import {
  changeableFrom,
  paused,
  resumed,
  scheduledChange,
  withOffer,
  withoutTrial,
} from './timeline.ts'

/** What is to be sold instead; what is null stays as it is. */
export type Change = {
  /** Id or key. With a plan and no version its newest is meant. */
  readonly plan: string | null
  readonly planVersion: number | null
  readonly quantity: Decimal | null
  /** Null: they stay while the plan does, and end with it. */
  readonly overrides?: OverrideFields | null
  /** `period_end` is the end of the trial where there is one. */
  readonly when: 'now' | 'period_end' | Date
}

/**
 * Sells something else from now on, or from an instant ahead. The open period ends there, and what comes
 * after it is rated apart; the anchor stays unless the cycle is another. Throws `plan.unknown`,
 * `plan.version_unknown`, `plan.archived`, what `overridesFor` throws, and of its own:
 * `subscription.unknown`, `.step_impossible`, `.change_scheduled`, `.change_out_of_time`,
 * `.nothing_changes`, `.meter_taken` and `.add_on_currency`.
 */
export async function changeTerms(
  tx: Tx,
  envId: number,
  wanted: Change & { readonly id: string },
  now: Date,
): Promise<Subscription> {
  const { before, ...written } = await plannedChange(tx, envId, wanted, now)
  const after = await rewrite(tx, envId, before, written)
  if (written.isNow)
    await tellOf(tx, envId, { type: 'subscription.changed', subscription: after }, now)
  return after
}

/** What would be sold, and from when on. Throws what `changeTerms` would, and changes nothing. */
export async function plannedOffer(
  tx: Tx,
  envId: number,
  wanted: Change & { readonly id: string },
  now: Date,
): Promise<{ readonly at: Date; readonly offer: Offer }> {
  const { at, terms } = await plannedChange(tx, envId, wanted, now)
  const { plan, quantity, overrides } = termAt(terms, at)
  return { at, offer: { plan, quantity, overrides } }
}

async function plannedChange(
  tx: Tx,
  envId: number,
  wanted: Change & { readonly id: string },
  now: Date,
): Promise<Rewrite & { readonly before: Subscription }> {
  const { customer } = await getSubscription(tx, envId, wanted.id)
  await lockCustomer(tx, envId, customer) // nobody takes a meter of the new plan meanwhile
  const before = await lockSubscription(tx, envId, wanted.id)
  statusAfter(before.status, 'change')
  assertNothingScheduled(before)
  const at = await instantOf(tx, envId, before, { when: wanted.when, now })
  const { offer, content } = await offerOf(tx, envId, wanted, termAt(before.terms, at))
  await assertFree(tx, envId, { subscription: before, at, prices: content.prices })
  await assertAddOnsIn(tx, envId, wanted.id, { currency: content.currency, at })
  return { before, at, isNow: wanted.when === 'now', terms: withOffer(before.terms, at, offer) }
}

/**
 * Takes back the change that is planned. Throws `subscription.unknown`, `.nothing_scheduled` and, if another
 * one has usage from then on that the change sets free, `.meter_taken`.
 */
export async function unschedule(
  tx: Tx,
  envId: number,
  id: string,
  now: Date,
): Promise<Subscription> {
  const { customer } = await getSubscription(tx, envId, id)
  await lockCustomer(tx, envId, customer) // nobody takes a meter of it meanwhile
  const before = await lockSubscription(tx, envId, id)
  const planned = scheduledChange(before.terms, before.term)
  if (!planned || planned.since <= now || before.status === 'canceled')
    throw failures.nothingScheduled(id)
  const [first, ...others] = before.terms.slice(0, planned.no)
  const kept: [Term, ...Term[]] = [first ?? before.terms[0], ...others]
  const last = kept.at(-1) ?? kept[0]
  kept[kept.length - 1] = { ...last, until: planned.until }
  const { prices } = await contentOf(tx, envId, last.plan)
  await assertFree(tx, envId, { subscription: before, at: planned.since, prices })
  return rewrite(tx, envId, before, { terms: kept, at: planned.since, isNow: false })
}

/**
 * Lets a subscription go on whose end is planned, as what it is then. Throws `subscription.unknown`,
 * `.nothing_canceled` and, if another one has the customer's usage from then on, `.meter_taken`.
 */
export async function uncancel(
  tx: Tx,
  envId: number,
  id: string,
  now: Date,
): Promise<Subscription> {
  const { customer } = await getSubscription(tx, envId, id)
  await lockCustomer(tx, envId, customer) // nobody takes a meter of it meanwhile
  const before = await lockSubscription(tx, envId, id)
  const { cancelAt, status, terms } = before
  if (!cancelAt || cancelAt <= now || status === 'canceled') throw failures.nothingCanceled(id)
  const after = { ...before, cancelAt: null }
  const { prices } = await contentOf(tx, envId, termAt(terms, cancelAt).plan)
  await assertFree(tx, envId, { subscription: after, at: cancelAt, prices })
  await updateCancelAt(tx, envId, id, null)
  await refitOpenPeriod(tx, envId, after)
  return after
}

/**
 * Stops billing at this instant: usage is counted and covered as before, and costs nothing. Throws
 * `subscription.unknown`, `subscription.step_impossible` and `subscription.change_scheduled`.
 */
export function pause(tx: Tx, envId: number, id: string, now: Date): Promise<Subscription> {
  return stepTo(tx, envId, { id, step: 'pause', type: 'subscription.paused', edit: paused }, now)
}

/** Goes on with a subscription that is paused or suspended. Throws like `pause`. */
export async function resume(tx: Tx, envId: number, id: string, now: Date): Promise<Subscription> {
  const { status } = await lockSubscription(tx, envId, id)
  const edit = status === 'paused' ? resumed : null
  return stepTo(tx, envId, { id, step: 'resume', type: 'subscription.resumed', edit }, now)
}

/** Ends the trial now: what was to be billed after it is billed from now on. Throws like `pause`. */
export function endTrial(tx: Tx, envId: number, id: string, now: Date): Promise<Subscription> {
  const type = 'subscription.trial_ended'
  return stepTo(tx, envId, { id, step: 'end_trial', type, edit: withoutTrial }, now)
}

async function stepTo(
  tx: Tx,
  envId: number,
  taken: {
    readonly id: string
    readonly step: Step
    readonly type: SubscriptionFact['type']
    /** Null: it is sold as before. */
    readonly edit: ((terms: Timeline, at: Date) => Timeline) | null
  },
  now: Date,
): Promise<Subscription> {
  const { id, edit } = taken
  const before = await lockSubscription(tx, envId, id)
  const stepped = { ...before, status: statusAfter(before.status, taken.step) }
  if (edit) assertNothingScheduled(before)
  await updateStatus(tx, envId, id, stepped)
  const at = await earliestChange(tx, envId, before, now)
  const after = edit
    ? await rewrite(tx, envId, stepped, { terms: edit(before.terms, at), at, isNow: true })
    : stepped
  await tellOf(tx, envId, { type: taken.type, subscription: after }, now)
  return after
}

/** One thing is planned at a time: what would become of a plan when another comes before it? */
function assertNothingScheduled({ terms, term }: Subscription): void {
  const planned = scheduledChange(terms, term)
  if (planned) throw failures.changeScheduled(planned.since)
}

async function instantOf(
  tx: Tx,
  envId: number,
  subscription: Subscription,
  { when, now }: { readonly when: Change['when']; readonly now: Date },
): Promise<Date> {
  const { terms, startedAt } = subscription
  const earliest = await earliestChange(tx, envId, subscription, now)
  const at =
    when === 'now'
      ? earliest
      : when === 'period_end'
        ? periodEnd(terms, later(earliest, startedAt))
        : when
  const end = endOf(subscription)
  if (at < earliest || (end && at >= end)) throw failures.changeOutOfTime(earliest, end)
  const trial = termAt(terms, now)
  const isInTrial = trial.kind === 'trial' && trial.until !== null && at < trial.until
  if (isInTrial && when !== 'now') throw failures.changeOutOfTime(trial.until ?? earliest, end)
  return at
}

function periodEnd(terms: Timeline, at: Date): Date {
  const { kind, until } = termAt(terms, at)
  return kind === 'trial' && until ? until : periodEndAfter(terms, at)
}

async function earliestChange(
  tx: Tx,
  envId: number,
  { id, terms }: Subscription,
  now: Date,
): Promise<Date> {
  const [open] = await selectOpenPeriods(tx, envId, [id])
  return open ? changeableFrom(terms, open.period, now) : now
}

/** What is sold instead of `term`, and what the plan says of it. */
async function offerOf(
  tx: Tx,
  envId: number,
  change: Change,
  term: Term,
): Promise<{ readonly offer: Offer; readonly content: PlanVersion }> {
  const { plan, content } = await versionFor(tx, envId, change, term)
  const offer = {
    plan,
    quantity: change.quantity ?? term.quantity,
    overrides: overridesOf(change, term, { plan, content }),
  }
  const isSame = plan.id === term.plan.id && plan.version === term.plan.version
  if (
    isSame &&
    offer.quantity === term.quantity &&
    isDeepStrictEqual(offer.overrides, term.overrides)
  )
    throw failures.nothingChanges()
  return { offer, content }
}

/** The version that is meant; one that stays need not be on sale. */
async function versionFor(
  tx: Tx,
  envId: number,
  { plan, planVersion }: Change,
  term: Term,
): Promise<{ readonly plan: SoldPlan; readonly content: PlanVersion }> {
  const planId = plan === null ? term.plan.id : (await findPlan(tx, envId, plan)).id
  const version = planVersion ?? (plan === null ? term.plan.version : null)
  if (planId === term.plan.id && version === term.plan.version)
    return { plan: term.plan, content: await contentOf(tx, envId, term.plan) }
  const found = await versionOnSale(tx, envId, { plan: planId, version })
  return { plan: soldPlan(found.plan, found.content), content: found.content }
}

async function contentOf(tx: Tx, envId: number, { id, version }: SoldPlan): Promise<PlanVersion> {
  const ref = { planId: id, version }
  const content = (await planVersions(tx, envId, [ref])).get(versionKey(ref))
  invariant(content !== undefined, 'a subscription has a plan version')
  return content
}

/** What was agreed on for a plan holds for its versions, and not for another plan. */
function overridesOf(
  { overrides }: Change,
  term: Term,
  { plan, content }: { readonly plan: SoldPlan; readonly content: PlanVersion },
): Overrides {
  if (overrides) return overridesFor(content, overrides)
  if (plan.id !== term.plan.id) return {}
  assertOverridesFit(content, term.overrides)
  return term.overrides
}

/** Two active prices of a customer for one meter would bill its usage twice. */
async function assertFree(
  tx: Tx,
  envId: number,
  asked: {
    readonly subscription: Subscription
    readonly at: Date
    readonly prices: readonly PlanPrice[]
  },
): Promise<void> {
  const { subscription, at, prices } = asked
  if (prices.length === 0) return
  const meters = new Map(prices.map(({ meter }) => [meter.id, meter.key]))
  const active = await selectActivePrices(tx, envId, {
    meterIds: [...meters.keys()],
    customers: [subscription.customer],
    from: at,
    to: endOf(subscription),
  })
  const other = active.find(({ subscriptionId }) => subscriptionId !== subscription.id)
  if (other)
    throw failures.meterTaken(meters.get(other.meterId) ?? other.meterId, other.subscriptionId)
}

/** Terms that differ from what they were from `at` on. */
type Rewrite = { readonly terms: Timeline; readonly at: Date; readonly isNow: boolean }

/**
 * Writes what a locked subscription is sold as from `at` on, and has the open period end with its term.
 * What is written for now is the present term at once.
 */
async function rewrite(
  tx: Tx,
  envId: number,
  before: Subscription,
  written: Rewrite,
): Promise<Subscription> {
  const { terms, at, isNow } = written
  const { id: subscriptionId } = before
  const kept = terms.filter(({ since }) => since < at)
  await deleteTermsFrom(tx, envId, { subscriptionId, no: kept.length })
  const last = kept.at(-1)
  if (last) await updateUntil(tx, envId, { subscriptionId, no: last.no, until: last.until })
  await insertTerms(tx, envId, subscriptionId, terms.slice(kept.length))
  const after = inTerm({ ...before, terms }, isNow ? termAt(terms, at).no : before.term.no)
  if (isNow) await updateTerm(tx, envId, subscriptionId, after.term.no)
  await refitOpenPeriod(tx, envId, after)
  return after
}
