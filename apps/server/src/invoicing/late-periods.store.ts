import { type Decimal, type DimensionValue, decimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import { ROOT } from '../customers/customer.ts'
import type { Tx } from '../platform/db/transaction.ts'

/** A period that was invoiced, by its invoice. */
export type InvoicedPeriod = {
  readonly subscriptionId: string
  readonly periodNo: number
  readonly invoiceId: string
}

export type Late = {
  /** What the roll-up has noted up to this position is in the answer. */
  readonly before: bigint
  readonly periods: readonly InvoicedPeriod[]
}

/** An invoice among those of its subscription, which are made one after the other. */
export type MadeInvoice = {
  readonly id: string
  readonly lateBefore: bigint
  readonly finalizedAt: Date
  readonly periodNo: number
}

/** Of invoices `i` with their states `s` those that were made before `made`; null: all. */
function madeBefore(made: MadeInvoice | null) {
  if (made === null) return sql``
  const { lateBefore, finalizedAt, periodNo } = made
  return sql`and (i.late_before, i.finalized_at, s.period_no) < (${lateBefore}::bigint, ${finalizedAt}::timestamptz, ${periodNo}::int)`
}

/**
 * The invoiced periods of these subscriptions in which something was counted since their latest invoice
 * looked. Often there is none, which the first statement sees. `made`: those that it may have had to bill.
 */
export async function selectLate(
  tx: Tx,
  envId: number,
  subscriptionIds: readonly string[],
  made: MadeInvoice | null,
): Promise<Late> {
  const { rows } = await sql<{ before: string; is_any: boolean }>`
    with looked as (${looked(envId, subscriptionIds, made)}), least as (select min(position) as position from looked)
    select c.position as before,
      exists (select from late_hours l where l.env_id = ${envId} and l.position > least.position) as is_any
    from event_cursors c, least where c.name = 'roll_up'`.execute(tx)
  const [row] = rows
  const before = BigInt(row?.before ?? 0)
  return {
    before,
    periods:
      row?.is_any || made !== null ? await selectPeriods(tx, envId, subscriptionIds, made) : [],
  }
}

/** How far an ended subscription was looked at, whether it came to an invoice or not. */
const ownLook = sql`(
  select k.position from late_looks k where k.env_id = s.env_id and k.subscription_id = s.subscription_id)`

/** Notes how far an ended subscription was looked at. */
export async function upsertLook(
  tx: Tx,
  envId: number,
  { subscriptionId, position }: { readonly subscriptionId: string; readonly position: bigint },
): Promise<void> {
  await sql`
    insert into late_looks (env_id, subscription_id, position) values (${envId}, ${subscriptionId}, ${position}::bigint)
    on conflict on constraint late_looks_pkey do update set position = excluded.position`.execute(
    tx,
  )
}

/** How far the latest invoice of each subscription has looked. */
function looked(envId: number, subscriptionIds: readonly string[], made: MadeInvoice | null) {
  return sql`
    select s.subscription_id, greatest(max(i.late_before), ${made === null ? ownLook : null}) as position
    from invoice_states s join invoices i on i.env_id = s.env_id and i.id = s.invoice_id
    where s.env_id = ${envId} and s.subscription_id = any(${subscriptionIds}::text[]) and s.kind in ('period', 'late')
      ${madeBefore(made)}
    group by s.env_id, s.subscription_id`
}

/**
 * Those in whose time something was counted of the customer, of anybody for the root, and where customers
 * have parents of anybody who has one. Too many rather than too few: what has not changed comes to nothing.
 */
async function selectPeriods(
  tx: Tx,
  envId: number,
  subscriptionIds: readonly string[],
  made: MadeInvoice | null,
): Promise<InvoicedPeriod[]> {
  const { rows } = await sql<{ subscription_id: string; period_no: number; invoice_id: string }>`
    with looked as (${looked(envId, subscriptionIds, made)}), mark as materialized (
      select l.customer, l.hour, l.position, exists (
          select from customer_parents k where k.env_id = l.env_id and k.customer = l.customer) as has_parent
      from late_hours l
      where l.env_id = ${envId} and l.position > (select min(position) from looked)
    )
    select s.subscription_id, s.period_no, s.invoice_id
    from looked o
      join invoice_states s on s.env_id = ${envId} and s.subscription_id = o.subscription_id and s.kind = 'period'
      join invoices i on i.env_id = s.env_id and i.id = s.invoice_id ${madeBefore(made)}
      join subscription_periods p
        on p.env_id = s.env_id and p.subscription_id = s.subscription_id and p.period_no = s.period_no
    where ${isCharged(made)} exists (
      select from mark m
      where m.position > o.position and m.hour < p.period_end and m.hour + interval '1 hour' > p.period_start
        and (m.customer = s.customer or s.customer = ${ROOT} or (m.has_parent and exists (
          select from customer_parents k where k.env_id = s.env_id and k.parent = s.customer))))
    order by 1, 2`.execute(tx)
  return rows.map((row) => ({
    subscriptionId: row.subscription_id,
    periodNo: row.period_no,
    invoiceId: row.invoice_id,
  }))
}

/**
 * Of an invoice that was made, what it charges for stays when the hours that led to it are forgotten: its own lines
 * name the periods `s`.
 */
function isCharged(made: MadeInvoice | null) {
  if (made === null) return sql``
  return sql`exists (
    select from invoice_lines l
    where l.env_id = s.env_id and l.invoice_id = ${made.id} and l.late_period_no = s.period_no) or`
}

/** What was billed of one meter and dimension for the usage of a period. */
export type BilledRow = {
  readonly invoiceId: string
  readonly meterId: string
  readonly dimension: readonly DimensionValue[] | null
  readonly amountMinor: bigint
  readonly credited: Decimal
  readonly usageBefore: bigint
}

/** On the invoices of these periods and, as late usage of them, on later ones, before `made`. */
export async function selectBilled(
  tx: Tx,
  envId: number,
  periods: readonly InvoicedPeriod[],
  made: MadeInvoice | null,
): Promise<BilledRow[]> {
  const { rows } = await sql<{
    invoice_id: string
    meter_id: string
    dimension: readonly DimensionValue[] | null
    amount: string
    credited: string
    usage_before: string
  }>`
    select p."invoiceId" as invoice_id, l.meter_id, l.dimension, sum(coalesce(l.late_difference, l.amount_minor)) as amount,
      sum(l.credited) as credited, max(i.usage_before) as usage_before
    from json_to_recordset(${JSON.stringify(periods)}::json) as p ("subscriptionId" text, "periodNo" int, "invoiceId" text)
      join invoice_states s on s.env_id = ${envId} and s.subscription_id = p."subscriptionId" and s.kind in ('period', 'late')
      join invoices i on i.env_id = s.env_id and i.id = s.invoice_id ${madeBefore(made)}
      join invoice_lines l on l.env_id = i.env_id and l.invoice_id = i.id
        and (l.late_period_no = p."periodNo" or (l.kind = 'usage' and i.id = p."invoiceId"))
    group by 1, 2, 3`.execute(tx)
  return rows.map((row) => ({
    invoiceId: row.invoice_id,
    meterId: row.meter_id,
    dimension: row.dimension,
    amountMinor: BigInt(row.amount),
    credited: decimal(row.credited),
    usageBefore: BigInt(row.usage_before),
  }))
}

/** How far the usage of these invoices was counted. */
export async function selectUsageBefore(
  tx: Tx,
  envId: number,
  invoiceIds: readonly string[],
): Promise<Map<string, bigint>> {
  const rows = await tx
    .selectFrom('invoices')
    .where('env_id', '=', envId)
    .where('id', '=', sql<string>`any(${invoiceIds}::text[])`)
    .select(['id', 'usage_before'])
    .execute()
  return new Map(rows.map((row) => [row.id, BigInt(row.usage_before)]))
}
