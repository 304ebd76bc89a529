import { type RawBuilder, sql } from 'kysely'
import type { Status } from './invoice.ts'

/** Which invoices are asked for; null: all. */
export type InvoiceFilter = {
  /** Of a finalized one, whole and letter by letter. */
  readonly number?: string | null
  readonly customer: string | null
  readonly subscriptionId: string | null
  readonly status: Status | null
  /** Whether they are owed still, and were due before. */
  readonly overdue?: boolean | null
  /** Of periods that begin no earlier. */
  readonly periodFrom?: Date | null
  /** Of periods that end no later. */
  readonly periodTo?: Date | null
}

type Condition = RawBuilder<boolean>

/** What a filter asks of rows of `invoice_states`, all of which must hold. */
export function conditionsOf(envId: number, filter: InvoiceFilter): Condition[] {
  const { number, customer, subscriptionId, status, overdue, periodFrom, periodTo } = filter
  const conditions: Condition[] = []
  if (periodFrom) conditions.push(sql`${periodBorder('period_start')} >= ${periodFrom}`)
  if (periodTo) conditions.push(sql`${periodBorder('period_end')} <= ${periodTo}`)
  if (number != null) conditions.push(isCalled(envId, number))
  if (customer !== null) conditions.push(sql`customer = ${customer}`)
  if (subscriptionId !== null) conditions.push(sql`subscription_id = ${subscriptionId}`)
  if (status !== null) conditions.push(sql`status = ${status}`)
  if (overdue != null) conditions.push(overdue ? IS_OVERDUE : sql`not (${IS_OVERDUE})`)
  return conditions
}

function isCalled(envId: number, number: string): Condition {
  return sql`invoice_id = (
    select i.id from invoices i where i.env_id = ${envId} and i.number = ${number})`
}

/** What was paid late, or voided, keeps the time at which it was overdue. Of those owed there is an index. */
const IS_OVERDUE: Condition = sql`status in ('finalized', 'failed') and overdue_at is not null`

/** Of what an invoice says it is for; while it is a draft, of its period. */
function periodBorder(column: 'period_start' | 'period_end') {
  return sql`coalesce(
    (select i.${sql.ref(column)} from invoices i
     where i.env_id = invoice_states.env_id and i.id = invoice_states.invoice_id),
    (select p.${sql.ref(column)} from subscription_periods p
     where p.env_id = invoice_states.env_id and p.subscription_id = invoice_states.subscription_id
       and p.period_no = invoice_states.period_no))`
}
