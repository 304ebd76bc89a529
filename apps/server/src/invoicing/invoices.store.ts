import { type DimensionValue, decimal, formatDecimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Slice } from '../metering/total.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { InvoiceContent, InvoiceLine, InvoiceState } from './invoice.ts'
import { insertAdjustments, selectAdjustments } from './invoice-adjustments.store.ts'

const DAY_MS = 86_400_000

/** The content of an invoice with what it is an invoice for. */
export type StoredInvoice = { readonly state: InvoiceState; readonly content: InvoiceContent }

/**
 * Takes the next `count` numbers of the environment and returns the first. Others wait for theirs until
 * we have committed, and get the same ones if we do not: so there is no gap.
 */
export async function takeNumbers(tx: Tx, envId: number, count: number): Promise<bigint> {
  const { rows } = await sql<{ first: string }>`
    insert into invoice_numbers (env_id, next) values (${envId}, 1 + ${count}::bigint)
    on conflict (env_id) do update set next = invoice_numbers.next + ${count}::bigint
    returning next - ${count}::bigint as first`.execute(tx)
  return BigInt(rows[0]?.first ?? 1)
}

/** The number that the next invoice would take. Nobody has it yet: another may take it before. */
export async function selectNextNumber(tx: Tx, envId: number): Promise<bigint> {
  const row = await tx
    .selectFrom('invoice_numbers')
    .where('env_id', '=', envId)
    .select('next')
    .executeTakeFirst()
  return BigInt(row?.next ?? 1)
}

/** What finalized invoices are called, by their ids; drafts have no number. */
export async function selectNumbers(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx
    .selectFrom('invoices')
    .where('env_id', '=', envId)
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .select(['id', 'number'])
    .execute()
  return new Map(rows.map(({ id, number }) => [id, number]))
}

/** Inserts the content of many invoices, in four statements. A second content for one is refused. */
export async function insertInvoices(
  tx: Tx,
  envId: number,
  invoices: readonly StoredInvoice[],
): Promise<void> {
  await insertHeads(tx, envId, invoices)
  const lines = invoices.flatMap(({ state, content }) =>
    content.lines.map((line) => ({ invoiceId: state.id, line })),
  )
  await insertLines(tx, envId, lines)
  await insertCoverage(tx, envId, lines)
  await insertAdjustments(tx, envId, invoices)
}

async function insertHeads(
  tx: Tx,
  envId: number,
  invoices: readonly StoredInvoice[],
): Promise<void> {
  const rows = invoices.map(({ state, content }) => ({
    id: state.id,
    number: content.number,
    customer: state.customer,
    subscription_id: state.subscriptionId,
    plan_id: content.planId,
    plan_version: content.planVersion,
    currency: content.currency,
    period_start: content.periodStart,
    period_end: content.periodEnd,
    subtotal_minor: String(content.subtotalMinor),
    true_up_minor: String(content.trueUpMinor),
    tax_minor: String(content.taxMinor),
    total_minor: String(content.totalMinor),
    amount_due_minor: String(content.amountDueMinor),
    due_at: content.dueAt,
    usage_before: String(content.usageBefore),
    late_before: content.lateBefore === null ? null : String(content.lateBefore),
    finalized_at: content.finalizedAt,
  }))
  await sql`
    insert into invoices (env_id, id, number, customer, subscription_id, plan_id, plan_version, currency,
      period_start, period_end, subtotal_minor, true_up_minor, tax_minor, total_minor, amount_due_minor, due_at,
      usage_before, late_before, finalized_at)
    select ${envId}, * from json_to_recordset(${JSON.stringify(rows)}::json) as r (
      id text, number text, customer text, subscription_id text, plan_id text, plan_version int, currency text,
      period_start timestamptz, period_end timestamptz, subtotal_minor bigint, true_up_minor bigint, tax_minor bigint,
      total_minor bigint, amount_due_minor bigint, due_at timestamptz, usage_before bigint, late_before bigint, finalized_at timestamptz)`.execute(
    tx,
  )
}

type LineOf = { readonly invoiceId: string; readonly line: InvoiceLine }

async function insertLines(tx: Tx, envId: number, lines: readonly LineOf[]): Promise<void> {
  if (lines.length === 0) return
  const rows = lines.map(({ invoiceId, line }) => ({
    invoice_id: invoiceId,
    line_no: line.lineNo,
    kind: line.kind,
    rule: line.rule,
    name: line.name,
    dimension: line.dimension,
    meter_id: line.meterId,
    meter_key: line.meterKey,
    description: line.description,
    quantity: formatDecimal(line.quantity),
    included: formatDecimal(line.included),
    credited: formatDecimal(line.credited),
    billable: formatDecimal(line.billable),
    units: formatDecimal(line.units),
    unit_price: formatDecimal(line.unitPrice),
    fixed: formatDecimal(line.fixed),
    tax_rate_id: line.taxRateId,
    discount_minor: String(line.discountMinor),
    promotional_minor: String(line.promotionalMinor),
    tax_minor: String(line.taxMinor),
    amount_minor: String(line.amountMinor),
    period_start: line.periodStart,
    period_end: line.periodEnd,
    late_period_no: line.late?.periodNo,
    late_since: line.late && String(line.late.since),
    late_difference: line.late && String(line.late.differenceMinor),
  }))
  await sql`
    insert into invoice_lines (env_id, invoice_id, line_no, kind, rule, name, dimension, meter_id, meter_key, description,
      quantity, included, credited, billable, units, unit_price, fixed, tax_rate_id, discount_minor, promotional_minor,
      tax_minor, amount_minor, period_start, period_end, late_period_no, late_since, late_difference)
    select ${envId}, * from json_to_recordset(${JSON.stringify(rows)}::json) as r (
      invoice_id text, line_no int, kind text, rule text, name text, dimension jsonb, meter_id text, meter_key text,
      description text, quantity numeric, included numeric, credited numeric, billable numeric, units numeric,
      unit_price numeric, fixed numeric, tax_rate_id text, discount_minor bigint, promotional_minor bigint,
      tax_minor bigint, amount_minor bigint,
      period_start timestamptz, period_end timestamptz, late_period_no int, late_since bigint, late_difference bigint)`.execute(
    tx,
  )
}

async function insertCoverage(tx: Tx, envId: number, lines: readonly LineOf[]): Promise<void> {
  const rows = lines.flatMap(({ invoiceId, line }) =>
    line.coverage.map(({ customer, except, from, to }, index) => ({
      invoice_id: invoiceId,
      line_no: line.lineNo,
      slice_no: index + 1,
      customer,
      except_of: except,
      used_from: from,
      used_to: to,
    })),
  )
  if (rows.length === 0) return
  await sql`
    insert into invoice_line_coverage (env_id, invoice_id, line_no, slice_no, customer, except_of, used_from, used_to)
    select ${envId}, * from json_to_recordset(${JSON.stringify(rows)}::json) as r (
      invoice_id text, line_no int, slice_no int, customer text, except_of text[],
      used_from timestamptz, used_to timestamptz)`.execute(tx)
}

/** The content of those of the invoices that are finalized, by id, with their lines. */
export async function selectContents(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<Map<string, InvoiceContent>> {
  const heads = await tx
    .selectFrom('invoices')
    .where('env_id', '=', envId)
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .selectAll()
    .execute()
  if (heads.length === 0) return new Map()
  const found = heads.map(({ id }) => id)
  const lines = await selectLines(tx, envId, found)
  const adjustments = await selectAdjustments(tx, envId, found)
  return new Map(
    heads.map((head) => [
      head.id,
      {
        number: head.number,
        planId: head.plan_id,
        planVersion: head.plan_version,
        currency: head.currency,
        periodStart: head.period_start,
        periodEnd: head.period_end,
        subtotalMinor: BigInt(head.subtotal_minor),
        trueUpMinor: BigInt(head.true_up_minor),
        taxMinor: BigInt(head.tax_minor),
        totalMinor: BigInt(head.total_minor),
        amountDueMinor: BigInt(head.amount_due_minor),
        // tidy: not money — a number of days
        netDays: Math.round((head.due_at.getTime() - head.finalized_at.getTime()) / DAY_MS),
        dueAt: head.due_at,
        usageBefore: BigInt(head.usage_before),
        lateBefore: head.late_before === null ? null : BigInt(head.late_before),
        finalizedAt: head.finalized_at,
        lines: lines.get(head.id) ?? [],
        adjustments: adjustments.get(head.id) ?? [],
      },
    ]),
  )
}

/** What is to be paid of finalized invoices, and by when: all that collecting thousands of them needs. */
export async function selectDues(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<Map<string, Pick<InvoiceContent, 'planId' | 'currency' | 'amountDueMinor'> & Due>> {
  const rows = await tx
    .selectFrom('invoices')
    .where('env_id', '=', envId)
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .select(['id', 'plan_id', 'currency', 'amount_due_minor', 'due_at'])
    .execute()
  return new Map(
    rows.map(({ id, plan_id: planId, currency, amount_due_minor, due_at: dueAt }) => [
      id,
      { planId, currency, amountDueMinor: BigInt(amount_due_minor), dueAt },
    ]),
  )
}

type Due = { readonly dueAt: Date }

/** Lines with their coverage, which is a JSON array: times as text, to the millisecond that was stored. */
async function selectLines(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<Map<string, InvoiceLine[]>> {
  const { rows } = await sql<LineRow>`
    select l.*, coalesce(c.slices, '[]') as slices from invoice_lines l
    left join lateral (
      select json_agg(json_build_object('customer', c.customer, 'except', c.except_of,
        'from', c.used_from, 'to', c.used_to) order by c.slice_no) as slices
      from invoice_line_coverage c
      where c.env_id = l.env_id and c.invoice_id = l.invoice_id and c.line_no = l.line_no
    ) c on true
    where l.env_id = ${envId} and l.invoice_id = any(${ids}::text[])
    order by l.invoice_id, l.line_no`.execute(tx)
  const byInvoice = new Map<string, InvoiceLine[]>()
  for (const row of rows) {
    const lines = byInvoice.get(row.invoice_id)
    if (lines) lines.push(lineFromRow(row))
    else byInvoice.set(row.invoice_id, [lineFromRow(row)])
  }
  return byInvoice
}

type LineRow = {
  invoice_id: string
  line_no: number
  kind: InvoiceLine['kind']
  rule: InvoiceLine['rule']
  name: string
  dimension: readonly DimensionValue[] | null
  meter_id: string | null
  meter_key: string | null
  description: string
  quantity: string
  included: string
  credited: string
  billable: string
  units: string
  unit_price: string
  fixed: string
  tax_rate_id: string | null
  discount_minor: string
  promotional_minor: string
  tax_minor: string
  amount_minor: string
  period_start: Date
  period_end: Date
  late_period_no: number | null
  late_since: string | null
  late_difference: string | null
  slices: readonly {
    readonly customer: string | null
    readonly except: readonly string[]
    readonly from: string
    readonly to: string
  }[]
}

function lineFromRow(row: LineRow): InvoiceLine {
  return {
    lineNo: row.line_no,
    kind: row.kind,
    rule: row.rule,
    name: row.name,
    dimension: row.dimension,
    meterId: row.meter_id,
    meterKey: row.meter_key,
    description: row.description,
    quantity: decimal(row.quantity),
    included: decimal(row.included),
    credited: decimal(row.credited),
    billable: decimal(row.billable),
    units: decimal(row.units),
    unitPrice: decimal(row.unit_price),
    fixed: decimal(row.fixed),
    taxRateId: row.tax_rate_id,
    discountMinor: BigInt(row.discount_minor),
    promotionalMinor: BigInt(row.promotional_minor),
    taxMinor: BigInt(row.tax_minor),
    amountMinor: BigInt(row.amount_minor),
    periodStart: row.period_start,
    periodEnd: row.period_end,
    coverage: row.slices.map(
      ({ from, to, ...slice }): Slice => ({ ...slice, from: new Date(from), to: new Date(to) }),
    ),
    late: lateFromRow(row),
  }
}

function lateFromRow(row: LineRow): InvoiceLine['late'] {
  const { late_period_no: periodNo, late_since, late_difference } = row
  if (periodNo === null || late_since === null || late_difference === null) return null
  return { periodNo, since: BigInt(late_since), differenceMinor: BigInt(late_difference) }
}
