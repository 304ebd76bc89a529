import { decimal, formatDecimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { AlertState, Kind, ReachedThreshold } from './alert.ts'

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

/** Up to `limit` states behind the first `offset`, the latest first. */
export async function selectStates(
  tx: Tx,
  envId: number,
  page: {
    readonly limit: number
    readonly offset: number
    readonly customer: string | null
    readonly alertId: string | null
  },
): Promise<ReachedThreshold[]> {
  const { customer, alertId } = page
  const { rows } = await sql<ReachedRow>`
    select s.alert_id, s.customer, s.subject, s.window_start, s.threshold, s.value, s.reached_at,
      a.name, a.kind, a.meter_id, a.currency
    from alert_states s join alerts a on a.env_id = s.env_id and a.id = s.alert_id
    where s.env_id = ${envId} and (${customer}::text is null or s.customer = ${customer})
      and (${alertId}::text is null or s.alert_id = ${alertId})
    order by s.reached_at desc, s.alert_id, s.customer, s.subject, s.window_start, s.threshold
    limit ${page.limit} offset ${page.offset}`.execute(tx)
  return rows.map(({ name, kind, meter_id: meterId, currency, ...row }) => ({
    ...fromRow(row),
    ...{ name, kind: kind as Kind, meterId, currency }, // a check of the table
  }))
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

type ReachedRow = Row & {
  name: string
  kind: string
  meter_id: string | null
  currency: string | null
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
