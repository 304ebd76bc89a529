import type { Tx } from '../platform/db/transaction.ts'
import {
  type BackFill,
  countBackFills,
  selectBackFill,
  updateBackFill,
  updateLiveFrom,
} from './meters.store.ts'

export type { BackFill } from './meters.store.ts'

/**
 * Lets new meters count every event from transaction `position` on. The caller holds the cursor of the
 * roll-up at that position, so that no event is on neither side. Returns how many meters were new.
 */
export async function goLive(tx: Tx, position: bigint): Promise<number> {
  return updateLiveFrom(tx, position)
}

/** A meter whose older events are not all counted; null when there is none. */
export async function nextBackFill(tx: Tx): Promise<BackFill | null> {
  return selectBackFill(tx)
}

/** How many meters have older events to count: invoices with their usage wait for them. */
export async function metersBehind(tx: Tx): Promise<number> {
  return countBackFills(tx)
}

/** Notes how far the older events are counted, in the transaction that counts them. */
export async function saveBackFill(
  tx: Tx,
  meter: BackFill,
  progress: { readonly after: string } | { readonly doneAt: Date },
): Promise<void> {
  await updateBackFill(tx, meter, progress)
}
