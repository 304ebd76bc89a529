import type { Tx } from '../platform/db/transaction.ts'

/** Whether anything was ever recorded. */
export async function hasEvents(tx: Tx, envId: number): Promise<boolean> {
  const row = await tx
    .selectFrom('usage_events')
    .where('env_id', '=', envId)
    .select('key')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
