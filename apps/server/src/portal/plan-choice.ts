import { type NamedVersion, planVersions, versionKey, versionOnSale } from '../catalog/find-plan.ts'
import type { Plan, PlanVersion } from '../catalog/plan.ts'
import { lockCustomer } from '../customers/declare-customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { Visitor } from '../platform/http/portal-route.ts'
import { getSubscription, lockSubscription } from '../subscriptions/change-subscription.ts'
import { failures as subscriptionFailures } from '../subscriptions/failures.ts'
import { STEPS, type Subscription } from '../subscriptions/subscription.ts'
import { type WithOpenPeriod, withOpenPeriods } from '../subscriptions/subscriptions-of.ts'
import { scheduledChange } from '../subscriptions/timeline.ts'
import { failures } from './failures.ts'
import { plansOf, portalSettings } from './portal-settings.ts'

/** A plan that a customer may change to. */
export type OfferedPlan = { readonly plan: Plan; readonly content: PlanVersion }

export type When = 'now' | 'period_end'

/** A plan that a customer may change a subscription to, and when. */
export type Choice = OfferedPlan & { readonly times: readonly When[] }

/** The plans on sale that the settings let customers choose, in their order. */
export async function offeredPlans(tx: Tx, envId: number): Promise<OfferedPlan[]> {
  const offered: OfferedPlan[] = []
  for (const plan of await plansOf(tx, envId, await portalSettings(tx, envId))) {
    if (plan.archivedAt) continue
    const { content } = await versionOnSale(tx, envId, { plan: plan.id, version: null })
    offered.push({ plan, content })
  }
  return offered
}

/** What each of these subscriptions is sold as. */
export async function soldAs(
  tx: Tx,
  envId: number,
  subscriptions: readonly Subscription[],
): Promise<(subscription: Pick<Subscription, 'plan'>) => NamedVersion | undefined> {
  const refs = subscriptions.flatMap(({ terms }) => terms.map(({ plan }) => refOf(plan)))
  const versions = await planVersions(tx, envId, refs)
  return ({ plan }) => versions.get(versionKey(refOf(plan)))
}

function refOf({ id, version }: Subscription['plan']) {
  return { planId: id, version }
}

/**
 * The plans that this subscription may be changed to by its customer. None when it is on a plan that is
 * not offered, or has prices of its own: nobody takes themselves out of an agreement.
 */
export function choicesOf(
  { subscription, open }: WithOpenPeriod,
  sold: PlanVersion | undefined,
  offered: readonly OfferedPlan[],
): readonly Choice[] {
  const isOffered = offered.some(({ plan }) => plan.id === subscription.plan.id)
  const isPlain = Object.keys(subscription.overrides).length === 0
  if (!sold || !isOffered || !isPlain || !isChangeable(subscription)) return []
  const mayDivide = isUndivided({ subscription, open })
  return offered
    .filter(({ plan, content }) => {
      return plan.id !== subscription.plan.id && content.currency === sold.currency
    })
    .map((one) => ({
      ...one,
      times: mayDivide && isFair(sold, one.content) ? ['now', 'period_end'] : ['period_end'],
    }))
}

/**
 * Whether a customer may change between the two within a period. Plan credits are granted whole and another
 * cycle begins a new period: who went back and forth would be granted them again and again, for seconds of
 * its base price.
 */
function isFair(from: PlanVersion, to: PlanVersion): boolean {
  return from.cycle === to.cycle && from.credits.length === 0 && to.credits.length === 0
}

/** Tiers begin anew with each part of a period: a customer divides it once. What it began with has divided none. */
function isUndivided({ subscription: { term }, open }: WithOpenPeriod): boolean {
  return open !== null && (term.no === 0 || term.since <= open.fullStart)
}

/** Nothing else is planned, and what it is now lets it change. What the organization has suspended stays so. */
function isChangeable({ status, terms, term, parkedReason, cancelAt }: Subscription): boolean {
  const isOpen = STEPS[status].change !== undefined && status !== 'suspended' && status !== 'paused'
  return isOpen && parkedReason === null && cancelAt === null && !scheduledChange(terms, term)
}

/** What a customer has chosen, with the version whose prices were shown. */
export type Chosen = {
  readonly id: string
  readonly plan: string
  readonly version: number
  readonly when: When
}

/**
 * Locks the subscription as the change will: what is decided here is still so when it is written. Throws
 * `subscription.unknown`, also for that of somebody else, `portal.change_not_allowed`,
 * `portal.plan_not_offered`, `portal.now_not_offered` and `portal.offer_changed`.
 */
export async function assertMayChoose(
  tx: Tx,
  { envId, customer, allowsPlanChange }: Visitor,
  { id, plan, version, when }: Chosen,
): Promise<void> {
  const { customer: owner } = await getSubscription(tx, envId, id)
  if (owner !== customer) throw subscriptionFailures.unknown(id)
  if (!allowsPlanChange) throw failures.changeNotAllowed()
  await lockCustomer(tx, envId, customer)
  const subscription = await lockSubscription(tx, envId, id)
  const sold = (await soldAs(tx, envId, [subscription]))(subscription)
  const [current] = await withOpenPeriods(tx, envId, [subscription])
  const offered = await offeredPlans(tx, envId)
  const choices = current ? choicesOf(current, sold, offered) : []
  if (choices.length === 0) throw failures.changeNotAllowed()
  const choice = choices.find((one) => one.plan.key === plan)
  if (!choice) throw failures.planNotOffered(plan)
  if (choice.content.version !== version) throw failures.offerChanged(choice.plan.name)
  if (!choice.times.includes(when)) throw failures.nowNotOffered()
}
