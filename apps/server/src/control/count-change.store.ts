import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/**
 * Tells whoever reads what holds in the environment that something else does once this commits. Every writer
 * calls it, last: from here on others who change something wait until we have committed.
 */
export async function countChange(tx: Tx, envId: number): Promise<void> {
  await sql`
    insert into control_versions (env_id, version) values (${envId}, 1)
    on conflict (env_id) do update set version = control_versions.version + 1`.execute(tx)
}
