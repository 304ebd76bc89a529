import { decimal, formatDecimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Adjustment } from '../rating/bill.ts'

type AdjustedInvoice = {
  readonly state: { readonly id: string }
  readonly content: { readonly adjustments: readonly Adjustment[] }
}

/** Inserts what was taken off many invoices or put on them, in one statement. */
export async function insertAdjustments(
  tx: Tx,
  envId: number,
  invoices: readonly AdjustedInvoice[],
): Promise<void> {
  const rows = invoices.flatMap(({ state, content }) =>
    content.adjustments.map(({ kind, ref, name, units, tax, amountMinor }, index) => ({
      ...{ invoice_id: state.id, adjustment_no: index + 1, kind, ref, name },
      meter_id: units?.meterId ?? null,
      units: units && formatDecimal(units.quantity),
      percent: tax && formatDecimal(tax.percent),
      is_inclusive: tax?.isInclusive ?? null,
      taxable_minor: tax && String(tax.taxableMinor),
      amount_minor: String(amountMinor),
    })),
  )
  if (rows.length === 0) return
  await sql`
    insert into invoice_adjustments (env_id, invoice_id, adjustment_no, kind, ref, name, meter_id, units, percent,
      is_inclusive, taxable_minor, amount_minor)
    select ${envId}, * from json_to_recordset(${JSON.stringify(rows)}::json) as r (
      invoice_id text, adjustment_no int, kind text, ref text, name text, meter_id text, units numeric, percent numeric,
      is_inclusive boolean, taxable_minor bigint, amount_minor bigint)`.execute(tx)
}

/** The adjustments of these invoices, in their order. */
export async function selectAdjustments(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<Map<string, Adjustment[]>> {
  const rows = await tx
    .selectFrom('invoice_adjustments')
    .where('env_id', '=', envId)
    .where('invoice_id', '=', sql<string>`any(${ids}::text[])`)
    .selectAll()
    .orderBy('invoice_id')
    .orderBy('adjustment_no')
    .execute()
  const byInvoice = new Map<string, Adjustment[]>()
  for (const row of rows) {
    const adjustments = byInvoice.get(row.invoice_id)
    if (adjustments) adjustments.push(fromRow(row))
    else byInvoice.set(row.invoice_id, [fromRow(row)])
  }
  return byInvoice
}

function fromRow(row: {
  kind: string
  ref: string
  name: string
  meter_id: string | null
  units: string | null
  percent: string | null
  is_inclusive: boolean | null
  taxable_minor: string | null
  amount_minor: string
}): Adjustment {
  const { ref, name, meter_id: meterId, units, percent, taxable_minor: taxable } = row
  return {
    kind: row.kind as Adjustment['kind'], // a check of the table
    ...{ ref, name },
    units: meterId === null || units === null ? null : { meterId, quantity: decimal(units) },
    tax:
      percent === null || taxable === null
        ? null
        : {
            percent: decimal(percent),
            isInclusive: row.is_inclusive === true,
            taxableMinor: BigInt(taxable),
          },
    amountMinor: BigInt(row.amount_minor),
  }
}
