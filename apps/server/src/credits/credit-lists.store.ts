import { type Decimal, decimal } from '@usageflow/pricing'
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { EntryKind } from './credit.ts'

/** Where a grant stands at an instant: exactly one of these. */
export const GRANT_STATES = ['active', 'upcoming', 'used_up', 'ended', 'void'] as const
export type GrantState = (typeof GRANT_STATES)[number]

export type GrantFilter = {
  readonly customer: string | null
  readonly kind: 'units' | 'money' | null
  readonly state: GrantState | null
  /** The instant of `state`. */
  readonly at: Date
}

/** Up to `limit` grants of all customers by their ids, the newest first, those before `before`. */
export async function selectGrantStates(
  tx: Tx,
  envId: number,
  filter: GrantFilter,
  page: { readonly limit: number; readonly before: readonly [at: string, id: string] | null },
): Promise<{ readonly id: string; readonly state: GrantState }[]> {
  const { before, limit } = page
  const { rows } = await sql<{ id: string; state: GrantState }>`
    select g.id, ${stateAt(filter.at)} as state from credit_grants g ${LEFT}
    where g.env_id = ${envId} ${filter.customer === null ? sql`` : sql`and g.customer = ${filter.customer}`}
      ${filter.kind === null ? sql`` : sql`and g.kind = ${filter.kind}`}
      ${filter.state === null ? sql`` : sql`and ${stateAt(filter.at)} = ${filter.state}`}
      ${before ? sql`and (g.granted_at, g.id) < (${before[0]}::timestamptz, ${before[1]})` : sql``}
    order by g.granted_at desc, g.id desc limit ${limit}`.execute(tx)
  return rows
}

/** What all customers together have of one kind of credit. */
export type CreditTotal = {
  readonly kind: 'units' | 'money'
  readonly meterId: string | null
  readonly currency: string | null
  readonly left: Decimal
  readonly grants: bigint
  readonly customers: bigint
}

/** What is left of the grants that are active at an instant: units by meter, and money by currency. */
export async function selectTotalsLeft(tx: Tx, envId: number, at: Date): Promise<CreditTotal[]> {
  const { rows } = await sql<TotalRow>`
    select g.kind, g.meter_id, g.currency, sum(l.left_after)::text as total, count(*)::text as grants,
      count(distinct g.customer)::text as customers
    from credit_grants g ${LEFT}
    where g.env_id = ${envId} and ${stateAt(at)} = 'active'
    group by g.kind, g.meter_id, g.currency order by g.kind, g.currency, g.meter_id`.execute(tx)
  return rows.map((row) => ({
    kind: row.kind,
    meterId: row.meter_id,
    currency: row.currency,
    left: decimal(row.total),
    grants: BigInt(row.grants),
    customers: BigInt(row.customers),
  }))
}

type TotalRow = {
  kind: 'units' | 'money'
  meter_id: string | null
  currency: string | null
  total: string
  grants: string
  customers: string
}

/** Where an entry stands among those of its customer, going back in time. */
export type EntryPlace = readonly [at: string, grantId: string, entryNo: string]

/** An entry of the ledger with the grant that it is of. */
export type CustomerEntry = {
  readonly grantId: string
  readonly grantName: string
  readonly source: string
  readonly kind: EntryKind
  readonly assetKind: 'units' | 'money'
  readonly meterId: string | null
  readonly currency: string | null
  readonly entryNo: number
  readonly amount: Decimal
  readonly leftAfter: Decimal
  readonly invoiceId: string | null
  readonly holdId: string | null
  readonly at: Date
}

/** Up to `limit` entries of all grants of a customer, the newest first, those before `before`. */
export async function selectEntriesOfCustomer(
  tx: Tx,
  envId: number,
  customer: string,
  page: { readonly limit: number; readonly before: EntryPlace | null },
): Promise<CustomerEntry[]> {
  const { before, limit } = page
  const { rows } = await sql<EntryRow>`
    select e.grant_id, g.name, g.source, e.kind, g.kind as asset_kind, g.meter_id, g.currency, e.entry_no,
      e.amount, e.left_after, e.invoice_id, e.hold_id, e.at
    from credit_grants g join credit_entries e on e.env_id = g.env_id and e.grant_id = g.id
    where g.env_id = ${envId} and g.customer = ${customer}
      ${before ? sql`and (e.at, e.grant_id, e.entry_no) < (${before[0]}::timestamptz, ${before[1]}, ${before[2]}::int)` : sql``}
    order by e.at desc, e.grant_id desc, e.entry_no desc limit ${limit}`.execute(tx)
  return rows.map((row) => ({
    grantId: row.grant_id,
    grantName: row.name,
    source: row.source,
    kind: row.kind as EntryKind, // a check of the table
    assetKind: row.asset_kind,
    meterId: row.meter_id,
    currency: row.currency,
    entryNo: row.entry_no,
    amount: decimal(row.amount),
    leftAfter: decimal(row.left_after),
    invoiceId: row.invoice_id,
    holdId: row.hold_id,
    at: row.at,
  }))
}

type EntryRow = {
  grant_id: string
  name: string
  source: string
  kind: string
  asset_kind: 'units' | 'money'
  meter_id: string | null
  currency: string | null
  entry_no: number
  amount: string
  left_after: string
  invoice_id: string | null
  hold_id: string | null
  at: Date
}

const LEFT = sql`cross join lateral (
  select e.left_after from credit_entries e
  where e.env_id = g.env_id and e.grant_id = g.id order by e.entry_no desc limit 1) l`

/** Of the grant `g` with what is left of it, `l`. */
function stateAt(at: Date): RawBuilder<unknown> {
  return sql`(case when g.voided_at is not null then 'void' when g.valid_to <= ${at} then 'ended'
    when l.left_after = 0 then 'used_up' when g.valid_from > ${at} then 'upcoming' else 'active' end)`
}
