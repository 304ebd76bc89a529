import { type Decimal, decimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** All that credits and customers say about a customer and a meter, in one statement: many ask, before each call. */
export type Ground = {
  readonly isCustomer: boolean
  readonly meterId: string | null
  /** The customer and those above it now, nearest first; the root is not named. */
  readonly chain: readonly string[]
  /** What is left of the customer's grants of the meter that are valid now. */
  readonly grants: readonly { readonly id: string; readonly left: Decimal }[]
  readonly held: Decimal
}

export async function selectGround(
  tx: Tx,
  envId: number,
  { customer, meter }: { readonly customer: string; readonly meter: string },
  now: Date,
): Promise<Ground> {
  const { rows } = await sql<Row>`
    with recursive chain (customer, depth) as (
      select ${customer}::text, 0
      union all
      select p.parent, chain.depth + 1 from chain
      join customer_parents p on p.env_id = ${envId} and p.customer = chain.customer and p.until is null
    ), m as (
      select id from meters where env_id = ${envId} and (id = ${meter} or key = ${meter})
      order by id = ${meter} desc limit 1
    ), valid as (
      select g.id, l.left_after from credit_grants g
      cross join lateral (
        select e.left_after from credit_entries e
        where e.env_id = g.env_id and e.grant_id = g.id order by e.entry_no desc limit 1
      ) l
      where g.env_id = ${envId} and g.customer = ${customer} and g.meter_id = (select id from m)
        and g.valid_from <= ${now} and (g.valid_to is null or g.valid_to > ${now}) and l.left_after > 0
    )
    select exists (select from customers where env_id = ${envId} and customer = ${customer}) as is_customer,
      (select id from m) as meter_id,
      array(select customer from chain order by depth) as chain,
      array(select id from valid order by id) as grant_ids,
      array(select left_after::text from valid order by id) as lefts,
      (select coalesce(sum(units), 0) from credit_holds h
        where h.env_id = ${envId} and h.customer = ${customer} and h.meter_id = (select id from m)
          and h.status = 'open' and h.expires_at > ${now}) as held`.execute(tx)
  return fromRow(rows[0])
}

type Row = {
  is_customer: boolean
  meter_id: string | null
  chain: string[]
  grant_ids: string[]
  lefts: string[]
  held: string
}

function fromRow(row: Row | undefined): Ground {
  if (!row) throw new Error('invariant broken: a select of expressions has a row')
  return {
    isCustomer: row.is_customer,
    meterId: row.meter_id,
    chain: row.chain,
    grants: row.grant_ids.map((id, index) => ({ id, left: decimal(row.lefts[index] ?? '0') })),
    held: decimal(row.held),
  }
}
