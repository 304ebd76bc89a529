import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

const COUNTED_MAX = 10_000

/** Of each trigger its index is read, and no more of it than is counted. */
export async function selectRefusedCounts(
  tx: Tx,
  envId: number,
): Promise<{ triggerId: string; refused: number }[]> {
  const { rows } = await sql<{ trigger_id: string; refused: number }>`
    select t.id as trigger_id, (records.refused + invoices.refused)::int as refused
    from stripe_triggers t
    cross join lateral (
      select count(*) as refused from (
        select from stripe_sync_records r
        where r.env_id = ${envId} and r.trigger_id = t.id and r.state = 'refused' limit ${COUNTED_MAX}
      ) as counted
    ) as records
    cross join lateral (
      select count(*) as refused from (
        select from stripe_invoices i
        where i.env_id = ${envId} and i.trigger_id = t.id and i.state = 'refused' limit ${COUNTED_MAX}
      ) as counted
    ) as invoices
    where t.env_id = ${envId} and records.refused + invoices.refused > 0
    order by refused desc, t.id`.execute(tx)
  return rows.map(({ trigger_id: triggerId, refused }) => ({ triggerId, refused }))
}
