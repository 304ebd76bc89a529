import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import { recountHours } from './corrections.store.ts'

/** The buckets of one meter and customer that begin in `[from, to)`. */
export type Buckets = {
  readonly envId: number
  readonly meterNo: number
  readonly customer: string
  readonly from: Date
  readonly to: Date
}

/** All that each hour's buckets hold, as text, by the hour. */
export async function selectHours(tx: Tx, of: Buckets): Promise<Map<string, string>> {
  const { envId, meterNo, customer, from, to } = of
  const { rows } = await sql<{ hour: string; holds: string }>`
    select r.hour::text as hour, string_agg(concat_ws(' ', r.dimension, r.events, r.not_counted,
      trim_scale(r.sum), trim_scale(r.min), trim_scale(r.max), trim_scale(r.last_value), r.last_at, r.last_sequence, r.last_key,
      (select count(*) from usage_uniques u where u.env_id = r.env_id and u.meter_no = r.meter_no
        and u.customer = r.customer and u.hour = r.hour and u.dimension = r.dimension)),
      ',' order by r.dimension) as holds
    from usage_rollups r
    where r.env_id = ${envId} and r.meter_no = ${meterNo} and r.customer = ${customer}
      and r.hour >= ${from} and r.hour < ${to}
    group by r.hour`.execute(tx)
  return new Map(rows.map(({ hour, holds }) => [hour, holds]))
}

const HOUR_MS = 3_600_000

/** Counts the buckets anew from the events of that name as they stand below `position`. */
export async function recountBuckets(
  tx: Tx,
  of: Buckets,
  { eventName: name, position }: { readonly eventName: string; readonly position: bigint },
): Promise<void> {
  const { envId, meterNo, customer, from, to } = of
  const count = (to.getTime() - from.getTime()) / HOUR_MS
  const hours = Array.from({ length: count }, (_, index) => ({
    ...{ envId, name, customer, hour: new Date(from.getTime() + index * HOUR_MS) },
  }))
  await recountHours(tx, hours, { position, meters: sql`m.meter_no = ${meterNo}` })
}
