import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { XidRange } from './rollups.store.ts'

/**
 * Makes the events of a range of transactions findable by customer and time, and those that a correction
 * of the range has moved findable under their new time as well. In the order of the key.
 */
// tidy: all environments — one cursor reads the events of them all
export async function indexRange(tx: Tx, range: XidRange): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into events_by_customer (env_id, customer, occurred_at, key)
    select env_id, customer, occurred_at, key from usage_events
    where xid >= ${range.from} and xid < ${range.to}
    union all
    select e.env_id, e.customer, c.occurred_at, e.key
    from event_corrections c join usage_events e on e.env_id = c.env_id and e.key = c.key
    where c.xid >= ${range.from} and c.xid < ${range.to} and c.kind = 'amend'
    order by 1, 2, 3, 4
    on conflict do nothing`.execute(tx)
  return Number(numAffectedRows ?? 0)
}
