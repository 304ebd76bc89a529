import { sql } from 'kysely'
import { ROOT } from '../customers/customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { Sql } from './readings.store.ts'

/** Whose usage has changed. */
export type Touched = { readonly envId: number; readonly customer: string }

/**
 * The customers, and all above them now with the root, of whom something was counted in transactions from `from` on; null:
 * of so many that they were not gathered. Beside it up to where was looked, which is where the roll-up is.
 * Looks at the usage of these environments; null: of all.
 */
// tidy: all environments — one cursor reads the events of them all
export async function selectTouched(
  tx: Tx,
  { from, eventsMax, envIds }: Asked,
): Promise<{ readonly position: bigint; readonly touched: readonly Touched[] | null }> {
  const isAsked = (envId: Sql) =>
    envIds === null ? sql`true` : sql`${envId} = any(${envIds}::int[])`
  const { rows } = await sql<Row>`
    with recursive counted as materialized (
      select greatest(position, ${from}::bigint) as position from event_cursors where name = 'roll_up'
    ), event as materialized (
      select e.env_id, e.customer from usage_events e
      where e.xid >= ${from} and e.xid < (select position from counted) and ${isAsked(sql`e.env_id`)}
      limit ${eventsMax + 1}
    ), seen as (
      select env_id, customer from event
      union
      select e.env_id, e.customer from event_corrections c
      join usage_events e on e.env_id = c.env_id and e.key = c.key
      where c.xid >= ${from} and c.xid < (select position from counted) and ${isAsked(sql`c.env_id`)}
    ), touched as (
      select env_id, customer from seen
      union
      select p.env_id, p.parent from touched t
      join customer_parents p on p.env_id = t.env_id and p.customer = t.customer and p.until is null
    ), everybody as (
      select env_id, customer from touched
      union
      select env_id, ${ROOT} from touched
    )
    select counted.position, t.env_id, t.customer, (select count(*) from event) > ${eventsMax} as is_too_many
    from counted left join everybody t on true`.execute(tx)
  const [first] = rows
  if (!first) throw new Error('the cursor roll_up is missing')
  return {
    position: BigInt(first.position),
    touched: first.is_too_many ? null : rows.flatMap(touchedFromRow),
  }
}

type Asked = {
  readonly from: bigint
  readonly eventsMax: number
  readonly envIds: readonly number[] | null
}

type Row = {
  position: string
  env_id: number | null
  customer: string | null
  is_too_many: boolean
}

function touchedFromRow({ env_id: envId, customer }: Row): Touched[] {
  return envId === null || customer === null ? [] : [{ envId, customer }]
}
