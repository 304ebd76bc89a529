import { sql } from 'kysely'
import { ROOT } from '../customers/customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { later } from '../platform/instant.ts'
import type { Sql } from './readings.store.ts'

type XidRange = { readonly from: bigint; readonly to: bigint }

/** Statement: notes in which hours, of `(env_id, customer, hour)`, a turn has counted what may be late. */
export function insertLate(range: XidRange, hours: Sql): Sql {
  return sql`insert into late_hours (env_id, customer, hour, position)
    select env_id, customer, hour, ${range.to}::bigint from (${hours}) h
    order by 1, 2, 3
    on conflict on constraint late_hours_pkey do update set position = excluded.position`
}

/** The same for the hours in which an event stands or stood that a correction of the range is about. */
// tidy: all environments — one cursor reads the corrections of them all
export async function insertCorrectedLate(tx: Tx, range: XidRange): Promise<void> {
  await insertLate(
    range,
    sql`select distinct e.env_id, e.customer, date_bin('1 hour', t.occurred_at, '2000-01-01 00:00:00+00') as hour
      from event_corrections c
        join usage_events e on e.env_id = c.env_id and e.key = c.key
        cross join lateral (
          select e.occurred_at
          union all
          select a.occurred_at from event_corrections a
          where a.env_id = c.env_id and a.key = c.key and a.xid < ${range.to} and a.kind = 'amend'
        ) t
      where c.xid >= ${range.from} and c.xid < ${range.to} and ${isClosed({ envId: sql`e.env_id`, customer: sql`e.customer`, at: sql`t.occurred_at` })}`,
  ).execute(tx)
}

/** Columns of a statement. */
type Place = { readonly envId: Sql; readonly customer: Sql; readonly at: Sql }

/**
 * Condition: at that time somebody who pays for the customer has a period that is over. That is the
 * customer, the root, and where the customer ever had a parent anybody who ever was one. The first look is
 * at the environment: most usage is newer than all that is over.
 */
export function isClosed({ envId, customer, at }: Place): Sql {
  return sql`(
    ${at} < (select w.closed_until from late_watches w where w.env_id = ${envId})
    and (
      ${at} < (select w.closed_until from customer_late_watches w where w.env_id = ${envId} and w.customer = ${customer})
      or ${at} < (select w.closed_until from customer_late_watches w where w.env_id = ${envId} and w.customer = ${ROOT})
      or (exists (select from customer_parents k where k.env_id = ${envId} and k.customer = ${customer})
        and ${at} < (select max(w.closed_until) from customer_late_watches w
          where w.env_id = ${envId} and exists (select from customer_parents k where k.env_id = w.env_id and k.parent = w.customer)))))`
}

/** An hour of a customer in which something was counted that may be late; its time is text, to the microsecond. */
export type LateHour = {
  readonly envId: number
  readonly customer: string
  readonly hour: string
  /** The turn that counted it last counted events of transactions below this one. */
  readonly position: string
}

/** Deletes those of the hours in which nothing was noted since; one that is being noted now stays. */
// tidy: all environments — each hour names its own
export async function deleteLate(tx: Tx, hours: readonly LateHour[]): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from late_hours l using (
      select k.env_id, k.customer, k.hour
      from late_hours k
      join json_to_recordset(${JSON.stringify(hours)}::json) as h ("envId" int, customer text, hour timestamptz, position bigint)
        on k.env_id = h."envId" and k.customer = h.customer and k.hour = h.hour and k.position = h.position
      order by 1, 2, 3 for update of k skip locked
    ) gone where l.env_id = gone.env_id and l.customer = gone.customer and l.hour = gone.hour`.execute(
    tx,
  )
  return Number(numAffectedRows)
}

/** Up to when the periods of a customer are over. */
export type Closed = { readonly customer: string; readonly until: Date }

/**
 * From now on usage of these customers that is older may be late. Has to be committed before the usage is
 * counted for an invoice: a turn that begins later sees it. In the order of the customers, so that two
 * who do so at once never deadlock. The row of the environment is only touched to raise it, since
 * whoever touches it has it until their transaction ends.
 */
export async function upsertWatches(
  tx: Tx,
  envId: number,
  closed: readonly Closed[],
): Promise<void> {
  await sql`
    insert into customer_late_watches as w (env_id, customer, closed_until)
    select ${envId}, customer, max(until)
    from unnest(${closed.map(({ customer }) => customer)}::text[], ${closed.map(({ until }) => until)}::timestamptz[])
      as c (customer, until)
    group by customer order by customer
    on conflict (env_id, customer) do update set closed_until = excluded.closed_until
    where w.closed_until < excluded.closed_until`.execute(tx)
  const until = closed.map((each) => each.until).reduce(later)
  await sql`
    insert into late_watches as w (env_id, closed_until)
    select ${envId}, ${until}::timestamptz
    where not exists (select from late_watches k where k.env_id = ${envId} and k.closed_until >= ${until})
    on conflict (env_id) do update set closed_until = excluded.closed_until
    where w.closed_until < excluded.closed_until`.execute(tx)
}
