import { type Decimal, decimal, formatDecimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { RecordState, SyncRecord } from './sync-record.ts'
import type { Told } from './usage-told.store.ts'

/** What Stripe cannot have seen: a change of the same hour can go along with it. */
export type Open = Pick<SyncRecord, 'id' | 'at' | 'counted' | 'value' | 'state'>

/** Of each of these hours what can still be changed, and how many records there are. */
export async function selectOpen(
  tx: Tx,
  envId: number,
  { triggerId, customer }: Told,
  hours: readonly Date[],
): Promise<Map<number, { readonly records: number; readonly open: Open | null }>> {
  const { rows } = await sql<OpenRow>`
    select h.hour, n.records::int, o.id, o.counted, o.value, o.state
    from unnest(${hours}::timestamptz[]) as h (hour)
    cross join lateral (
      select count(*) as records from stripe_sync_records r
      where r.env_id = ${envId} and r.trigger_id = ${triggerId} and r.customer = ${customer} and r.at = h.hour
    ) n
    left join lateral (
      select r.id, r.counted, r.value, r.state from stripe_sync_records r
      where r.env_id = ${envId} and r.trigger_id = ${triggerId} and r.customer = ${customer} and r.at = h.hour
        and r.state in ('waiting', 'refused') and r.sent_first_at is null
      order by r.no limit 1
    ) o on true`.execute(tx)
  return new Map(
    rows.map(({ hour, records, id, counted, value, state }) => {
      const open =
        id === null || counted === null || value === null || state === null
          ? null
          : { id, at: hour, counted: decimal(counted), value: BigInt(value), state }
      return [hour.getTime(), { records, open }]
    }),
  )
}

type OpenRow = {
  hour: Date
  records: number
  id: string | null
  counted: string | null
  value: string | null
  state: RecordState | null
}

export async function updateAmount(
  tx: Tx,
  envId: number,
  record: Pick<SyncRecord, 'id' | 'counted' | 'value' | 'state'>,
): Promise<void> {
  const { id, counted, value, state } = record
  await tx
    .updateTable('stripe_sync_records')
    .set({ counted: formatDecimal(counted), value: String(value), state })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .execute()
}

export async function insertRecords(
  tx: Tx,
  envId: number,
  records: readonly SyncRecord[],
): Promise<void> {
  if (records.length === 0) return
  await tx
    .insertInto('stripe_sync_records')
    .values(
      records.map((record) => ({
        env_id: envId,
        id: record.id,
        trigger_id: record.triggerId,
        customer: record.customer,
        at: record.at,
        no: record.no,
        counted: formatDecimal(record.counted),
        value: String(record.value),
        identifier: record.identifier,
        customer_ref: record.customerRef,
        item_ref: record.itemRef,
        created_at: record.createdAt,
        ...stateColumns(record),
      })),
    )
    .execute()
}

/** Notes how sending it stands. */
export async function updateState(tx: Tx, envId: number, record: SyncRecord): Promise<void> {
  await tx
    .updateTable('stripe_sync_records')
    .set({ customer_ref: record.customerRef, ...stateColumns(record) })
    .where('env_id', '=', envId)
    .where('id', '=', record.id)
    .execute()
}

export function stateColumns(record: SyncRecord) {
  return {
    state: record.state,
    reason: record.reason,
    reason_text: record.reasonText,
    attempts: record.attempts,
    sent_first_at: record.sentFirstAt,
    sent_at: record.sentAt,
  }
}

/** The next to see to: what nobody knows the outcome of, else what waits, by the hour. */
export async function selectNext(
  tx: Tx,
  envId: number,
  { triggerId, customer }: Told,
): Promise<SyncRecord | undefined> {
  const row = await records(tx, envId)
    .where('trigger_id', '=', triggerId)
    .where('customer', '=', customer)
    .where('state', 'in', ['sending', 'waiting'])
    .orderBy(sql`state = 'waiting'`)
    .orderBy('at')
    .orderBy('no')
    .limit(1)
    .executeTakeFirst()
  return row && fromRow(row)
}

/** Notes why all that waits does so. */
export async function updateWaiting(
  tx: Tx,
  envId: number,
  { triggerId, customer }: Told,
  reason: string,
): Promise<void> {
  await tx
    .updateTable('stripe_sync_records')
    .set({ reason })
    .where('env_id', '=', envId)
    .where('trigger_id', '=', triggerId)
    .where('customer', '=', customer)
    .where('state', '=', 'waiting')
    .execute()
}

/** What Stripe has of an hour for certain: by all triggers that feed the meter of this one. */
export async function selectSentOfHour(
  tx: Tx,
  envId: number,
  record: Pick<SyncRecord, 'triggerId' | 'customer' | 'at'>,
): Promise<bigint> {
  const { rows } = await sql<{ sent: string }>`
    select coalesce(sum(r.value), 0)::text as sent
    from stripe_triggers t
    join stripe_triggers u on u.env_id = t.env_id and u.account_id = t.account_id and u.event_name = t.event_name
    join stripe_sync_records r on r.env_id = u.env_id and r.trigger_id = u.id
    where t.env_id = ${envId} and t.id = ${record.triggerId} and r.customer = ${record.customer}
      and r.at = ${record.at} and r.state = 'sent'`.execute(tx)
  return BigInt(rows[0]?.sent ?? 0)
}

export async function selectRecord(
  tx: Tx,
  envId: number,
  id: string,
): Promise<SyncRecord | undefined> {
  const row = await records(tx, envId).where('id', '=', id).executeTakeFirst()
  return row && fromRow(row)
}

/** The same, so that nobody else changes it before the transaction is over. */
export async function selectRecordForUpdate(
  tx: Tx,
  envId: number,
  id: string,
): Promise<SyncRecord | undefined> {
  const row = await records(tx, envId).where('id', '=', id).forUpdate().executeTakeFirst()
  return row && fromRow(row)
}

/** Refused ones of a trigger, up to `limit`, in the order in which they were made. */
export async function selectRefused(
  tx: Tx,
  envId: number,
  {
    triggerId,
    customer,
    limit,
  }: {
    readonly triggerId: string
    readonly customer: string | null
    readonly limit: number
  },
): Promise<SyncRecord[]> {
  let query = records(tx, envId).where('trigger_id', '=', triggerId).where('state', '=', 'refused')
  if (customer !== null) query = query.where('customer', '=', customer)
  const rows = await query.orderBy('created_at').orderBy('id').limit(limit).forUpdate().execute()
  return rows.map(fromRow)
}

export type RecordFilter = {
  readonly triggerId: string | null
  readonly customer: string | null
  readonly state: RecordState | null
}

/** Up to `limit` records, the newest first, those before `before`. */
export async function selectRecords(
  tx: Tx,
  envId: number,
  filter: RecordFilter,
  page: { readonly limit: number; readonly before: readonly [at: string, id: string] | null },
): Promise<SyncRecord[]> {
  const { before, limit } = page
  let query = records(tx, envId)
  if (filter.triggerId !== null) query = query.where('trigger_id', '=', filter.triggerId)
  if (filter.customer !== null) query = query.where('customer', '=', filter.customer)
  if (filter.state !== null) query = query.where('state', '=', filter.state)
  if (before !== null)
    query = query.where(sql<boolean>`(created_at, id) < (${before[0]}::timestamptz, ${before[1]})`)
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}

/** How many records are in which state, by trigger. */
export async function countStates(
  tx: Tx,
  envId: number,
  triggerIds: readonly string[],
): Promise<Map<string, Map<RecordState, number>>> {
  const { rows } = await sql<{ trigger_id: string; state: RecordState; records: number }>`
    select trigger_id, state, count(*)::int as records from stripe_sync_records
    where env_id = ${envId} and trigger_id = any(${triggerIds}::text[]) group by trigger_id, state`.execute(
    tx,
  )
  const counts = new Map<string, Map<RecordState, number>>()
  for (const { trigger_id: id, state, records } of rows)
    counts.set(id, (counts.get(id) ?? new Map()).set(state, records))
  return counts
}

/** What was told of a customer between two hours: sums of values by state, and of all that was counted. */
export type Figures = {
  readonly customer: string
  readonly counted: Decimal
  readonly values: ReadonlyMap<RecordState, bigint>
}

/** Of up to `limit` customers by name, those after `after`, of whom anything was recorded in the span. */
export async function selectFigures(
  tx: Tx,
  envId: number,
  asked: {
    readonly triggerId: string
    readonly from: Date
    readonly to: Date
    readonly customer: string | null
    readonly after: string | null
    readonly limit: number
  },
): Promise<Figures[]> {
  const { triggerId, from, to, customer, after, limit } = asked
  const { rows } = await sql<{ customer: string; counted: string; values: Record<string, string> }>`
    with part as (
      select customer, state, sum(counted) as counted, sum(value) as value from stripe_sync_records
      where env_id = ${envId} and trigger_id = ${triggerId} and at >= ${from} and at < ${to}
        and (${customer}::text is null or customer = ${customer}) and (${after}::text is null or customer > ${after})
      group by customer, state
    )
    select customer, sum(counted)::text as counted, jsonb_object_agg(state, value::text) as values
    from part group by customer order by customer limit ${limit}`.execute(tx)
  return rows.map(({ customer, counted, values }) => ({
    customer,
    counted: decimal(counted),
    values: new Map(
      Object.entries(values).map(([state, value]) => [state as RecordState, BigInt(value)]),
    ),
  }))
}

export function records(tx: Tx, envId: number) {
  return tx
    .selectFrom('stripe_sync_records')
    .where('env_id', '=', envId)
    .select([
      ...(['id', 'trigger_id', 'customer', 'at', 'no', 'counted', 'value', 'state'] as const),
      ...(['reason', 'reason_text', 'identifier', 'attempts', 'sent_first_at'] as const),
      ...(['sent_at', 'customer_ref', 'item_ref', 'created_at'] as const),
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof records>['execute']>>[number]

export function fromRow(row: Row): SyncRecord {
  return {
    id: row.id,
    triggerId: row.trigger_id,
    customer: row.customer,
    at: row.at,
    no: row.no,
    counted: decimal(row.counted),
    value: BigInt(row.value),
    state: row.state as RecordState, // a check of the table
    reason: row.reason,
    reasonText: row.reason_text,
    identifier: row.identifier,
    attempts: row.attempts,
    sentFirstAt: row.sent_first_at,
    sentAt: row.sent_at,
    customerRef: row.customer_ref,
    itemRef: row.item_ref,
    createdAt: row.created_at,
  }
}
