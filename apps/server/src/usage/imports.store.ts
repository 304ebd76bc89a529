import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** A named delivery of past events, which can be taken back as a whole. */
export type Import = {
  readonly id: string
  readonly importNo: number
  readonly source: string
  /** Takes events of `[from, to)`. */
  readonly from: Date
  readonly to: Date
  readonly createdAt: Date
  readonly revertedAt: Date | null
}

export async function insertImport(
  tx: Tx,
  envId: number,
  opened: Pick<Import, 'id' | 'source' | 'from' | 'to' | 'createdAt'>,
): Promise<Import> {
  const row = await tx
    .insertInto('imports')
    .values({
      env_id: envId,
      id: opened.id,
      source: opened.source,
      window_from: opened.from,
      window_to: opened.to,
      created_at: opened.createdAt,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return fromRow(row)
}

export async function selectImport(tx: Tx, envId: number, id: string): Promise<Import | null> {
  const row = await tx
    .selectFrom('imports')
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .selectAll()
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** Newest first; `before` is the number of the last one of the page before. */
export async function selectImports(
  tx: Tx,
  envId: number,
  page: { readonly before: number | null; readonly limit: number },
): Promise<Import[]> {
  const rows = await tx
    .selectFrom('imports')
    .where('env_id', '=', envId)
    .$if(page.before !== null, (query) => query.where('import_no', '<', page.before as number))
    .orderBy('import_no', 'desc')
    .limit(page.limit)
    .selectAll()
    .execute()
  return rows.map(fromRow)
}

/** Says when the import was reverted, the first time. Null when there is none of that id. */
export async function updateReverted(
  tx: Tx,
  envId: number,
  id: string,
  at: Date,
): Promise<Import | null> {
  const row = await tx
    .updateTable('imports')
    .set({ reverted_at: sql<Date>`coalesce(reverted_at, ${at})` })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

type Row = {
  id: string
  import_no: number
  source: string
  window_from: Date
  window_to: Date
  created_at: Date
  reverted_at: Date | null
}

function fromRow(row: Row): Import {
  return {
    id: row.id,
    importNo: row.import_no,
    source: row.source,
    from: row.window_from,
    to: row.window_to,
    createdAt: row.created_at,
    revertedAt: row.reverted_at,
  }
}
