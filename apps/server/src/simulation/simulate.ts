import type { NamedVersion } from '../catalog/find-plan.ts'
import { startsBilling } from '../invoicing/bill-of.ts'
import { underOffer } from '../invoicing/preview-change.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { Failure } from '../platform/errors.ts'
import type { Bill, RatedBill } from '../rating/bill.ts'
import { rateBills } from '../rating/rate-bills.ts'
import type { BilledPeriod } from '../subscriptions/billed-periods.ts'
import { periodsWithin, type Selection } from '../subscriptions/periods-within.ts'
import { type SoldPlan, soldPlan } from '../subscriptions/term.ts'
import { failures } from './failures.ts'
import { simulatedBasis } from './simulated-basis.ts'

const PERIODS_MAX = 1_000 // some seconds

export type Wanted = {
  /** Stored, or a draft. */
  readonly version: NamedVersion
  readonly selection: Selection
  readonly from: Date
  readonly to: Date
  /** The subscription after which the page begins; empty: with the first. */
  readonly after: string
  readonly limit: number
}

export type Amounts = { readonly subtotalMinor: bigint; readonly totalMinor: bigint }

/** What the periods of one subscription come to. */
export type Simulated = {
  readonly subscriptionId: string
  readonly customer: string
  readonly periods: number
  readonly currency: string
  readonly before: Amounts
  /** As if the other plan were sold; null: it cannot be said. */
  readonly after: Amounts | null
  /** Why not. */
  readonly refused: Failure | null
}

/**
 * What a page of subscriptions would have been billed by another version of a plan, for their billed periods
 * that lie within a time. Nothing is written.
 */
export async function simulate(
  tx: Tx,
  envId: number,
  wanted: Wanted,
): Promise<{ readonly simulated: readonly Simulated[]; readonly next: string | null }> {
  const { version, selection } = wanted
  const page = { ...wanted, periodsMax: PERIODS_MAX }
  const { periods, next } = await periodsWithin(tx, envId, selection, page)
  if (periods.length === 0) return { simulated: [], next }
  const basis = await simulatedBasis(tx, envId, periods, version)
  const plan = soldPlan({ id: version.planId, key: version.planName }, version)
  const rate = async (all: readonly BilledPeriod[]) =>
    (await rateBills(tx, envId, all.map(billFor), basis)).rated // each by itself: credits are used once in each
  const before = await rate(periods)
  const refused = refusals(before, version)
  const comparable = periods.filter(({ subscription }) => !refused.has(subscription.id))
  const after = await rate(comparable.map((billed) => underOffer(billed, { plan })))
  return { simulated: bySubscription(before, after, refused), next }
}

/** A period with its own base price, whenever that is paid. */
function billFor(billed: BilledPeriod): Bill {
  const { subscription, period } = billed
  return {
    ...{ id: `${subscription.id} ${period.no}`, subscription, period, usage: period, base: period },
    ...{
      isFirst: startsBilling(billed),
      unusedBase: null,
      paidAhead: null,
      late: [],
      deducted: [],
      afterwardsAt: null,
    },
  }
}

function refusals(rated: readonly RatedBill[], wanted: NamedVersion): ReadonlyMap<string, Failure> {
  return new Map(
    rated.flatMap(({ bill: { subscription }, version }) => {
      const refused = refusalOf(subscription.plan, version, wanted)
      return refused ? [[subscription.id, refused] as const] : []
    }),
  )
}

function refusalOf(plan: SoldPlan, version: NamedVersion, wanted: NamedVersion): Failure | null {
  if (plan.cycle !== wanted.cycle) return failures.cycleDiffers(wanted.cycle, plan.cycle)
  if (version.currency !== wanted.currency)
    return failures.currencyDiffers(wanted.currency, version.currency)
  return null
}

function bySubscription(
  before: readonly RatedBill[],
  after: readonly RatedBill[],
  refused: ReadonlyMap<string, Failure>,
): Simulated[] {
  const byId = new Map<string, RatedBill[]>()
  for (const each of before) {
    const { id } = each.bill.subscription
    byId.set(id, [...(byId.get(id) ?? []), each])
  }
  return [...byId].flatMap(([subscriptionId, bills]) => {
    const [first] = bills
    if (!first) return []
    const reason = refused.get(subscriptionId) ?? null
    const mine = after.filter(({ bill }) => bill.subscription.id === subscriptionId)
    return {
      ...{ subscriptionId, customer: first.bill.subscription.customer, periods: bills.length },
      ...{ currency: first.version.currency, before: sumOf(bills) },
      ...{ after: reason ? null : sumOf(mine), refused: reason },
    }
  })
}

/** Of any amounts. */
export function sumOf(all: readonly Amounts[]): Amounts {
  return all.reduce(
    (sum: Amounts, each) => ({
      subtotalMinor: sum.subtotalMinor + each.subtotalMinor,
      totalMinor: sum.totalMinor + each.totalMinor,
    }),
    { subtotalMinor: 0n, totalMinor: 0n },
  )
}
