import type { Tx } from '../platform/db/transaction.ts'
import { scheduleMany } from '../platform/due/schedule.ts'
import { unpark } from '../subscriptions/change-subscription.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import { draftsOf } from './draft-content.ts'
import { finalizeWork } from './draft-invoices.ts'
import { selectDraftsOf } from './invoice-states.store.ts'

/**
 * Lets the billing of a parked subscription go on: its drafts are finalized and its periods closed from
 * where it stopped. What was wrong stops it again, if it still is. Throws `subscription.unknown` and
 * `subscription.not_parked`.
 */
export async function unparkSubscription(
  tx: Tx,
  envId: number,
  id: string,
  now: Date,
): Promise<Subscription> {
  const subscription = await unpark(tx, envId, id, now)
  const drafts = await draftsOf(tx, envId, await selectDraftsOf(tx, envId, id))
  await scheduleMany(tx, envId, drafts.map(finalizeWork))
  return subscription
}
