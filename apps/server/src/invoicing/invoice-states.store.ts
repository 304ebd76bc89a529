import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { InvoiceState, Status, ThresholdState } from './invoice.ts'
import { conditionsOf, type InvoiceFilter } from './invoice-conditions.store.ts'

/** Inserts drafts; returns the ids of those whose period had no invoice of their kind yet. */
export async function insertDrafts(
  tx: Tx,
  envId: number,
  drafts: readonly InvoiceState[],
): Promise<Set<string>> {
  const rows = drafts.map((draft) => ({
    invoice_id: draft.id,
    customer: draft.customer,
    subscription_id: draft.subscriptionId,
    period_no: draft.periodNo,
    kind: draft.kind,
    status: draft.status,
    at: draft.createdAt,
  }))
  const { rows: inserted } = await sql<{ invoice_id: string }>`
    insert into invoice_states (env_id, invoice_id, customer, subscription_id, period_no, kind, part_no, status,
      created_at, changed_at)
    select ${envId}, invoice_id, customer, subscription_id, period_no, kind, case when kind in ('threshold', 'late') then (
        select 1 + count(*) from invoice_states s where s.env_id = ${envId}
          and s.subscription_id = r.subscription_id and s.period_no = r.period_no and s.kind = r.kind) else 0 end,
      status, at, at
    from json_to_recordset(${JSON.stringify(rows)}::json) as r (
      invoice_id text, customer text, subscription_id text, period_no int, kind text, status text, at timestamptz)
    on conflict on constraint one_invoice_per_period do nothing
    returning invoice_id`.execute(tx)
  return new Set(inserted.map((row) => row.invoice_id))
}

export async function selectState(
  tx: Tx,
  envId: number,
  id: string,
): Promise<InvoiceState | undefined> {
  const row = await states(tx, envId).where('invoice_id', '=', id).executeTakeFirst()
  return row && fromRow(row)
}

/** The threshold invoices of these periods that are not void, in the order in which they were made. */
export async function selectThresholdStates(
  tx: Tx,
  envId: number,
  refs: readonly { readonly subscriptionId: string; readonly periodNo: number }[],
): Promise<ThresholdState[]> {
  if (refs.length === 0) return []
  const rows = await states(tx, envId)
    .where('kind', '=', 'threshold')
    .where('status', '<>', 'void')
    .where(
      sql<boolean>`(subscription_id, period_no) in (select * from unnest(
        ${refs.map(({ subscriptionId }) => subscriptionId)}::text[],
        ${refs.map(({ periodNo }) => periodNo)}::int[]))`,
    )
    .orderBy('part_no')
    .execute()
  return rows.map((row) => fromRow(row) as ThresholdState) // as the query asks
}

/** The invoices of any kind that are of these periods. */
export async function selectIdsOfPeriods(
  tx: Tx,
  envId: number,
  refs: readonly { readonly subscriptionId: string; readonly periodNo: number }[],
): Promise<string[]> {
  const rows = await tx
    .selectFrom('invoice_states')
    .where('env_id', '=', envId)
    .where(
      sql<boolean>`(subscription_id, period_no) in (select * from unnest(
        ${refs.map(({ subscriptionId }) => subscriptionId)}::text[],
        ${refs.map(({ periodNo }) => periodNo)}::int[]))`,
    )
    .select('invoice_id')
    .execute()
  return rows.map((row) => row.invoice_id)
}

/** The first invoices of a subscription for a period and those that follow, in the order of their periods. */
export async function selectStatesSince(
  tx: Tx,
  envId: number,
  {
    subscriptionId,
    periodNo,
    limit,
  }: { readonly subscriptionId: string; readonly periodNo: number; readonly limit: number },
): Promise<InvoiceState[]> {
  const rows = await states(tx, envId)
    .where('subscription_id', '=', subscriptionId)
    .where('period_no', '>=', periodNo)
    .orderBy('period_no')
    .orderBy('created_at')
    .orderBy('invoice_id')
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}

/** Those that were made of its period before a threshold invoice, and were not void then. */
export async function selectEarlierThresholds(
  tx: Tx,
  envId: number,
  { state, finalizedAt }: { readonly state: ThresholdState; readonly finalizedAt: Date },
): Promise<ThresholdState[]> {
  const rows = await states(tx, envId)
    .where('kind', '=', 'threshold')
    .where('subscription_id', '=', state.subscriptionId)
    .where('period_no', '=', state.periodNo)
    .where(
      sql<boolean>`part_no < (
        select m.part_no from invoice_states m where m.env_id = ${envId} and m.invoice_id = ${state.id})`,
    )
    .where(sql<boolean>`(status <> 'void' or changed_at > ${finalizedAt})`)
    .orderBy('part_no')
    .execute()
  return rows.map((row) => fromRow(row) as ThresholdState) // as the query asks
}

/** Whether the invoice of a period is no draft any more. */
export async function isPeriodInvoiced(
  tx: Tx,
  envId: number,
  { subscriptionId, periodNo }: { readonly subscriptionId: string; readonly periodNo: number },
): Promise<boolean> {
  const row = await states(tx, envId)
    .where('subscription_id', '=', subscriptionId)
    .where('period_no', '=', periodNo)
    .where('kind', '=', 'period')
    .where('status', '<>', 'draft')
    .executeTakeFirst()
  return row !== undefined
}

/** Makes whoever else asks for this row wait until we have committed. */
export async function selectStateForUpdate(
  tx: Tx,
  envId: number,
  id: string,
): Promise<InvoiceState | undefined> {
  const row = await states(tx, envId).where('invoice_id', '=', id).forUpdate().executeTakeFirst()
  return row && fromRow(row)
}

/** The same for many, in the order of their ids; unknown ones are left out. */
export async function selectStatesForUpdate(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<InvoiceState[]> {
  const rows = await states(tx, envId)
    .where('invoice_id', '=', sql<string>`any(${ids}::text[])`)
    .orderBy('invoice_id')
    .forUpdate()
    .execute()
  return rows.map(fromRow)
}

/** Those of the invoices that are drafts. */
export async function selectDrafts(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<InvoiceState[]> {
  const rows = await states(tx, envId)
    .where('invoice_id', '=', sql<string>`any(${ids}::text[])`)
    .where('status', '=', 'draft')
    .execute()
  return rows.map(fromRow)
}

/** The last period of a subscription that was invoiced, by its number. */
export async function selectLastInvoiced(
  tx: Tx,
  envId: number,
  subscriptionId: string,
): Promise<number | null> {
  const row = await states(tx, envId)
    .where('subscription_id', '=', subscriptionId)
    .where('kind', '=', 'period')
    .where('status', '<>', 'draft')
    .orderBy('period_no', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.period_no ?? null
}

/** All drafts of a subscription. */
export async function selectDraftsOf(
  tx: Tx,
  envId: number,
  subscriptionId: string,
): Promise<InvoiceState[]> {
  const rows = await states(tx, envId)
    .where('subscription_id', '=', subscriptionId)
    .where('status', '=', 'draft')
    .execute()
  return rows.map(fromRow)
}

/** Up to `limit` invoices for periods of a subscription, the newest period first; void ones are left out. */
export async function selectPeriodStates(
  tx: Tx,
  envId: number,
  { subscriptionId, limit }: { readonly subscriptionId: string; readonly limit: number },
): Promise<InvoiceState[]> {
  const rows = await states(tx, envId)
    .where('subscription_id', '=', subscriptionId)
    .where('kind', '=', 'period')
    .where('status', '<>', 'void')
    .orderBy('period_no', 'desc')
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}

/** Up to `limit` invoices, the newest first, those before `before`. */
export async function selectStates(
  tx: Tx,
  envId: number,
  page: InvoiceFilter & {
    readonly limit: number
    readonly before: readonly [createdAt: string, id: string] | null
  },
): Promise<InvoiceState[]> {
  const { before } = page
  let query = states(tx, envId)
  for (const condition of conditionsOf(envId, page)) query = query.where(condition)
  if (before !== null)
    query = query.where(
      sql<boolean>`(created_at, invoice_id) < (${before[0]}::timestamptz, ${before[1]})`,
    )
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy('invoice_id', 'desc')
    .limit(page.limit)
    .execute()
  return rows.map(fromRow)
}

/** Up to `limit` invoices of a customer that are no drafts, the newest first, those before `before`. */
export async function selectFinalStates(
  tx: Tx,
  envId: number,
  page: {
    readonly customer: string
    readonly limit: number
    readonly before: readonly [createdAt: string, id: string] | null
  },
): Promise<InvoiceState[]> {
  const { customer, before } = page
  let query = states(tx, envId).where('customer', '=', customer).where('status', '<>', 'draft')
  if (before !== null)
    query = query.where(
      sql<boolean>`(created_at, invoice_id) < (${before[0]}::timestamptz, ${before[1]})`,
    )
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy('invoice_id', 'desc')
    .limit(page.limit)
    .execute()
  return rows.map(fromRow)
}

/**
 * Moves invoices from one status to the next. Returns how many stood in `from`: another number than
 * was asked for means that somebody else was faster, and the transaction must not commit.
 */
export async function updateStatus(
  tx: Tx,
  envId: number,
  ids: readonly string[],
  step: {
    readonly from: Status
    readonly to: Status
    readonly reason: string | null
    readonly at: Date
  },
): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('invoice_states')
    .set((row) => ({
      status: step.to,
      reason: step.reason,
      version: row('version', '+', 1),
      changed_at: step.at,
    }))
    .where('env_id', '=', envId)
    .where('invoice_id', '=', sql<string>`any(${ids}::text[])`)
    .where('status', '=', step.from)
    .executeTakeFirst()
  return Number(numUpdatedRows) // tidy: not money — a count of rows
}

/** Notes that invoices, which the caller has locked, are unpaid after they were due. */
export async function updateOverdue(
  tx: Tx,
  envId: number,
  ids: readonly string[],
  at: Date,
): Promise<void> {
  await tx
    .updateTable('invoice_states')
    .set((row) => ({ overdue_at: at, version: row('version', '+', 1) }))
    .where('env_id', '=', envId)
    .where('invoice_id', '=', sql<string>`any(${ids}::text[])`)
    .execute()
}

/** Adds to what credit notes took back of an invoice. */
export async function updateCredited(
  tx: Tx,
  envId: number,
  id: string,
  { amountMinor, at }: { readonly amountMinor: bigint; readonly at: Date },
): Promise<void> {
  await tx
    .updateTable('invoice_states')
    .set((row) => ({
      credited_minor: sql<string>`credited_minor + ${String(amountMinor)}::bigint`,
      version: row('version', '+', 1),
      changed_at: at,
    }))
    .where('env_id', '=', envId)
    .where('invoice_id', '=', id)
    .execute()
}

function states(tx: Tx, envId: number) {
  return tx
    .selectFrom('invoice_states')
    .where('env_id', '=', envId)
    .select([
      'invoice_id',
      'customer',
      'subscription_id',
      'period_no',
      'kind',
      'status',
      'reason',
      'version',
      'overdue_at',
      'credited_minor',
      'created_at',
    ])
}

type Row = {
  invoice_id: string
  customer: string
  subscription_id: string | null
  period_no: number | null
  kind: string
  status: string
  reason: string | null
  version: number
  overdue_at: Date | null
  credited_minor: string
  created_at: Date
}

/** The casts are checks of the table. */
function fromRow(row: Row): InvoiceState {
  const state = {
    id: row.invoice_id,
    customer: row.customer,
    subscriptionId: row.subscription_id,
    periodNo: row.period_no,
    kind: row.kind,
    status: row.status,
    reason: row.reason,
    version: row.version,
    overdueAt: row.overdue_at,
    creditedMinor: BigInt(row.credited_minor),
    createdAt: row.created_at,
  }
  return state as InvoiceState
}
