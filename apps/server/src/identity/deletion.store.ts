import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** Plans the end of the organization, or with null takes it back, and stops or starts its clocks. */
// tidy: all environments — an organization is deleted with both of its environments
export async function updateDeletion(
  tx: Tx,
  organizationId: string,
  planned: { readonly deletedAt: Date; readonly eraseAt: Date } | null,
): Promise<void> {
  await tx
    .updateTable('organizations')
    .set({ deleted_at: planned?.deletedAt ?? null, erase_at: planned?.eraseAt ?? null })
    .where('id', '=', organizationId)
    .execute()
}

export type Ending = { readonly name: string; readonly eraseAt: Date | null }

/** Null for one that there is not. */
// tidy: all environments — as above
export async function selectEnding(tx: Tx, organizationId: string): Promise<Ending | null> {
  const row = await tx
    .selectFrom('organizations')
    .where('id', '=', organizationId)
    .select(['name', 'erase_at'])
    .executeTakeFirst()
  return row ? { name: row.name, eraseAt: row.erase_at } : null
}

/** The organization whose grace ended first, or null. */
// tidy: all environments — as above
export async function selectToErase(tx: Tx, systemNow: Date): Promise<string | null> {
  const row = await tx
    .selectFrom('organizations')
    .where('erase_at', '<=', systemNow)
    .select('id')
    .orderBy('erase_at')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

/** Deletes some rows of the organization. Returns of which table, or null when another does it at this moment. */
// tidy: all environments — as above
export async function eraseSome(
  tx: Tx,
  organizationId: string,
  { systemNow, batch }: { readonly systemNow: Date; readonly batch: number },
): Promise<string | null> {
  const { rows } = await sql<{ erased: string | null }>`
    select erase_some(${organizationId}, ${systemNow}, ${batch}) as erased`.execute(tx)
  return rows[0]?.erased ?? null
}
