import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import { insertLate, isClosed } from './late-hours.store.ts'
import {
  HOUR,
  isScalar,
  LOOKS_AT_NO_MORE,
  READING,
  readings,
  type Sql,
  storedMeters,
  valueHash,
} from './readings.store.ts'

/** Transactions from `from` on, below `to`. */
export type XidRange = { readonly from: bigint; readonly to: bigint }

/** Events that are to be added to the buckets of the meters that they meet. */
export type Batch = {
  /** Common table expressions that `events` needs, with a comma behind each. */
  readonly before?: Sql
  readonly events: Sql
  /** A condition on meters `m`. */
  readonly meters: Sql
  readonly on?: Sql
}

export type Seen = {
  readonly events: number
  readonly envIds: readonly number[]
  /** Customers of the events that are not in `customers` yet. */
  readonly newCustomers: readonly { readonly envId: number; readonly customer: string }[]
}

/**
 * Adds the events of a range of transactions to the buckets of the meters that look at nothing but names
 * and amounts, from the groups that also tell whose events they are.
 */
export async function foldGroups(tx: Tx, range: XidRange): Promise<Seen> {
  const isRead = await readsAmounts(tx)
  const { rows } = await sql<SeenRow>`
    with seen as materialized (
      select env_id, name, customer, ${HOUR} as hour, count(*) as events,
        sum(amount) filter (where ${isRead}) as sum, min(amount) filter (where ${isRead}) as min,
        max(amount) filter (where ${isRead}) as max
      from usage_events where xid >= ${range.from} and xid < ${range.to} group by 1, 2, 3, 4
    ), counted as (
      insert into usage_rollups as old (${BUCKET}, events, not_counted, sum, min, max)
      select m.env_id, m.meter_no, s.customer, s.hour, '', s.events, 0,
        case when m.aggregation in ('SUM', 'AVG') then s.sum else 0 end,
        case when m.aggregation = 'MIN' then s.min end, case when m.aggregation = 'MAX' then s.max end
      from seen s join meters m on m.env_id = s.env_id and m.event_name = s.name
      where m.live_from is not null and ${LOOKS_AT_NO_MORE}
      order by 1, 2, 3, 4
      ${ADD_TO_STORED}
    ), late as (
      ${insertLate(
        range,
        sql`select s.env_id, s.customer, s.hour from (select distinct env_id, customer, hour from seen) s
          where ${isClosed({ envId: sql`s.env_id`, customer: sql`s.customer`, at: sql`s.hour` })}`,
      )}
    )
    select coalesce((select sum(events) from seen), 0) as events,
      array(select distinct env_id from seen) as env_ids,
      (select coalesce(json_agg(json_build_object('envId', s.env_id, 'customer', s.customer)), '[]')
       from (select distinct env_id, customer from seen) s
       where not exists (select from customers c where c.env_id = s.env_id and c.customer = s.customer)) as new_customers`.execute(
    tx,
  )
  const [row] = rows
  return {
    events: Number(row?.events ?? 0),
    envIds: row?.env_ids ?? [],
    newCustomers: row?.new_customers ?? [],
  }
}

/** Whether a meter that looks at no more reads amounts; where all of them count, adding them up is left out. */
// tidy: all environments — the meters of all whose events are folded together
async function readsAmounts(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ is_read: boolean }>`
    select exists (
      select from meters m where m.live_from is not null and m.aggregation <> 'COUNT' and ${LOOKS_AT_NO_MORE}
    ) as is_read`.execute(tx)
  return rows[0]?.is_read === true
}

/**
 * Adds the events of a range of transactions to the buckets of all other live meters of the environments
 * they are of. One statement reads them for all but those that keep the LAST value, which must sort.
 */
export async function foldRange(tx: Tx, range: XidRange, envIds: readonly number[]): Promise<void> {
  await joinByHash(tx, true)
  await addToBuckets(tx, {
    events: sql`select env_id, name, customer, occurred_at, sequence, key, amount, metadata
      from usage_events where xid >= ${range.from} and xid < ${range.to}`,
    meters: sql`m.live_from is not null and m.env_id = any(${envIds}::int[]) and not ${LOOKS_AT_NO_MORE}`,
  })
  await joinByHash(tx, false)
}

/**
 * Settings of a transaction that folds. The planner knows nothing of rows that were committed a moment ago
 * and believes that there are few: so it is told to take the index of transactions, to group by hashing,
 * and to leave the other cores to those who wait for an answer. No limit of time: what it does must be
 * done, and another try would take as long.
 */
export async function prepareWork(tx: Tx): Promise<void> {
  await sql`select set_config('statement_timeout', '0', true), set_config('lock_timeout', '10s', true),
    set_config('work_mem', '64MB', true), set_config('jit', 'off', true),
    set_config('max_parallel_workers_per_gather', '0', true),
    set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true)`.execute(tx)
}

/** A range of events meets all meters at once by hashing; single hours and keys are looked up in a loop. */
async function joinByHash(tx: Tx, isOn: boolean): Promise<void> {
  await sql`select set_config('enable_nestloop', ${isOn ? 'off' : 'on'}, true)`.execute(tx)
}

/** Adds events to the buckets of the meters that they meet. */
// tidy: all environments — the batch says which events and which meters
export async function addToBuckets(tx: Tx, batch: Batch): Promise<void> {
  const { count, keepLast } = await selectKinds(tx, batch.meters)
  if (count) await addCounts(tx, batch)
  if (keepLast) await addLast(tx, batch)
}

/** In the order of the key, so that neighbours lie on one page. */
async function addCounts(tx: Tx, batch: Batch): Promise<void> {
  await sql`
    with ${batch.before ?? sql``} ${storedMeters(sql`m.aggregation <> 'LAST' and ${batch.meters}`)}, ${readings(batch)},
    seen as (
      select meter_no, customer, hour, dimension, data, count(*) as found, count(*) filter (where reads_number and value is null) as valueless,
        sum(value) as sum, min(value) as min, max(value) as max
      from found group by meter_no, customer, hour, dimension, data
    ), counted as materialized (
      select ${BUCKET_OF_SEEN}, data, found, m.is_unique and ${isScalar(sql`s.data`)} as is_value,
        case when not m.is_unique then found - valueless when ${isScalar(sql`s.data`)} then found else 0 end as events,
        case when m.aggregation in ('SUM', 'AVG') then s.sum end as sum,
        case when m.aggregation = 'MIN' then s.min end as min, case when m.aggregation = 'MAX' then s.max end as max
      from seen s join meter m on m.meter_no = s.meter_no
    ), new_values as (
      insert into usage_uniques (${BUCKET}, value_hash)
      select ${BUCKET}, ${valueHash(sql`data`)} from counted where is_value
      order by ${BUCKET}
      on conflict do nothing
    )
    insert into usage_rollups as old (${BUCKET}, events, not_counted, sum, min, max)
    select ${BUCKET}, sum(events), sum(found - events), coalesce(sum(sum), 0), min(min), max(max)
    from counted group by ${BUCKET} order by ${BUCKET}
    ${ADD_TO_STORED}`.execute(tx)
}

async function addLast(tx: Tx, batch: Batch): Promise<void> {
  await sql`
    with ${batch.before ?? sql``} ${storedMeters(sql`m.aggregation = 'LAST' and ${batch.meters}`)}, ${readings(batch)}, ${READING},
    last as (
      select distinct on (${BUCKET}) ${BUCKET}, value, occurred_at, sequence, key, is_counted,
        count(*) filter (where is_counted) over bucket as events,
        count(*) filter (where not is_counted) over bucket as not_counted
      from reading
      window bucket as (partition by ${BUCKET})
      order by ${BUCKET}, is_counted desc, occurred_at desc, sequence desc, key desc
    )
    insert into usage_rollups as old (${BUCKET}, events, not_counted, sum, last_value, last_at, last_sequence, last_key)
    select ${BUCKET}, events, not_counted, 0, value,
      case when is_counted then occurred_at end, case when is_counted then sequence end, case when is_counted then key end
    from last order by ${BUCKET}
    on conflict on constraint usage_rollups_pkey do update set
      events = old.events + excluded.events, not_counted = old.not_counted + excluded.not_counted,
      last_value = case when ${IS_LATER} then excluded.last_value else old.last_value end,
      last_at = case when ${IS_LATER} then excluded.last_at else old.last_at end,
      last_sequence = case when ${IS_LATER} then excluded.last_sequence else old.last_sequence end,
      last_key = case when ${IS_LATER} then excluded.last_key else old.last_key end`.execute(tx)
}

export const BUCKET = sql.raw('env_id, meter_no, customer, hour, dimension')

const ADD_TO_STORED = sql`on conflict on constraint usage_rollups_pkey do update set
  events = old.events + excluded.events, not_counted = old.not_counted + excluded.not_counted,
  sum = old.sum + excluded.sum, min = least(old.min, excluded.min), max = greatest(old.max, excluded.max)`

/** The number of a meter says its environment. */
const BUCKET_OF_SEEN = sql.raw('m.env_id, s.meter_no, s.customer, s.hour, s.dimension')

/** Of equal times the greater sequence is later, then the greater key: the order of arrival never matters. */
const IS_LATER = sql`(excluded.last_at is not null and (old.last_at is null
  or (excluded.last_at, excluded.last_sequence, excluded.last_key) > (old.last_at, old.last_sequence, old.last_key)))`

/** Which of the two statements have something to do. */
// tidy: all environments — the meters of the condition that the caller gives
async function selectKinds(
  tx: Tx,
  meters: Sql,
): Promise<{ readonly count: boolean; readonly keepLast: boolean }> {
  const { rows } = await sql<{ count: boolean; keep_last: boolean }>`
    select bool_or(aggregation <> 'LAST') as count, bool_or(aggregation = 'LAST') as keep_last
    from meters m where ${meters}`.execute(tx)
  return { count: rows[0]?.count === true, keepLast: rows[0]?.keep_last === true }
}

type SeenRow = {
  events: string
  env_ids: number[]
  new_customers: { envId: number; customer: string }[]
}
