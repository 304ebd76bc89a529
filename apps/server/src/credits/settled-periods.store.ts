import { sql } from 'kysely'
import { ROOT } from '../customers/customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { Grant } from './credit.ts'

/** A period that is over for so long and not invoiced has stopped: nobody waits for it. Above the longest grace. */
const WAIT_DAYS_MAX = 32

/**
 * The end of the last period that may still be invoiced for usage of the time of a grant: of its own
 * subscription, or else of any of the customer and those above it. Null: nothing is waited for.
 */
export async function selectUnsettledEnd(
  tx: Tx,
  envId: number,
  { customer, cycle, from, to }: Pick<Grant, 'customer' | 'cycle' | 'from' | 'to'>,
  now: Date,
): Promise<Date | null> {
  const of = cycle
    ? sql`s.id = ${cycle.subscriptionId}`
    : sql`s.customer in (select customer from payers)`
  const { rows } = await sql<{ end: Date | null }>`
    with recursive payers (customer) as (
      select unnest(array[${customer}, ${ROOT}]::text[])
      union
      select p.parent from payers join customer_parents p on p.customer = payers.customer
      where p.env_id = ${envId} and (p.until is null or p.until > ${from})
    )
    select max(p.period_end) as end
    from subscriptions s
    join subscription_periods p on p.env_id = s.env_id and p.subscription_id = s.id
    where s.env_id = ${envId} and ${of} and p.is_billed and p.state <> 'invoiced'
      and p.period_start < ${to} and p.period_end > ${from}
      and p.period_end > ${now}::timestamptz - ${WAIT_DAYS_MAX} * interval '1 day'`.execute(tx)
  return rows[0]?.end ?? null
}

/** The period of a subscription that begins at `start`; undefined where none follows. */
export async function selectPeriodFrom(
  tx: Tx,
  envId: number,
  subscriptionId: string,
  start: Date,
): Promise<{ readonly no: number; readonly end: Date } | undefined> {
  return tx
    .selectFrom('subscription_periods')
    .select(['period_no as no', 'period_end as end'])
    .where('env_id', '=', envId)
    .where('subscription_id', '=', subscriptionId)
    .where('period_start', '=', start)
    .executeTakeFirst()
}
