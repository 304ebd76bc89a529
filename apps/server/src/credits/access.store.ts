import { type Decimal, decimal } from '@usageflow/pricing'
import { type RawBuilder, sql } from 'kysely'
import { ROOT } from '../customers/customer.ts'
import type { Database } from '../platform/db/database.ts'
import { PREPARED } from '../platform/db/prepared.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { Status } from '../subscriptions/subscription.ts'
import { IS_KEPT } from './leases.store.ts'

/** All that is stored about a customer and a meter, in one statement: many ask, before each call. */
export type Ground = {
  readonly isCustomer: boolean
  readonly meterId: string | null
  /** The nearest subscription upward that has a price for the meter now. */
  readonly payer: { readonly id: string; readonly status: Status } | null
  /** What is left of the customer's grants of the meter that are valid now. */
  readonly grants: readonly { readonly id: string; readonly left: Decimal }[]
  /** By holds, and by what is lent to processes. */
  readonly held: Decimal
  /** Another one whenever the ledger of the customer has changed. */
  readonly ledgerVersion: string
}

/** Read at one instant, in a transaction or alone. */
export async function selectGround(
  executor: Tx | Database['kysely'],
  envId: number,
  { customer, meter }: { readonly customer: string; readonly meter: string },
  now: Date,
): Promise<Ground> {
  const { rows } = await sql<Row>`${sql.raw(PREPARED)}
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
    ), payer as (${payerOf(envId, now)})
    select exists (select from customers where env_id = ${envId} and customer = ${customer}) as is_customer,
      (select id from m) as meter_id,
      (select id from payer) as payer_id, (select status from payer) as payer_status,
      array(select id from valid order by id) as grant_ids,
      array(select left_after::text from valid order by id) as lefts,
      (select coalesce(sum(units), 0) from credit_holds h
        where h.env_id = ${envId} and h.customer = ${customer} and h.meter_id = (select id from m)
          and h.status = 'open' and h.expires_at > ${now})
      + (select coalesce(sum(held), 0) from credit_leases l
        where l.env_id = ${envId} and l.customer = ${customer} and l.meter_id = (select id from m)
          and ${IS_KEPT}) as held,
      (select coalesce(max(entries), 0) from credit_balances where env_id = ${envId} and customer = ${customer}) as ledger_version`.execute(
    executor,
  )
  return fromRow(rows[0])
}

/**
 * Step by step, each for the one before: left to itself the planner reads the terms of all customers of the
 * environment, which by its estimate are few.
 */
function payerOf(envId: number, now: Date): RawBuilder<unknown> {
  const end = sql`coalesce(least(t.until, coalesce(s.ended_at, s.cancel_at)), 'infinity')`
  return sql`
    select s.id, s.status
    from (
      select customer, depth from chain where customer <> ${ROOT}
      union all
      select ${ROOT}, 2147483647
    ) c
    cross join lateral (
      select id, status, ended_at, cancel_at from subscriptions
      where env_id = ${envId} and customer = c.customer offset 0
    ) s
    cross join lateral (
      select plan_id, plan_version, until from subscription_terms
      where env_id = ${envId} and subscription_id = s.id and since <= ${now} order by since desc limit 1
    ) t
    where ${end} > ${now} and exists (
      select from prices p
      where p.env_id = ${envId} and p.plan_id = t.plan_id and p.version = t.plan_version and p.meter_id = (select id from m))
    order by c.depth limit 1`
}

type Row = {
  is_customer: boolean
  meter_id: string | null
  payer_id: string | null
  payer_status: string | null
  grant_ids: string[]
  lefts: string[]
  held: string
  ledger_version: string
}

function fromRow(row: Row | undefined): Ground {
  if (!row) throw new Error('invariant broken: a select of expressions has a row')
  const { payer_id, payer_status } = row
  return {
    isCustomer: row.is_customer,
    meterId: row.meter_id,
    payer: payer_id === null ? null : { id: payer_id, status: payer_status as Status }, // a check of the table
    grants: row.grant_ids.map((id, index) => ({ id, left: decimal(row.lefts[index] ?? '0') })),
    held: decimal(row.held),
    ledgerVersion: row.ledger_version,
  }
}

/** The version of a customer's ledger, as in its ground. */
export async function selectLedgerVersion(
  tx: Tx,
  envId: number,
  customer: string,
): Promise<string> {
  const { rows } = await sql<{ entries: string }>`
    select entries from credit_balances where env_id = ${envId} and customer = ${customer}`.execute(
    tx,
  )
  return rows[0]?.entries ?? '0'
}
