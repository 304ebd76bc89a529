import type { Tx } from '../platform/db/transaction.ts'
import { type BilledPeriod, billedPeriods, periodKey } from './billed-periods.ts'
import {
  type PeriodOf,
  type PeriodRef,
  selectPeriodsAt,
  selectWithin,
} from './billing-periods.store.ts'
import { type Selection, selectIdsOf } from './subscriptions.store.ts'

export type { Selection }

/** Some subscriptions, each with its billed periods that lie within a time. */
export type PeriodsOfSome = {
  readonly subscriptionIds: readonly string[]
  readonly periods: readonly BilledPeriod[]
  /** Those that follow begin after it; null: none does. */
  readonly next: string | null
}

/**
 * A page of the selected subscriptions in the order of their ids, with no more than `periodsMax` periods of
 * them; but always one, however many it has.
 */
export async function periodsWithin(
  tx: Tx,
  envId: number,
  selection: Selection,
  page: {
    readonly from: Date
    readonly to: Date
    readonly after: string
    readonly limit: number
    readonly periodsMax: number
  },
): Promise<PeriodsOfSome> {
  const found = await selectIdsOf(tx, envId, selection, { ...page, limit: page.limit + 1 })
  const refs = await selectWithin(tx, envId, found.slice(0, page.limit), page)
  const ids = fitting(found.slice(0, page.limit), refs, page.periodsMax)
  const taken = new Set(ids)
  const periods = await billedPeriods(
    tx,
    envId,
    refs.filter(({ subscriptionId }) => taken.has(subscriptionId)),
  )
  return {
    subscriptionIds: ids,
    periods: refs.flatMap((ref) => periods.get(periodKey(ref)) ?? []),
    next: ids.length < found.length ? (ids.at(-1) ?? null) : null,
  }
}

/** The first of these subscriptions whose periods together are no more than that; at least one. */
function fitting(ids: readonly string[], refs: readonly PeriodRef[], periodsMax: number): string[] {
  const counts = new Map<string, number>()
  for (const { subscriptionId: id } of refs) counts.set(id, (counts.get(id) ?? 0) + 1)
  let periods = 0
  const end = ids.findIndex((id, index) => {
    periods += counts.get(id) ?? 0
    return index > 0 && periods > periodsMax
  })
  return ids.slice(0, end < 0 ? ids.length : end)
}

/** The stored periods of these subscriptions that hold an instant. */
export async function periodsAt(
  tx: Tx,
  envId: number,
  subscriptionIds: readonly string[],
  at: Date,
): Promise<readonly PeriodOf[]> {
  return subscriptionIds.length === 0 ? [] : selectPeriodsAt(tx, envId, subscriptionIds, at)
}
