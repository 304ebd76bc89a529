import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** `since` null: no longer. A repeat changes nothing. */
export async function writeBilledElsewhere(
  tx: Tx,
  envId: number,
  since: Date | null,
): Promise<void> {
  await (since === null
    ? tx.deleteFrom('billed_elsewhere').where('env_id', '=', envId).execute()
    : tx
        .insertInto('billed_elsewhere')
        .values({ env_id: envId, since })
        .onConflict((conflict) => conflict.column('env_id').doNothing())
        .execute())
}

export async function isBilledElsewhere(tx: Tx, envId: number): Promise<boolean> {
  const row = await tx
    .selectFrom('billed_elsewhere')
    .select('env_id')
    .where('env_id', '=', envId)
    .executeTakeFirst()
  return row !== undefined
}

/** Those that are handed over already stay so. */
export async function insertHandedOver(
  tx: Tx,
  envId: number,
  ids: readonly string[],
  at: Date,
): Promise<void> {
  await sql`
    insert into handed_over_invoices (env_id, invoice_id, handed_over_at)
    select ${envId}, id, ${at} from unnest(${ids}::text[]) as t (id) on conflict do nothing`.execute(
    tx,
  )
}

/** Which of the invoices are handed over. */
export async function selectHandedOver(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('handed_over_invoices')
    .select('invoice_id')
    .where('env_id', '=', envId)
    .where('invoice_id', 'in', [...ids, ''])
    .execute()
  return new Set(rows.map((row) => row.invoice_id))
}

export async function deleteHandedOver(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<void> {
  await sql`
    delete from handed_over_invoices where env_id = ${envId} and invoice_id = any(${ids}::text[])`.execute(
    tx,
  )
}
