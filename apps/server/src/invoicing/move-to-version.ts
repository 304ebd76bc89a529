import { versionOnSale } from '../catalog/find-plan.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { Failure } from '../platform/errors.ts'
import { rateBills } from '../rating/rate-bills.ts'
import { type BilledPeriod, openBilledPeriod } from '../subscriptions/billed-periods.ts'
import { changeTerms, plannedOffer } from '../subscriptions/change-terms.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import { lockForChange, subscriptionsOnVersion } from '../subscriptions/subscriptions-on-version.ts'
import { type SoldPlan, soldPlan } from '../subscriptions/term.ts'
import { billOf } from './bill-of.ts'
import { underOffer } from './preview-change.ts'

/** Which subscriptions are to be moved from one version of their plan to another, and when. */
export type Move = {
  /** Id or key. */
  readonly plan: string
  readonly from: number
  readonly to: number
  readonly when: 'now' | 'period_end'
  /** Only say what would happen. */
  readonly isDryRun: boolean
  readonly after: string
  readonly limit: number
}

/** What a move is for one subscription. */
export type Moved = {
  readonly subscription: Subscription
  /** What the period under way would come to as a whole with the usage so far; null: it is not billed. */
  readonly difference: Difference | null
  /** Why it stays what it is; null: it is moved. */
  readonly refused: Failure | null
}

export type Difference = {
  readonly before: { readonly totalMinor: bigint; readonly currency: string }
  readonly after: { readonly totalMinor: bigint; readonly currency: string }
}

/**
 * Moves a page of subscriptions to another version of their plan. One that cannot be changed stays as it
 * is and says why; the others are moved. Moved ones are not on the version any more, so a repeat finds
 * only what is left. Throws `plan.unknown`, `plan.version_unknown` and `plan.archived`.
 */
export async function moveToVersion(
  tx: Tx,
  envId: number,
  move: Move,
  now: Date,
): Promise<readonly Moved[]> {
  const { plan, content } = await versionOnSale(tx, envId, { plan: move.plan, version: move.to })
  const wanted = { plan: plan.id, version: move.from, after: move.after, limit: move.limit }
  const subscriptions = await subscriptionsOnVersion(tx, envId, wanted)
  await lockForChange(tx, envId, subscriptions)
  const differences = await differencesOf(tx, envId, subscriptions, soldPlan(plan, content))
  const moved: Moved[] = []
  for (const subscription of subscriptions) {
    const refused = await refusalOf(tx, envId, { ...move, plan: plan.id, subscription }, now)
    const difference = differences.get(subscription.id) ?? null
    moved.push({ subscription, difference, refused })
  }
  return moved
}

/** A refused change has written nothing. */
async function refusalOf(
  tx: Tx,
  envId: number,
  move: Move & { readonly subscription: Subscription },
  now: Date,
): Promise<Failure | null> {
  const { subscription, plan, to: planVersion, when } = move
  const wanted = { id: subscription.id, plan, planVersion, quantity: null, when }
  const take = move.isDryRun ? plannedOffer : changeTerms
  try {
    await take(tx, envId, wanted, now)
    return null
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
}

/** By the id of the subscription: the preview of its open period, and the same under the other version. */
async function differencesOf(
  tx: Tx,
  envId: number,
  subscriptions: readonly Subscription[],
  plan: SoldPlan,
): Promise<ReadonlyMap<string, Difference>> {
  const open: BilledPeriod[] = []
  for (const subscription of subscriptions) {
    const period = await openBilledPeriod(tx, envId, subscription)
    if (period) open.push(period)
  }
  if (open.length === 0) return new Map()
  const before = await totalsOf(tx, envId, open) // each by itself: else one would take the credits of the other
  const after = await totalsOf(
    tx,
    envId,
    open.map((billed) => underOffer(billed, { plan })),
  )
  return new Map(
    open.flatMap(({ subscription: { id } }) => {
      const [left, right] = [before.get(id), after.get(id)]
      return left && right ? [[id, { before: left, after: right }] as const] : []
    }),
  )
}

/** By the id of the subscription, what the period comes to. */
async function totalsOf(tx: Tx, envId: number, periods: readonly BilledPeriod[]) {
  const bills = periods.map((billed) => billOf(billed.subscription.id, 'period', billed))
  const { rated } = await rateBills(tx, envId, bills)
  return new Map(
    rated.map(({ bill, version: { currency }, totalMinor }) => [bill.id, { totalMinor, currency }]),
  )
}
