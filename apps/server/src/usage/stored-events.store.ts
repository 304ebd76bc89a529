import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import { type EventKey, keyOfUuid, uuidOf } from './event-key.ts'
import type { Correction, StoredEvent } from './stored-event.ts'

/** Where a page of a customer's events ended, going back in time. */
export type Place = { readonly occurredAtUs: number; readonly key: EventKey }

export type EventQuery = {
  readonly customerId: string
  readonly from: Date | null
  readonly to: Date | null
  readonly name: string | null
  readonly before: Place | null
  readonly limit: number
}

/** The event, or null when this environment has none of that key. */
export async function selectEvent(
  tx: Tx,
  envId: number,
  key: EventKey,
): Promise<StoredEvent | null> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from usage_events e ${JOINS}
    where e.env_id = ${envId} and e.key = ${uuidOf(key)}`.execute(tx)
  return rows[0] ? fromRow(rows[0]) : null
}

/** The events with these keys, uuids, in no order. */
export async function selectEvents(
  tx: Tx,
  envId: number,
  keys: readonly string[],
): Promise<StoredEvent[]> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from usage_events e ${JOINS}
    where e.env_id = ${envId} and e.key = any(${keys}::uuid[])`.execute(tx)
  return rows.map(fromRow)
}

/**
 * A customer's events, the latest first, each at the time at which it counts. `events_by_customer` finds
 * those that its cursor has reached; the newest are looked for in the events and corrections themselves,
 * so that nothing which was acknowledged is ever missing here.
 */
export async function selectEventsOfCustomer(
  tx: Tx,
  envId: number,
  query: EventQuery,
): Promise<StoredEvent[]> {
  const { customerId, limit } = query
  const wanted = conditions(query)
  const { rows } = await sql<Row>`
    with indexed as materialized (
      select position from event_cursors where name = 'customer_index'
    ), found as (
      (select i.key, i.occurred_at as at
       from events_by_customer i join usage_events e on e.env_id = i.env_id and e.key = i.key
       where i.env_id = ${envId} and i.customer = ${customerId} and ${wanted(sql`i.occurred_at`)}
         and i.occurred_at = ${EFFECTIVE_AT}
       order by i.occurred_at desc, i.key desc limit ${limit})
      union
      (select e.key, ${EFFECTIVE_AT} as at
       from usage_events e
       where e.env_id = ${envId} and e.customer = ${customerId}
         and e.xid >= (select position from indexed) and ${wanted(EFFECTIVE_AT)}
       order by 2 desc, 1 desc limit ${limit})
      union
      (select e.key, ${EFFECTIVE_AT} as at
       from event_corrections n join usage_events e on e.env_id = n.env_id and e.key = n.key
       where n.env_id = ${envId} and e.customer = ${customerId}
         and n.xid >= (select position from indexed) and ${wanted(EFFECTIVE_AT)}
       order by 2 desc, 1 desc limit ${limit})
      order by 2 desc, 1 desc limit ${limit}
    )
    select ${COLUMNS} from found f join usage_events e on e.key = f.key ${JOINS}
    where e.env_id = ${envId}
    order by f.at desc, f.key desc`.execute(tx)
  return rows.map(fromRow)
}

function conditions({ from, to, name, before }: EventQuery) {
  return (at: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql.join(
      [
        sql`true`,
        ...(from ? [sql`${at} >= ${from}`] : []),
        ...(to ? [sql`${at} < ${to}`] : []),
        ...(name ? [sql`e.name = ${name}`] : []),
        ...(before
          ? [sql`(${at}, e.key) < (${timestamp(before.occurredAtUs)}, ${uuidOf(before.key)}::uuid)`]
          : []),
      ],
      sql` and `,
    )
}

/** Events that became visible between two horizons, oldest first. */
export type Span = { readonly from: string; readonly to: string; readonly limit: number }

/**
 * The transaction below which nothing can appear any more: what is read up to it is never missed, in
 * whatever order transactions commit.
 */
// tidy: all environments — transactions belong to the cluster
export async function selectHorizon(tx: Tx): Promise<string> {
  const { rows } = await sql<{ horizon: string }>`
    select (txid_snapshot_xmin(txid_current_snapshot()) + xid_offset)::text as horizon
    from event_cursors where name = 'roll_up'`.execute(tx)
  return rows[0]?.horizon ?? '0'
}

export async function selectArrived(tx: Tx, envId: number, span: Span): Promise<StoredEvent[]> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from usage_events e ${JOINS}
    where e.env_id = ${envId} and e.xid >= ${span.from} and e.xid < ${span.to}
    order by e.xid, e.occurred_at, e.key limit ${span.limit}`.execute(tx)
  return rows.map(fromRow)
}

const micros = (column: RawBuilder<unknown>) =>
  sql`(extract(epoch from ${column}) * 1000000)::bigint`

/** Exact, unlike a Date, which knows no microseconds. */
function timestamp(atUs: number): RawBuilder<unknown> {
  return sql`(timestamptz 'epoch' + ${String(atUs)}::bigint * interval '1 microsecond')`
}

/** When the event `e` counts; a void does not move it. */
const EFFECTIVE_AT = sql`coalesce((
  select c.occurred_at from event_corrections c
  where c.env_id = e.env_id and c.key = e.key order by c.correction_no desc limit 1), e.occurred_at)`

/** Of the event `e` with its import `i` and its corrections `c`. */
const COLUMNS = sql`e.key::text as key, e.name, e.customer, trim_scale(e.amount)::text as amount, e.metadata,
  ${micros(sql`e.occurred_at`)} as at_us, e.sequence::text as sequence, e.key_text, i.id as import_id, c.corrections`

const JOINS = sql`
  left join imports i on i.env_id = e.env_id and i.import_no = e.import_no
  left join lateral (
    select json_agg(json_build_object('kind', n.kind, 'amount', trim_scale(n.amount)::text, 'metadata', n.metadata,
      'at_us', ${micros(sql`n.occurred_at`)}, 'reason', n.reason, 'created_at', n.created_at)
      order by n.correction_no) as corrections
    from event_corrections n where n.env_id = e.env_id and n.key = e.key) c on true`

type Row = {
  key: string
  name: string
  customer: string
  amount: string
  metadata: string | null
  at_us: string
  sequence: string
  key_text: string | null
  import_id: string | null
  corrections: CorrectionRow[] | null
}

type CorrectionRow = {
  kind: 'void' | 'amend'
  amount: string
  metadata: string | null
  at_us: number
  reason: string | null
  created_at: string
}

function fromRow(row: Row): StoredEvent {
  return {
    key: keyOfUuid(row.key),
    name: row.name,
    customerId: row.customer,
    amount: row.amount,
    metadata: row.metadata,
    occurredAtUs: Number(row.at_us),
    sequence: row.sequence,
    keyText: row.key_text,
    importId: row.import_id,
    corrections: (row.corrections ?? []).map(correctionFromRow),
  }
}

function correctionFromRow(row: CorrectionRow): Correction {
  const { kind, reason, amount, metadata } = row
  const said = { reason, createdAt: new Date(row.created_at) }
  if (kind === 'void') return { kind, ...said }
  return { kind, ...said, amount, metadata, occurredAtUs: Number(row.at_us) }
}
