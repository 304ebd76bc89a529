import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** A subscription has a price for a meter in `[from, to)`; `to: null` means without a known end. */
export type ActivePrice = {
  readonly subscriptionId: string
  readonly customer: string
  readonly meterId: string
  readonly from: Date
  readonly to: Date | null
}

/** The prices for any of `meterIds` that are active at some time of `[from, to)`, billed or not: one for each term. */
export async function selectActivePrices(
  tx: Tx,
  envId: number,
  wanted: {
    readonly meterIds: readonly string[]
    /** Null: of every customer. */
    readonly customers: readonly string[] | null
    readonly from: Date
    /** Null: without an end. */
    readonly to: Date | null
  },
): Promise<ActivePrice[]> {
  const { customers, to } = wanted
  const { rows } = await sql<ActivePrice>`
    select s.id as "subscriptionId", s.customer, p.meter_id as "meterId", t.since as "from", ${END} as "to"
    from prices p
    join subscription_terms t on t.env_id = p.env_id and t.plan_id = p.plan_id and t.plan_version = p.version
    join subscriptions s on s.env_id = t.env_id and s.id = t.subscription_id
    where p.env_id = ${envId} and p.meter_id = any(${wanted.meterIds}::text[])
      and t.since < coalesce(${to}::timestamptz, 'infinity') and coalesce(${END}, 'infinity') > ${wanted.from}
      and t.since < coalesce(${END}, 'infinity')
      ${customers === null ? sql`` : sql`and s.customer = any(${customers}::text[])`}`.execute(tx)
  return rows
}

/**
 * Until when the usage of any of `meterIds` was invoiced to any of `customers`; null: never. Whoever
 * is about to invoice them waits until we have committed.
 */
export async function lockInvoicedUntil(
  tx: Tx,
  envId: number,
  wanted: {
    readonly meterIds: readonly string[]
    readonly customers: readonly string[]
    readonly from: Date
  },
): Promise<Date | null> {
  const prices = await selectActivePrices(tx, envId, { ...wanted, to: null })
  if (prices.length === 0) return null
  const ids = [...new Set(prices.map(({ subscriptionId }) => subscriptionId))]
  await sql`
    select from subscriptions where env_id = ${envId} and id = any(${ids}::text[]) order by id for share`.execute(
    tx,
  )
  const { rows } = await sql<{ until: Date | null }>`
    select max(period_end) as until from subscription_periods
    where env_id = ${envId} and subscription_id = any(${ids}::text[]) and state = 'invoiced'`.execute(
    tx,
  )
  return rows[0]?.until ?? null
}

const END = sql`least(t.until, coalesce(s.ended_at, s.cancel_at))` // null only where both are
