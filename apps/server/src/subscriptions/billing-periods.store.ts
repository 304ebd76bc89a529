import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { BillingPeriod, PeriodState } from './billing-period.ts'

/** A period together with whose it is. */
export type PeriodOf = { readonly subscriptionId: string; readonly period: BillingPeriod }

/** Names a stored period. */
export type PeriodRef = { readonly subscriptionId: string; readonly periodNo: number }

export async function insertPeriods(
  tx: Tx,
  envId: number,
  periods: readonly PeriodOf[],
): Promise<void> {
  if (periods.length === 0) return
  const rows = periods.map(({ subscriptionId, period }) => ({
    subscription_id: subscriptionId,
    period_no: period.no,
    anchor_step: period.step,
    term_no: period.termNo,
    is_billed: period.isBilled,
    period_start: period.start,
    period_end: period.end,
    planned_end: period.plannedEnd,
    full_start: period.fullStart,
    full_end: period.fullEnd,
    state: period.state,
  }))
  await sql`
    insert into subscription_periods (env_id, subscription_id, period_no, anchor_step, term_no, is_billed,
      period_start, period_end, planned_end, full_start, full_end, state)
    select ${envId}, * from json_to_recordset(${JSON.stringify(rows)}::json) as r (
      subscription_id text, period_no int, anchor_step int, term_no int, is_billed boolean,
      period_start timestamptz, period_end timestamptz, planned_end timestamptz, full_start timestamptz, full_end timestamptz, state text)`.execute(
    tx,
  )
}

/** The open periods of these subscriptions; a canceled one has none. */
export async function selectOpenPeriods(
  tx: Tx,
  envId: number,
  subscriptionIds: readonly string[],
): Promise<PeriodOf[]> {
  const rows = await periods(tx, envId)
    .where('subscription_id', '=', sql<string>`any(${subscriptionIds}::text[])`)
    .where('state', '=', 'open')
    .execute()
  return rows.map(fromRow)
}

/** The billed periods of a customer's subscriptions that are not invoiced yet. */
export async function selectUnsettled(
  tx: Tx,
  envId: number,
  customer: string,
): Promise<PeriodRef[]> {
  const { rows } = await sql<PeriodRef>`
    select p.subscription_id as "subscriptionId", p.period_no as "periodNo"
    from subscriptions s join subscription_periods p on p.env_id = s.env_id and p.subscription_id = s.id
    where s.env_id = ${envId} and s.customer = ${customer} and p.is_billed and p.state <> 'invoiced'`.execute(
    tx,
  )
  return rows
}

/** The billed periods of these subscriptions that lie within a time, those of each in their order. */
export async function selectWithin(
  tx: Tx,
  envId: number,
  subscriptionIds: readonly string[],
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<PeriodRef[]> {
  const { rows } = await sql<PeriodRef>`
    select subscription_id as "subscriptionId", period_no as "periodNo" from subscription_periods
    where env_id = ${envId} and subscription_id = any(${subscriptionIds}::text[]) and is_billed
      and period_start >= ${from} and period_end <= ${to}
    order by subscription_id, period_no`.execute(tx)
  return rows
}

/** The named periods, in no order; those that do not exist are left out. */
export async function selectPeriods(
  tx: Tx,
  envId: number,
  refs: readonly PeriodRef[],
): Promise<PeriodOf[]> {
  const { rows } = await sql<Row>`
    select subscription_id, period_no, anchor_step, term_no, is_billed, period_start, period_end, planned_end,
      full_start, full_end, state
    from subscription_periods where env_id = ${envId} and (subscription_id, period_no) in (
      select * from unnest(${refs.map(({ subscriptionId }) => subscriptionId)}::text[], ${refs.map(({ periodNo }) => periodNo)}::int[]))`.execute(
    tx,
  )
  return rows.map(fromRow)
}

/** The named periods, each with the stored one that begins where it ends; null while there is none. */
export async function selectPeriodsAndNext(
  tx: Tx,
  envId: number,
  refs: readonly PeriodRef[],
): Promise<(PeriodOf & { readonly next: BillingPeriod | null })[]> {
  const found = await selectPeriods(tx, envId, refs)
  if (found.length === 0) return []
  const rows = await periods(tx, envId)
    .where(
      sql<boolean>`(subscription_id, period_start) in (select * from unnest(
        ${found.map(({ subscriptionId }) => subscriptionId)}::text[], ${found.map(({ period }) => period.end)}::timestamptz[]))`,
    )
    .execute()
  const nextOf = new Map(rows.map((row) => [nextKey(row.subscription_id, row.period_start), row]))
  return found.map(({ subscriptionId, period }) => {
    const next = nextOf.get(nextKey(subscriptionId, period.end))
    return { subscriptionId, period, next: next ? fromRow(next).period : null }
  })
}

function nextKey(subscriptionId: string, start: Date): string {
  return `${subscriptionId} ${start.getTime()}`
}

/** The periods of these subscriptions that hold an instant: of each one, if any. */
export async function selectPeriodsAt(
  tx: Tx,
  envId: number,
  subscriptionIds: readonly string[],
  at: Date,
): Promise<PeriodOf[]> {
  const rows = await periods(tx, envId)
    .where('subscription_id', '=', sql<string>`any(${subscriptionIds}::text[])`)
    .where('period_start', '<=', at)
    .where('period_end', '>', at)
    .execute()
  return rows.map(fromRow)
}

/** The newest periods of a subscription, the newest first. */
export async function selectNewestPeriods(
  tx: Tx,
  envId: number,
  subscriptionId: string,
  limit: number,
): Promise<BillingPeriod[]> {
  const rows = await periods(tx, envId)
    .where('subscription_id', '=', subscriptionId)
    .orderBy('period_no', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => fromRow(row).period)
}

/** Moves periods on from one state to the next. Returns how many stood in `from`. */
export async function updateStates(
  tx: Tx,
  envId: number,
  refs: readonly PeriodRef[],
  step: { readonly from: PeriodState; readonly to: PeriodState },
): Promise<number> {
  const { numAffectedRows } = await sql`
    update subscription_periods set state = ${step.to}
    where env_id = ${envId} and state = ${step.from} and (subscription_id, period_no) in (
      select * from unnest(${refs.map(({ subscriptionId }) => subscriptionId)}::text[], ${refs.map(({ periodNo }) => periodNo)}::int[]))`.execute(
    tx,
  )
  return Number(numAffectedRows)
}

/** Cuts the open period of a subscription short, or has it reach as far as it was to. */
export async function updateEnd(
  tx: Tx,
  envId: number,
  { subscriptionId, periodNo }: PeriodRef,
  end: Date,
): Promise<void> {
  await tx
    .updateTable('subscription_periods')
    .set({ period_end: end })
    .where('env_id', '=', envId)
    .where('subscription_id', '=', subscriptionId)
    .where('period_no', '=', periodNo)
    .where('state', '=', 'open')
    .execute()
}

function periods(tx: Tx, envId: number) {
  return tx
    .selectFrom('subscription_periods')
    .where('env_id', '=', envId)
    .select([
      'subscription_id',
      'period_no',
      'anchor_step',
      'term_no',
      'is_billed',
      'period_start',
      'period_end',
      'planned_end',
      'full_start',
      'full_end',
      'state',
    ])
}

type Row = {
  subscription_id: string
  period_no: number
  anchor_step: number
  term_no: number
  is_billed: boolean
  period_start: Date
  period_end: Date
  planned_end: Date
  full_start: Date
  full_end: Date
  state: string
}

function fromRow(row: Row): PeriodOf {
  return {
    subscriptionId: row.subscription_id,
    period: {
      no: row.period_no,
      step: row.anchor_step,
      termNo: row.term_no,
      isBilled: row.is_billed,
      start: row.period_start,
      end: row.period_end,
      plannedEnd: row.planned_end,
      fullStart: row.full_start,
      fullEnd: row.full_end,
      state: row.state as PeriodState, // a check of the table
    },
  }
}
