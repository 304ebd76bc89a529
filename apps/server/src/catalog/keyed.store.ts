import { type SelectQueryBuilder, sql } from 'kysely'
import type { Schema } from '../platform/db/schema.gen.ts'
import type { Tx } from '../platform/db/transaction.ts'

/** What is known by an id and by a key of the organization's choice. */
type KeyedTable = 'plans' | 'tax_rates' | 'coupons' | 'add_ons'

export type KeyPage = { readonly limit: number; readonly after: string | null }

/** Keys never look like ids, so at most one row is meant. */
export function isNamed(ref: string) {
  return sql<boolean>`(id = ${ref} or key = ${ref})`
}

/** Up to `limit` of the rows in the order of their keys, those after `after`. */
export function pageByKey<Table extends KeyedTable, Row>(
  rows: SelectQueryBuilder<Schema, Table, Row>,
  { limit, after }: KeyPage,
): Promise<Row[]> {
  const rest = after === null ? rows : rows.where(sql<boolean>`key > ${after}`)
  return rest.orderBy(sql`key`).limit(limit).execute()
}

/** Nothing new can name it from then on. A repeat keeps the first time. */
export async function updateArchivedAt(
  tx: Tx,
  envId: number,
  { table, id }: { readonly table: KeyedTable; readonly id: string },
  at: Date,
): Promise<void> {
  await sql`
    update ${sql.table(table)} set archived_at = ${at}
    where env_id = ${envId} and id = ${id} and archived_at is null`.execute(tx)
}
