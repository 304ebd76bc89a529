import type { Tx } from '../platform/db/transaction.ts'
import { selectTouched, type Touched } from './fresh-usage.store.ts'

export type { Touched } from './fresh-usage.store.ts'

const EVENTS_MAX = 50_000 // of more, telling whose they are costs more than looking at everybody

/**
 * Whose usage was counted anew since an earlier call, whose `position` is given; with each of them all
 * customers above, and the root. Null: too many to say. Of usage in these environments alone, if they are given.
 */
export async function touchedSince(
  tx: Tx,
  position: bigint,
  envIds: readonly number[] | null = null,
): Promise<{ readonly position: bigint; readonly touched: readonly Touched[] | null }> {
  return selectTouched(tx, { from: position, eventsMax: EVENTS_MAX, envIds })
}
