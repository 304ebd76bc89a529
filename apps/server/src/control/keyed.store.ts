import { type SelectQueryBuilder, sql } from 'kysely'
import type { Schema } from '../platform/db/schema.gen.ts'

export type KeyPage = { readonly limit: number; readonly after: string | null }

/** Keys never look like ids, so at most one row is meant. */
export function isNamed(ref: string) {
  return sql<boolean>`(id = ${ref} or key = ${ref})`
}

/** Up to `limit` of the rows in the order of their keys, those after `after`. */
export function pageByKey<Table extends 'strategies' | 'policies', Row>(
  rows: SelectQueryBuilder<Schema, Table, Row>,
  { limit, after }: KeyPage,
): Promise<Row[]> {
  const rest = after === null ? rows : rows.where(sql<boolean>`key > ${after}`)
  return rest.orderBy(sql`key`).limit(limit).execute()
}
