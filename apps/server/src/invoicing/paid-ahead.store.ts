import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** When a period of a subscription begins. */
export type PeriodStart = { readonly subscriptionId: string; readonly start: Date }

/**
 * What final invoices of subscriptions charge for the base and flat prices of periods that begin then, after
 * coupons, in the order of the periods; null where none does. Void ones charge nothing. `at`: as it was then,
 * null: as it is.
 */
export async function selectChargedAhead(
  tx: Tx,
  envId: number,
  periods: readonly PeriodStart[],
  at: Date | null,
): Promise<(bigint | null)[]> {
  if (periods.length === 0) return []
  const asked = periods.map((period, place) => ({ ...period, place }))
  const { rows } = await sql<{ charged: string | null }>`
    select c.charged
    from json_to_recordset(${JSON.stringify(asked)}::json) as p ("subscriptionId" text, start timestamptz, place int)
      cross join lateral (
        select sum(l.amount_minor - l.discount_minor) as charged
        from invoice_states s join invoice_lines l on l.env_id = s.env_id and l.invoice_id = s.invoice_id
        where s.env_id = ${envId} and s.subscription_id = p."subscriptionId" and ${stoodAt(at)}
          and l.kind in ('base', 'flat') and l.period_start = p.start
      ) c
    order by p.place`.execute(tx)
  return rows.map(({ charged }) => (charged === null ? null : BigInt(charged)))
}

/** Of invoices `s` with lines those that were not void then. */
function stoodAt(at: Date | null) {
  if (at === null) return sql`s.status <> 'void'`
  return sql`(s.status <> 'void' or s.changed_at > ${at}) and exists (
    select from invoices i where i.env_id = s.env_id and i.id = s.invoice_id and i.finalized_at < ${at})`
}
