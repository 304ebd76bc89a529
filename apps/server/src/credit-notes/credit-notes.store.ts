import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { CreditNote, CreditNoteLine, Settlement } from './credit-note.ts'

/** Takes the next number of the environment; others wait for theirs until we have committed. */
export async function takeNumber(tx: Tx, envId: number): Promise<bigint> {
  const { rows } = await sql<{ number: string }>`
    insert into credit_note_numbers (env_id, next) values (${envId}, 2)
    on conflict (env_id) do update set next = credit_note_numbers.next + 1
    returning next - 1 as number`.execute(tx)
  return BigInt(rows[0]?.number ?? 1)
}

/** The number that the next note would take. Nobody has it yet: another may take it before. */
export async function selectNextNumber(tx: Tx, envId: number): Promise<bigint> {
  const row = await tx
    .selectFrom('credit_note_numbers')
    .where('env_id', '=', envId)
    .select('next')
    .executeTakeFirst()
  return BigInt(row?.next ?? 1)
}

export async function insertNote(tx: Tx, envId: number, note: CreditNote): Promise<void> {
  const { id, number, customer, currency, settlement, reason } = note
  await tx
    .insertInto('credit_notes')
    .values({
      ...{ env_id: envId, id, number, customer, currency, settlement, reason },
      invoice_id: note.invoiceId,
      grant_id: note.grantId,
      refund_id: note.refundId,
      total_minor: note.totalMinor,
      tax_minor: note.taxMinor,
      issued_at: note.issuedAt,
    })
    .execute()
  const lines = note.lines.map(({ invoiceLineNo, amountMinor, taxMinor }) => ({
    ...{ env_id: envId, credit_note_id: id, invoice_id: note.invoiceId },
    invoice_line_no: invoiceLineNo,
    amount_minor: amountMinor,
    tax_minor: taxMinor,
  }))
  await tx.insertInto('credit_note_lines').values(lines).execute()
}

export async function selectNote(
  tx: Tx,
  envId: number,
  id: string,
): Promise<CreditNote | undefined> {
  const rows = await notes(tx, envId).where('id', '=', id).execute()
  return (await withLines(tx, envId, rows))[0]
}

/** All notes of an invoice. */
export async function selectNotesOf(
  tx: Tx,
  envId: number,
  invoiceId: string,
): Promise<CreditNote[]> {
  return withLines(tx, envId, await notes(tx, envId).where('invoice_id', '=', invoiceId).execute())
}

/** Up to `limit` notes, the newest first, those before `before`. */
export async function selectNotes(
  tx: Tx,
  envId: number,
  page: {
    readonly limit: number
    readonly before: readonly [issuedAt: string, id: string] | null
    readonly customer: string | null
    readonly invoiceId: string | null
    readonly settlement: Settlement | null
  },
): Promise<CreditNote[]> {
  const { before, customer, invoiceId, settlement } = page
  let query = notes(tx, envId)
  if (customer !== null) query = query.where('customer', '=', customer)
  if (invoiceId !== null) query = query.where('invoice_id', '=', invoiceId)
  if (settlement !== null) query = query.where('settlement', '=', settlement)
  if (before !== null)
    query = query.where(sql<boolean>`(issued_at, id) < (${before[0]}::timestamptz, ${before[1]})`)
  const rows = await query
    .orderBy('issued_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute()
  return withLines(tx, envId, rows)
}

function notes(tx: Tx, envId: number) {
  return tx
    .selectFrom('credit_notes')
    .where('env_id', '=', envId)
    .select([
      'id',
      'number',
      'invoice_id',
      'customer',
      'currency',
      'settlement',
      'grant_id',
      'refund_id',
      'reason',
      'total_minor',
      'tax_minor',
      'issued_at',
    ])
}

type NoteRow = {
  id: string
  number: string
  invoice_id: string
  customer: string
  currency: string
  settlement: string
  grant_id: string | null
  refund_id: string | null
  reason: string
  total_minor: string
  tax_minor: string
  issued_at: Date
}

async function withLines(tx: Tx, envId: number, rows: readonly NoteRow[]): Promise<CreditNote[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const found = await tx
    .selectFrom('credit_note_lines')
    .where('env_id', '=', envId)
    .where('credit_note_id', 'in', ids)
    .select(['credit_note_id', 'invoice_line_no', 'amount_minor', 'tax_minor'])
    .orderBy('invoice_line_no')
    .execute()
  const lines = new Map<string, CreditNoteLine[]>(ids.map((id) => [id, []]))
  for (const row of found)
    lines.get(row.credit_note_id)?.push({
      invoiceLineNo: row.invoice_line_no,
      amountMinor: BigInt(row.amount_minor),
      taxMinor: BigInt(row.tax_minor),
    })
  return rows.map((row) => fromRow(row, lines.get(row.id) ?? []))
}

function fromRow(row: NoteRow, lines: readonly CreditNoteLine[]): CreditNote {
  const { id, number, customer, currency, reason } = row
  return {
    ...{ id, number, customer, currency, reason, lines },
    invoiceId: row.invoice_id,
    settlement: row.settlement as Settlement, // a check of the table
    grantId: row.grant_id,
    refundId: row.refund_id,
    totalMinor: BigInt(row.total_minor),
    taxMinor: BigInt(row.tax_minor),
    issuedAt: row.issued_at,
  }
}
