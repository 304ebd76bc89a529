import { type Decimal, decimal, formatDecimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** One purchase of credits: what is granted when its invoice is paid. */
export type TopUp = {
  readonly invoiceId: string
  readonly autoTopUpId: string
  readonly customer: string
  readonly meterId: string | null
  readonly currency: string
  readonly amount: Decimal
}

/** Of one setting, one purchase is open at a time: the database refuses a second. */
export async function insertTopUp(tx: Tx, envId: number, topUp: TopUp, now: Date): Promise<void> {
  await tx
    .insertInto('top_ups')
    .values({
      env_id: envId,
      invoice_id: topUp.invoiceId,
      auto_top_up_id: topUp.autoTopUpId,
      customer: topUp.customer,
      meter_id: topUp.meterId,
      currency: topUp.currency,
      amount: formatDecimal(topUp.amount),
      status: 'open',
      created_at: now,
    })
    .execute()
}

/** The settings of a customer for which a purchase is under way. */
export async function selectOpen(tx: Tx, envId: number, customer: string): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('top_ups')
    .where('env_id', '=', envId)
    .where('customer', '=', customer)
    .where('status', '=', 'open')
    .select('auto_top_up_id')
    .execute()
  return new Set(rows.map((row) => row.auto_top_up_id))
}

/** Those of the invoices that buy credits. */
export async function selectTopUpInvoices(
  tx: Tx,
  envId: number,
  invoiceIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('top_ups')
    .where('env_id', '=', envId)
    .where('invoice_id', '=', sql<string>`any(${invoiceIds}::text[])`)
    .select('invoice_id')
    .execute()
  return new Set(rows.map((row) => row.invoice_id))
}

/** The purchase by an invoice, which the caller has locked, while it is under way. */
export async function selectOpenOf(
  tx: Tx,
  envId: number,
  invoiceId: string,
): Promise<TopUp | undefined> {
  const row = await tx
    .selectFrom('top_ups')
    .where('env_id', '=', envId)
    .where('invoice_id', '=', invoiceId)
    .where('status', '=', 'open')
    .select(['invoice_id', 'auto_top_up_id', 'customer', 'meter_id', 'currency', 'amount'])
    .executeTakeFirst()
  if (!row) return undefined
  return {
    invoiceId: row.invoice_id,
    autoTopUpId: row.auto_top_up_id,
    customer: row.customer,
    meterId: row.meter_id,
    currency: row.currency,
    amount: decimal(row.amount),
  }
}

/** Ends a purchase that is under way: with the credit that was granted, or, with null, in vain. */
export async function updateEnded(
  tx: Tx,
  envId: number,
  invoiceId: string,
  creditId: string | null,
): Promise<void> {
  await tx
    .updateTable('top_ups')
    .set({ status: creditId === null ? 'failed' : 'granted', credit_id: creditId })
    .where('env_id', '=', envId)
    .where('invoice_id', '=', invoiceId)
    .where('status', '=', 'open')
    .execute()
}
