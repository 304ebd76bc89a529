import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
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
        join late_watches w on w.env_id = e.env_id
        cross join lateral (
          select e.occurred_at
          union all
          select a.occurred_at from event_corrections a
          where a.env_id = c.env_id and a.key = c.key and a.xid < ${range.to} and a.kind = 'amend'
        ) t
      where c.xid >= ${range.from} and c.xid < ${range.to} and t.occurred_at < w.closed_until`,
  ).execute(tx)
}

/**
 * From now on usage before `closedUntil` may be late. Has to be committed before the usage until then is
 * counted for an invoice: a turn that begins later sees it.
 */
export async function upsertWatch(tx: Tx, envId: number, closedUntil: Date): Promise<void> {
  await sql`
    insert into late_watches as w (env_id, closed_until) values (${envId}, ${closedUntil})
    on conflict (env_id) do update set closed_until = excluded.closed_until
    where w.closed_until < excluded.closed_until`.execute(tx)
}
