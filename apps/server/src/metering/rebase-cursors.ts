import type { Client } from 'pg'
import type { Logger } from '../platform/log.ts'
import { rebase } from './numbering.store.ts'

/**
 * Lets the cursors go on after the database was restored into another cluster, whose transactions are
 * numbered from the beginning. Nothing that is stored changes: what new transactions are called is moved
 * behind all that is stored, so events that were folded stay so, and those that were not are folded once.
 *
 * Call it after migrating and before serving, as the owner of the tables. It costs one small query when
 * nothing has happened; any number of processes may call it at once.
 */
export async function rebaseCursors(client: Client, log: Logger): Promise<void> {
  const offset = await rebase(client)
  if (offset !== null)
    log.info({ offset: String(offset) }, 'the database came from another cluster: cursors re-based')
}
