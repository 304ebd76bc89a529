import { sql } from 'kysely'
import { ROOT } from '../customers/customer.ts'
import type { LateHour } from '../metering/late-usage.ts'
import type { Tx } from '../platform/db/transaction.ts'

export type { LateHour }

/**
 * A page of the hours in which something was noted as late, in order, each with whether everybody who pays for
 * its customer has looked at it: an invoice of theirs, or a look after their end, has seen as far as it was noted.
 * Who pays is the customer, the root, and where the customer ever had a parent anybody who ever was one.
 */
// tidy: all environments — housekeeping goes through them all
export async function selectLateHours(
  tx: Tx,
  { after, limit }: { readonly after: LateHour | null; readonly limit: number },
): Promise<(LateHour & { readonly isSeen: boolean })[]> {
  const { envId, customer, hour } = after ?? { envId: 0, customer: '', hour: '-infinity' }
  const { rows } = await sql<LateHour & { readonly isSeen: boolean }>`
    with page as materialized (
      select env_id, customer, hour, position from late_hours
      where (env_id, customer, hour) > (${envId}::int, ${customer}, ${hour}::timestamptz)
      order by env_id, customer, hour limit ${limit}
    )
    select h.env_id as "envId", h.customer, h.hour::text as hour, h.position::text as position, not exists (
      select from subscriptions s
      join subscription_periods p on p.env_id = s.env_id and p.subscription_id = s.id
      where s.env_id = h.env_id and s.customer in (
          select h.customer union all select ${ROOT} union all
          select k.parent from customer_parents k where k.env_id = h.env_id and exists (
            select from customer_parents c where c.env_id = h.env_id and c.customer = h.customer))
        and p.is_billed and p.period_start < h.hour + interval '1 hour' and p.period_end > h.hour
        and not exists (
          select from late_looks l
          where l.env_id = s.env_id and l.subscription_id = s.id and l.position >= h.position)
        and not exists (
          select from invoice_states i join invoices f on f.env_id = i.env_id and f.id = i.invoice_id
          where i.env_id = s.env_id and i.subscription_id = s.id and i.kind in ('period', 'late')
            and f.late_before >= h.position)
    ) as "isSeen"
    from page h order by h.env_id, h.customer, h.hour`.execute(tx)
  return rows
}
