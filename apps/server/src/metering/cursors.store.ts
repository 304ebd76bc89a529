import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** `roll_up` folds events into buckets; `customer_index` makes them findable by customer and time. */
export type CursorName = 'roll_up' | 'customer_index'

export type Cursor = {
  /** All transactions below it are done with. */
  readonly position: bigint
  /** Everything committed before this instant is done with, by the database's clock. */
  readonly asOf: Date
}

/** The database was restored into another cluster: its transactions are numbered anew. */
export class NumberingChanged extends Error {
  override readonly name = 'NumberingChanged'

  constructor() {
    super('the database was moved to another cluster: restart, so that the cursors are re-based')
  }
}

/** Takes the cursor for this transaction, or returns null when another worker has it. */
export function lockCursor(tx: Tx, name: CursorName): Promise<Cursor | null> {
  return selectLocked(tx, name, sql`skip locked`)
}

/** Takes the cursor for this transaction when the worker that has it is done. */
export async function awaitCursor(tx: Tx, name: CursorName): Promise<Cursor> {
  const cursor = await selectLocked(tx, name, sql``)
  if (!cursor) throw new Error(`the cursor ${name} is missing`)
  return cursor
}

/** A statement of its own on purpose: what is read after it sees what the previous holder has committed. */
// tidy: all environments — one cursor reads the events of them all
async function selectLocked(
  tx: Tx,
  name: CursorName,
  ifLocked: RawBuilder<unknown>,
): Promise<Cursor | null> {
  const { rows } = await sql<CursorRow>`
    select position, as_of, system_identifier = (select p.system_identifier::text from pg_control_system() p) as is_ours
    from event_cursors where name = ${name} for update ${ifLocked}`.execute(tx)
  const [row] = rows
  if (!row) return null
  if (!row.is_ours) throw new NumberingChanged()
  return cursorFromRow(row)
}

/**
 * Below it no transaction is under way, so nothing can appear there any more. An id or a time taken
 * before the commit knows no such border: of two transactions the later one may commit first.
 */
// tidy: all environments — one cursor reads the events of them all
export async function selectHorizon(tx: Tx): Promise<bigint> {
  const { rows } = await sql<{ horizon: string }>`
    select txid_snapshot_xmin(txid_current_snapshot()) + xid_offset as horizon
    from event_cursors where name = 'roll_up'`.execute(tx)
  return BigInt(rows[0]?.horizon ?? 0)
}

/** An instant, and the number above all transactions that had begun to write by then. */
export type Mark = { readonly next: bigint; readonly at: Date }

// tidy: all environments — one cursor reads the events of them all
export async function selectMark(tx: Tx): Promise<Mark> {
  const { rows } = await sql<{ next: string; at: Date }>`
    select txid_snapshot_xmax(txid_current_snapshot()) + xid_offset as next, clock_timestamp() as at
    from event_cursors where name = 'roll_up'`.execute(tx)
  const [row] = rows
  if (!row) throw new Error('the cursor roll_up is missing')
  return { next: BigInt(row.next), at: row.at }
}

/** The end of a range of transactions from `from` on, at most `to`, with about `rowsMax` events. */
// tidy: all environments — one cursor reads the events of them all
export async function boundByRows(
  tx: Tx,
  range: { readonly from: bigint; readonly to: bigint },
  rowsMax: number,
): Promise<bigint> {
  const { rows } = await sql<{ events: string; last: string | null }>`
    select count(*) as events, max(xid) as last
    from (select xid from usage_events
      where xid >= ${range.from} and xid < ${range.to} limit ${rowsMax}) e`.execute(tx)
  const [row] = rows
  if (!row?.last || Number(row.events) < rowsMax) return range.to
  return BigInt(row.last) + 1n
}

// tidy: all environments — one cursor reads the events of them all
export async function updateCursor(tx: Tx, name: CursorName, cursor: Cursor): Promise<void> {
  await sql`
    update event_cursors set position = ${cursor.position}, as_of = greatest(as_of, ${cursor.asOf}::timestamptz)
    where name = ${name}`.execute(tx)
}

/** What waits for the workers. */
export type Waiting = {
  readonly rollUp: boolean
  readonly customerIndex: boolean
  readonly backFill: boolean
}

/** Takes no lock and no transaction number, so that an idle system stays idle. */
// tidy: all environments — one cursor reads the events of them all
export async function selectWaiting(tx: Tx): Promise<Waiting> {
  const { rows } = await sql<{ roll_up: boolean; customer_index: boolean; back_fill: boolean }>`
    select bool_or(name = 'roll_up' and ${IS_WAITING}) as roll_up,
      bool_or(name = 'customer_index' and is_behind(position)) as customer_index,
      exists (select from meters where backfilled_at is null) as back_fill
    from event_cursors`.execute(tx)
  const [row] = rows
  return {
    rollUp: row?.roll_up ?? false,
    customerIndex: row?.customer_index ?? false,
    backFill: row?.back_fill ?? false,
  }
}

/** How far the roll-up is, and whether it has anything to do: of one instant, since it is one statement. */
// tidy: all environments — one cursor reads the events of them all
export async function selectProgress(
  tx: Tx,
): Promise<{ readonly position: bigint; readonly isWaiting: boolean }> {
  const { rows } = await sql<{ position: string; is_waiting: boolean }>`
    select position, ${IS_WAITING} as is_waiting from event_cursors where name = 'roll_up'`.execute(
    tx,
  )
  const [row] = rows
  if (!row) throw new Error('the cursor roll_up is missing')
  return { position: BigInt(row.position), isWaiting: row.is_waiting }
}

/** Of the cursor of the roll-up: whether anything is committed that it has not folded, or a meter waits for it. */
// tidy: all environments — one cursor reads the events of them all
const IS_WAITING = sql`(is_behind(position)
  or exists (select from meters where live_from is null and backfilled_at is null))`

/**
 * Keeps the index by transaction up with the events; returns the block to go on from. Gives up at once
 * when a vacuum is under way: waiting any longer would make PostgreSQL cancel the vacuum.
 */
// tidy: all environments — blocks of the table belong to nobody
export async function summarizeEvents(tx: Tx, fromBlock: bigint): Promise<bigint> {
  await sql`select set_config('lock_timeout', '20ms', true)`.execute(tx)
  const { rows } = await sql<{
    next: string
  }>`select summarize_usage_events(${fromBlock}) as next`.execute(tx)
  return BigInt(rows[0]?.next ?? 0)
}

/** The cursor of the roll-up, as of now when nothing has been committed that it has not folded. */
// tidy: all environments — one cursor reads the events of them all
export async function selectFreshness(tx: Tx): Promise<Cursor & { readonly lagSeconds: number }> {
  const { rows } = await sql<CursorRow & { lag: number }>`
    select position, as_of, extract(epoch from statement_timestamp() - as_of)::float8 as lag
    from (select position, ${FRESH_AS_OF} as as_of from event_cursors where name = 'roll_up') c`.execute(
    tx,
  )
  const [row] = rows
  if (!row) throw new Error('the cursor roll_up is missing')
  return { ...cursorFromRow(row), lagSeconds: Math.max(0, row.lag) }
}

/** Of the cursor of the roll-up: since when something waits for it. */
// tidy: all environments — one cursor reads the events of them all
export const FRESH_AS_OF = sql`case when is_behind(position) then as_of else statement_timestamp() end`

type CursorRow = { position: string; as_of: Date; is_ours?: boolean }

function cursorFromRow(row: CursorRow): Cursor {
  return { position: BigInt(row.position), asOf: row.as_of }
}
