import { decimal, formatDecimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { AlertState } from './alert.ts'

/** Notes thresholds that were reached; returns those that were not told already. */
export async function insertStates(
  tx: Tx,
  envId: number,
  states: readonly AlertState[],
): Promise<ReadonlySet<AlertState>> {
  if (states.length === 0) return new Set()
  const rows = states.map(({ value, ...state }, at) => ({
    ...state,
    ...{ at, value: formatDecimal(value) },
  }))
  const { rows: inserted } = await sql<Row>`
    insert into alert_states (env_id, alert_id, customer, subject, window_start, threshold, value, reached_at)
    select ${envId}, "alertId", customer, subject, "windowStart", threshold, value, "reachedAt"
    from json_to_recordset(${JSON.stringify(rows)}::json) as r ("alertId" text, customer text, subject text,
      "windowStart" timestamptz, threshold text, value numeric, "reachedAt" timestamptz)
    order by "alertId", customer, subject, "windowStart", threshold
    on conflict do nothing
    returning alert_id, customer, subject, window_start, threshold, value, reached_at`.execute(tx)
  const isNew = new Set(inserted.map(fromRow).map(nameOf))
  return new Set(states.filter((state) => isNew.has(nameOf(state))))
}

/** Forgets that a balance was no higher than these thresholds: it is above them again. */
export async function deleteStates(
  tx: Tx,
  envId: number,
  of: Pick<AlertState, 'alertId' | 'customer' | 'subject'> & {
    readonly thresholds: readonly string[]
  },
): Promise<void> {
  await sql`
    delete from alert_states where env_id = ${envId} and alert_id = ${of.alertId} and customer = ${of.customer}
      and subject = ${of.subject} and threshold = any(${of.thresholds}::text[])`.execute(tx)
}

/** Up to `limit` states, the latest first, those before `before`. */
export async function selectStates(
  tx: Tx,
  envId: number,
  page: {
    readonly limit: number
    readonly offset: number
    readonly customer: string | null
    readonly alertId: string | null
  },
): Promise<AlertState[]> {
  const { customer, alertId } = page
  const { rows } = await sql<Row>`
    select alert_id, customer, subject, window_start, threshold, value, reached_at from alert_states
    where env_id = ${envId} and (${customer}::text is null or customer = ${customer})
      and (${alertId}::text is null or alert_id = ${alertId})
    order by reached_at desc, alert_id, customer, subject, window_start, threshold
    limit ${page.limit} offset ${page.offset}`.execute(tx)
  return rows.map(fromRow)
}

function nameOf({ alertId, subject, windowStart, threshold, customer }: AlertState): string {
  return JSON.stringify([alertId, customer, subject, windowStart.toISOString(), threshold])
}

type Row = {
  alert_id: string
  customer: string
  subject: string
  window_start: Date
  threshold: string
  value: string
  reached_at: Date
}

function fromRow(row: Row): AlertState {
  return {
    alertId: row.alert_id,
    customer: row.customer,
    subject: row.subject,
    windowStart: row.window_start,
    threshold: row.threshold,
    value: decimal(row.value),
    reachedAt: row.reached_at,
  }
}
