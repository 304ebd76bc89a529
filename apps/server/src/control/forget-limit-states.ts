import type { Database } from '../platform/db/database.ts'
import { deleteUnneeded } from './limit-states.store.ts'

const FORGOTTEN_AT_ONCE = 10_000 // a call that wants one of them back waits no longer than this takes

/**
 * Forgets what says as much as nothing: windows and leases that are over, buckets that are full. Returns how many
 * went. May run twice at once, and beside calls: a limit that is asked for meanwhile begins anew.
 */
export async function forgetLimitStates(db: Database): Promise<number> {
  let forgotten = 0
  for (;;) {
    const count = await db.inTransaction((tx) => deleteUnneeded(tx, FORGOTTEN_AT_ONCE))
    forgotten += count
    if (count < FORGOTTEN_AT_ONCE) return forgotten
  }
}
