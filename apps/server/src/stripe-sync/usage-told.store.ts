import { type Decimal, decimal, formatDecimal, ZERO } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Delta, HourCount } from './plan-usage.ts'

/** Whose usage, and by which trigger it is told. */
export type Told = { readonly triggerId: string; readonly customer: string }

/** What stands in records of all hours, while nobody else adds to it. */
export async function lockSum(
  tx: Tx,
  envId: number,
  { triggerId, customer }: Told,
): Promise<{ readonly counted: Decimal; readonly value: bigint }> {
  const { rows } = await sql<{ counted: string; value: string }>`
    select counted, value from stripe_usage_customers
    where env_id = ${envId} and trigger_id = ${triggerId} and customer = ${customer} for update`.execute(
    tx,
  )
  const [row] = rows
  return row
    ? { counted: decimal(row.counted), value: BigInt(row.value) }
    : { counted: ZERO, value: 0n }
}

/** The same of each hour from then on. */
export async function selectHours(
  tx: Tx,
  envId: number,
  { triggerId, customer }: Told,
  from: Date,
): Promise<HourCount[]> {
  const { rows } = await sql<{ hour: Date; counted: string }>`
    select hour, counted from stripe_usage_hours
    where env_id = ${envId} and trigger_id = ${triggerId} and customer = ${customer} and hour >= ${from}`.execute(
    tx,
  )
  return rows.map(({ hour, counted }) => ({ hour, counted: decimal(counted) }))
}

/** Notes what has now been put into records. */
export async function addTold(
  tx: Tx,
  envId: number,
  { triggerId, customer }: Told,
  deltas: readonly Delta[],
): Promise<void> {
  const counted = deltas.map((delta) => formatDecimal(delta.counted))
  await sql`
    insert into stripe_usage_customers as old (env_id, trigger_id, customer, counted, value)
    select ${envId}::int, ${triggerId}, ${customer}, sum(c), sum(v)
    from unnest(${counted}::numeric[], ${deltas.map(({ value }) => `${value}`)}::numeric[]) as d (c, v)
    on conflict on constraint stripe_usage_customers_pkey do update set
      counted = old.counted + excluded.counted, value = old.value + excluded.value`.execute(tx)
  await sql`
    insert into stripe_usage_hours as old (env_id, trigger_id, customer, hour, counted)
    select ${envId}::int, ${triggerId}, ${customer}, d.hour, d.counted
    from unnest(${deltas.map(({ hour }) => hour)}::timestamptz[], ${counted}::numeric[]) as d (hour, counted)
    on conflict on constraint stripe_usage_hours_pkey do update set counted = old.counted + excluded.counted`.execute(
    tx,
  )
}
