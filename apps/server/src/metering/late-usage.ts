import type { Tx } from '../platform/db/transaction.ts'
import { type Closed, deleteLate, type LateHour, upsertWatches } from './late-hours.store.ts'

export type { LateHour }

/** Forgets hours that no invoice to come has to look at; not where something was noted since. Returns how many. */
export async function forgetLate(tx: Tx, hours: readonly LateHour[]): Promise<number> {
  return hours.length === 0 ? 0 : deleteLate(tx, hours)
}

/**
 * From the commit on, the roll-up notes in `late_hours` what it counts of the time in which these customers
 * have nothing open any more. Call it in a transaction before the one that reads the usage until then for an
 * invoice: whatever that one does not see is counted by a turn that notes it.
 */
export async function watchLateUsage(
  tx: Tx,
  envId: number,
  closed: readonly Closed[],
): Promise<void> {
  await upsertWatches(tx, envId, closed)
}
