import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Alert, Kind, Span } from './alert.ts'

export async function insertAlert(tx: Tx, envId: number, alert: Alert): Promise<void> {
  await tx
    .insertInto('alerts')
    .values({
      env_id: envId,
      id: alert.id,
      name: alert.name,
      kind: alert.kind,
      customer: alert.customer,
      plan_id: alert.planId,
      meter_id: alert.meterId,
      span: alert.span,
      currency: alert.currency,
      thresholds: [...alert.thresholds],
      created_at: alert.createdAt,
    })
    .execute()
}

/** False: there is no such alert. */
export async function updateAlert(
  tx: Tx,
  envId: number,
  { id, name, thresholds }: Pick<Alert, 'id' | 'name' | 'thresholds'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('alerts')
    .set({ name, thresholds: [...thresholds] })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** With all that was told by it. */
export async function deleteAlert(tx: Tx, envId: number, id: string): Promise<void> {
  await tx.deleteFrom('alerts').where('env_id', '=', envId).where('id', '=', id).execute()
}

export async function selectAlert(tx: Tx, envId: number, id: string): Promise<Alert | undefined> {
  const [found] = await selectWhere(tx, sql`a.env_id = ${envId} and a.id = ${id}`)
  return found
}

/** Up to `limit` alerts in the order of their ids, those after `after`. */
export async function selectAlerts(
  tx: Tx,
  envId: number,
  page: { readonly limit: number; readonly after: string },
): Promise<Alert[]> {
  const order = sql`order by a.id limit ${page.limit}`
  return selectWhere(tx, sql`a.env_id = ${envId} and a.id > ${page.after} ${order}`)
}

/** The alerts that are about a customer as it is now. */
export async function selectAlertsAbout(tx: Tx, envId: number, customer: string): Promise<Alert[]> {
  return selectWhere(
    tx,
    sql`a.env_id = ${envId} and (a.customer is null or a.customer = ${customer})
      and (a.plan_id is null or exists (
        select from subscriptions s
        join subscription_terms t on t.env_id = s.env_id and t.subscription_id = s.id and t.term_no = s.term_no
        where s.env_id = a.env_id and s.customer = ${customer} and s.status <> 'canceled' and t.plan_id = a.plan_id))
      order by a.id`,
  )
}

/** The customers whom an alert may be about. */
export async function selectCustomersOf(
  tx: Tx,
  envId: number,
  { customer, planId }: Pick<Alert, 'customer' | 'planId'>,
): Promise<string[]> {
  const { rows } = await sql<{ customer: string }>`
    select c.customer from customers c
    where c.env_id = ${envId} and (${customer}::text is null or c.customer = ${customer})
      and (${planId}::text is null or exists (
        select from subscriptions s
        join subscription_terms t on t.env_id = s.env_id and t.subscription_id = s.id and t.term_no = s.term_no
        where s.env_id = c.env_id and s.customer = c.customer and s.status <> 'canceled' and t.plan_id = ${planId}))`.execute(
    tx,
  )
  return rows.map((row) => row.customer)
}

async function selectWhere(tx: Tx, condition: ReturnType<typeof sql>): Promise<Alert[]> {
  // tidy: all environments — whoever calls it names the environment
  const { rows } = await sql<Row>`
    select a.id, a.name, a.kind, a.customer, a.plan_id, a.meter_id, a.span, a.currency, a.thresholds, a.created_at
    from alerts a where ${condition}`.execute(tx)
  return rows.map(fromRow)
}

type Row = {
  id: string
  name: string
  kind: string
  customer: string | null
  plan_id: string | null
  meter_id: string | null
  span: string | null
  currency: string | null
  thresholds: string[]
  created_at: Date
}

function fromRow(row: Row): Alert {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as Kind, // a check of the table, like the span
    customer: row.customer,
    planId: row.plan_id,
    meterId: row.meter_id,
    span: row.span as Span | null,
    currency: row.currency,
    thresholds: row.thresholds,
    createdAt: row.created_at,
  }
}
