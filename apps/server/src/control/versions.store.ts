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

/** How often what holds in these environments was changed. */
export async function selectVersions(
  tx: Tx,
  envIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await tx
    .selectFrom('control_versions')
    .where(({ eb, fn, val }) => eb('env_id', '=', fn.any(val(envIds))))
    .select(['env_id', 'version'])
    .execute()
  const counted = new Map(rows.map((row) => [row.env_id, Number(row.version)])) // tidy: not money — a count of changes
  return new Map(envIds.map((envId) => [envId, counted.get(envId) ?? 0]))
}
