import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import { CORRECTED, effectiveEvents, newestCorrection } from './effective-events.store.ts'
import { READING, readings, type Sql, storedMeters } from './readings.store.ts'
import { addToBuckets, BUCKET, type XidRange } from './rollups.store.ts'

/** An hour of a customer, as far as events of a name are concerned: its buckets of all their meters. */
export type Hour = {
  readonly envId: number
  readonly name: string
  readonly customer: string
  readonly hour: Date
}

/** What can be taken out of a bucket again; the rest has to be counted anew. */
const SUBTRACTABLE = sql`m.aggregation in ('COUNT', 'SUM', 'AVG')`

/** Whether a meter `m` has counted the event `e` before: one of those that are older may not have had its turn. */
const HAS_COUNTED = sql`(m.backfilled_at is not null or e.xid >= m.live_from or e.key <= m.backfill_after)`

// tidy: all environments — one cursor reads the corrections of them all
export async function hasCorrections(tx: Tx, range: XidRange): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from event_corrections where xid >= ${range.from} and xid < ${range.to}) as found`.execute(
    tx,
  )
  return rows[0]?.found === true
}

/**
 * Takes what the corrected events were out of their buckets and adds what they are: for the meters that
 * add up, so that voiding one of a million events of an hour does not read a million. Comes after folding
 * the same range, which has added its events as they were sent.
 */
// tidy: all environments — one cursor reads the corrections of them all
export async function adjustSums(tx: Tx, range: XidRange): Promise<void> {
  const events = (sign: 1 | -1, position: bigint) => sql`
    select ${sql.lit(sign)} as sign, ${CORRECTED}
    from corrected k join usage_events e on e.env_id = k.env_id and e.key = k.key
      ${newestCorrection(sql`${position}::bigint`)}
    where c.kind is distinct from 'void'`
  await sql`
    with corrected as materialized (
      select distinct env_id, key from event_corrections where xid >= ${range.from} and xid < ${range.to}
    ), ${storedMeters(sql`${SUBTRACTABLE} and m.live_from is not null and m.env_id in (select env_id from corrected)`)},
    ${readings({
      events: sql`${events(-1, range.from)} union all ${events(1, range.to)}`,
      carried: sql`e.sign,`,
      on: sql`and ${HAS_COUNTED}`,
    })}, ${READING}
    insert into usage_rollups as old (${BUCKET}, events, not_counted, sum)
    select ${BUCKET}, coalesce(sum(sign) filter (where is_counted), 0),
      coalesce(sum(sign) filter (where not is_counted), 0),
      coalesce(sum(sign * value) filter (where aggregation <> 'COUNT'), 0)
    from reading group by ${BUCKET} order by ${BUCKET}
    on conflict on constraint usage_rollups_pkey do update set
      events = old.events + excluded.events, not_counted = old.not_counted + excluded.not_counted,
      sum = old.sum + excluded.sum`.execute(tx)
}

/**
 * The hours in which an event stands or stood that the corrections of a range of transactions are about, and
 * that have buckets of meters which must be counted anew.
 */
// tidy: all environments — one cursor reads the corrections of them all
export async function selectCorrectedHours(tx: Tx, range: XidRange): Promise<Hour[]> {
  const { rows } = await sql<Hour>`
    select distinct e.env_id as "envId", e.name, e.customer, date_bin('1 hour', t.occurred_at, '2000-01-01 00:00:00+00') as hour
    from event_corrections c
      join usage_events e on e.env_id = c.env_id and e.key = c.key
      cross join lateral (
        select e.occurred_at
        union all
        select a.occurred_at from event_corrections a
        where a.env_id = c.env_id and a.key = c.key and a.xid < ${range.to} and a.kind = 'amend'
      ) t
    where c.xid >= ${range.from} and c.xid < ${range.to} and exists (
      select from meters m where m.env_id = e.env_id and m.event_name = e.name and not ${SUBTRACTABLE})`.execute(
    tx,
  )
  return rows
}

/** Counts these hours anew for the meters from which nothing can be taken out again; see `recountHours`. */
export function rebuildHours(tx: Tx, hours: readonly Hour[], position: bigint): Promise<void> {
  return recountHours(tx, hours, { position, meters: sql`not ${SUBTRACTABLE}` })
}

/**
 * Counts these hours anew from the events as they stand below `position`, for the meters `m` of the condition
 * that read events of that name. A meter whose older events are still being added gets those that had their
 * turn; the rest will follow with their corrections.
 */
export async function recountHours(
  tx: Tx,
  hours: readonly Hour[],
  { position, meters }: { readonly position: bigint; readonly meters: Sql },
): Promise<void> {
  const hour = rowsOfHours(hours)
  for (const table of ['usage_rollups', 'usage_uniques'] as const)
    await sql`
      delete from ${sql.table(table)} r using ${hour}
        join meters m on m.env_id = h.env_id and m.event_name = h.name and ${meters}
      where r.env_id = h.env_id and r.meter_no = m.meter_no and r.customer = h.customer and r.hour = h.hour`.execute(
      tx,
    )
  await addToBuckets(tx, {
    before: sql`span as materialized (
        select h.env_id, h.customer, h.hour as from_at, h.hour + interval '1 hour' as to_at, h.name as span_name from ${hour}
      ), ${effectiveEvents({ before: sql`${position}::bigint`, carried: ['span_name'] })},`,
    events: sql`select * from effective_event where name = any(span_name)`,
    meters: sql`${meters} and m.live_from is not null and m.env_id = any(${[...new Set(hours.map(({ envId }) => envId))]}::int[])`,
    on: sql`and ${HAS_COUNTED}`,
  })
}

function rowsOfHours(hours: readonly Hour[]): Sql {
  return sql`unnest(${hours.map(({ envId }) => envId)}::int[], ${hours.map(({ name }) => name)}::text[],
    ${hours.map(({ customer }) => customer)}::text[], ${hours.map(({ hour }) => hour)}::timestamptz[]) as h (env_id, name, customer, hour)`
}
