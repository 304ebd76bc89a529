import type { Cycle } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** What active subscriptions of one cycle and currency are due for a cycle, without their usage. */
export type Recurring = {
  readonly currency: string
  readonly cycle: Cycle
  readonly subscriptions: number
  /** Base prices of plans times quantities, in minor units with a fraction. */
  readonly baseMinor: string
  /** Base prices that were agreed instead, times quantities, in the major unit. */
  readonly baseAmount: string
}

/** Trials, pauses, and what was canceled or suspended bring nothing in. */
export async function selectRecurring(tx: Tx, envId: number): Promise<Recurring[]> {
  const { rows } = await sql<{
    currency: string
    cycle: Cycle
    subscriptions: string
    base_minor: string
    base_amount: string
  }>`
    select v.currency, v.cycle, count(*) as subscriptions,
      coalesce(sum(v.base_minor * t.quantity) filter (where t.overrides->>'basePrice' is null), 0)::text as base_minor,
      coalesce(sum((t.overrides->>'basePrice')::numeric * t.quantity), 0)::text as base_amount
    from subscriptions s
    join subscription_terms t on t.env_id = s.env_id and t.subscription_id = s.id and t.term_no = s.term_no
    join plan_versions v on v.env_id = t.env_id and v.plan_id = t.plan_id and v.version = t.plan_version
    where s.env_id = ${envId} and s.status = 'active' and t.kind = 'billed'
    group by v.currency, v.cycle`.execute(tx)
  return rows.map((row) => ({
    currency: row.currency,
    cycle: row.cycle,
    subscriptions: Number(row.subscriptions),
    baseMinor: row.base_minor,
    baseAmount: row.base_amount,
  }))
}

/** How many subscriptions there are of every status, and of how many the billing was stopped. */
export async function countSubscriptions(
  tx: Tx,
  envId: number,
): Promise<{ readonly byStatus: ReadonlyMap<string, number>; readonly parked: number }> {
  const { rows } = await sql<{ status: string; count: string; parked: string }>`
    select status, count(*) as count, count(parked_at) as parked
    from subscriptions where env_id = ${envId} group by status`.execute(tx)
  return {
    byStatus: new Map(rows.map(({ status, count }) => [status, Number(count)])),
    parked: rows.reduce((sum, { parked }) => sum + Number(parked), 0),
  }
}
