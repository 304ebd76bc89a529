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

/**
 * Trials, pauses, and what was canceled or suspended bring nothing in. Added up by plan before the plans are
 * asked for their prices: joined all at once, PostgreSQL looks each subscription up by itself.
 */
export async function selectRecurring(tx: Tx, envId: number): Promise<Recurring[]> {
  const { rows } = await sql<{
    currency: string
    cycle: Cycle
    subscriptions: string
    base_minor: string
    base_amount: string
  }>`
    select v.currency, v.cycle, sum(p.subscriptions) as subscriptions,
      coalesce(sum(v.base_minor * p.quantity), 0)::text as base_minor,
      coalesce(sum(p.agreed), 0)::text as base_amount
    from (
      select t.plan_id, t.plan_version, count(*) as subscriptions,
        sum(t.quantity) filter (where t.overrides->>'basePrice' is null) as quantity,
        sum((t.overrides->>'basePrice')::numeric * t.quantity) as agreed
      from subscriptions s
      join subscription_terms t on t.env_id = s.env_id and t.subscription_id = s.id and t.term_no = s.term_no
      where s.env_id = ${envId} and s.status = 'active' and t.kind = 'billed'
      group by t.plan_id, t.plan_version
    ) p
    join plan_versions v on v.env_id = ${envId} and v.plan_id = p.plan_id and v.version = p.plan_version
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
