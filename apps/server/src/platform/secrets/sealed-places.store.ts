import { sql } from 'kysely'
import type { Tx } from '../db/transaction.ts'
import type { Sealer } from './seal.ts'

/** Where secrets are kept that `createSealer` has sealed. */
export type SealedPlace = {
  /** As people call them. */
  readonly what: string
  readonly table: string
  readonly column: string
  /** The primary key. */
  readonly keys: readonly string[]
  /** What the secret of a row belongs to, from its keys. */
  context(row: Readonly<Record<string, unknown>>): string
}

/** Rows of a place whose secret begins in another way than what is sealed now, in the order of their keys, locked. */
// tidy: all environments — the key belongs to the installation
export async function selectOthers(
  tx: Tx,
  { mark }: Sealer,
  place: SealedPlace,
  { skipped, limit }: { readonly skipped: number; readonly limit: number },
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { table, column, keys } = place
  const order = sql.join(keys.map((key) => sql.ref(key)))
  const { rows } = await sql<Record<string, unknown>>`
    select ${order}, ${sql.ref(column)} as sealed from ${sql.table(table)}
    where length(${sql.ref(column)}) > 0 and substr(${sql.ref(column)}, 1, ${mark.length}) <> ${mark}
    order by ${order} limit ${limit} offset ${skipped} for update`.execute(tx)
  return rows
}

// tidy: all environments — as above
export async function updateSealed(
  tx: Tx,
  { table, column, keys }: SealedPlace,
  { row, sealed }: { readonly row: Readonly<Record<string, unknown>>; readonly sealed: Buffer },
): Promise<void> {
  const isRow = sql.join(
    keys.map((key) => sql`${sql.ref(key)} is not distinct from ${row[key]}`),
    sql` and `,
  )
  await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sealed} where ${isRow}`.execute(
    tx,
  )
}
