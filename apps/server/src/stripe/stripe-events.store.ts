import type { Tx } from '../platform/db/transaction.ts'

/** Notes that an event came. False: it came before. */
export async function insertEvent(
  tx: Tx,
  envId: number,
  event: { readonly ref: string; readonly receivedAt: Date },
): Promise<boolean> {
  const inserted = await tx
    .insertInto('stripe_events')
    .values({ env_id: envId, event_ref: event.ref, received_at: event.receivedAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('event_ref')
    .executeTakeFirst()
  return inserted !== undefined
}

export async function deleteEventsBefore(tx: Tx, envId: number, before: Date): Promise<void> {
  await tx
    .deleteFrom('stripe_events')
    .where('env_id', '=', envId)
    .where('received_at', '<', before)
    .execute()
}
