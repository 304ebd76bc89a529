import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** Invoices of one calendar month in one currency, in minor units. */
export type MonthOfInvoices = {
  /** The first instant of the month, in UTC. */
  readonly month: Date
  readonly currency: string
  readonly invoices: number
  readonly totalMinor: bigint
}

/** Condition on invoices `i`. The few that are void stand in an index of their own. */
const IS_NOT_VOID = sql`not exists (
  select from invoice_states s where s.env_id = i.env_id and s.invoice_id = i.id and s.status = 'void')`

/** What was invoiced from `since` on, by the month of the finalization in UTC. Void invoices do not count. */
export async function selectMonths(tx: Tx, envId: number, since: Date): Promise<MonthOfInvoices[]> {
  const { rows } = await sql<{ month: Date; currency: string; invoices: string; total: string }>`
    select date_trunc('month', i.finalized_at, 'UTC') as month, i.currency, count(*) as invoices,
      sum(i.total_minor)::text as total
    from invoices i where i.env_id = ${envId} and i.finalized_at >= ${since} and ${IS_NOT_VOID}
    group by 1, 2 order by 1, 2`.execute(tx)
  return rows.map(({ month, currency, invoices, total }) => ({
    month,
    currency,
    invoices: Number(invoices), // tidy: not money — how many
    totalMinor: BigInt(total),
  }))
}

export type CustomerTotal = {
  readonly customer: string
  readonly currency: string
  readonly totalMinor: bigint
}

/** The customers who were invoiced most from `since` on, by currency and amount. */
export async function selectTopCustomers(
  tx: Tx,
  envId: number,
  wanted: { readonly since: Date; readonly limit: number },
): Promise<CustomerTotal[]> {
  const { rows } = await sql<{ customer: string; currency: string; total: string }>`
    select i.customer, i.currency, sum(i.total_minor)::text as total
    from invoices i where i.env_id = ${envId} and i.finalized_at >= ${wanted.since} and ${IS_NOT_VOID}
    group by i.customer, i.currency
    having sum(i.total_minor) > 0
    order by sum(i.total_minor) desc, i.customer
    limit ${wanted.limit}`.execute(tx)
  return rows.map(({ customer, currency, total }) => ({
    customer,
    currency,
    totalMinor: BigInt(total),
  }))
}

export type Owed = {
  readonly currency: string
  readonly open: number
  readonly openMinor: bigint
  readonly overdue: number
  readonly overdueMinor: bigint
  readonly failed: number
}

/** What customers owe, by currency: finalized and not paid, and of that what is late. */
export async function selectOwed(tx: Tx, envId: number): Promise<Owed[]> {
  const { rows } = await sql<{
    currency: string
    open: string
    open_minor: string
    overdue: string
    overdue_minor: string
    failed: string
  }>`
    select i.currency, count(*) as open, sum(i.amount_due_minor)::text as open_minor,
      count(*) filter (where s.overdue_at is not null) as overdue,
      coalesce(sum(i.amount_due_minor) filter (where s.overdue_at is not null), 0)::text as overdue_minor,
      count(*) filter (where s.status = 'failed') as failed
    from invoice_states s
    join invoices i on i.env_id = s.env_id and i.id = s.invoice_id
    where s.env_id = ${envId} and s.status in ('finalized', 'failed')
    group by i.currency order by i.currency`.execute(tx)
  return rows.map((row) => ({
    currency: row.currency,
    open: Number(row.open), // tidy: not money — how many
    openMinor: BigInt(row.open_minor),
    overdue: Number(row.overdue), // tidy: not money — how many
    overdueMinor: BigInt(row.overdue_minor),
    failed: Number(row.failed), // tidy: not money — how many
  }))
}

/** Whether there is any invoice. */
export async function hasInvoices(tx: Tx, envId: number): Promise<boolean> {
  const row = await tx
    .selectFrom('invoices')
    .where('env_id', '=', envId)
    .select('id')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
