import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { StripeInvoice, StripeInvoiceItem, StripeInvoiceState } from './stripe-invoice.ts'

export async function insertStripeInvoice(
  tx: Tx,
  envId: number,
  {
    invoice,
    items,
  }: { readonly invoice: StripeInvoice; readonly items: readonly StripeInvoiceItem[] },
): Promise<void> {
  const { invoiceId } = invoice
  await tx
    .insertInto('stripe_invoices')
    .values({
      ...{ env_id: envId, invoice_id: invoiceId, trigger_id: invoice.triggerId },
      ...{ customer: invoice.customer, currency: invoice.currency },
      amount_minor: String(invoice.amountMinor),
      created_at: invoice.createdAt,
      ...stateColumns(invoice),
    })
    .execute()
  if (items.length === 0) return
  await tx
    .insertInto('stripe_invoice_items')
    .values(
      items.map(({ itemNo, description, amountMinor, period, itemRef }) => ({
        ...{ env_id: envId, invoice_id: invoiceId, item_no: itemNo, description },
        amount_minor: String(amountMinor),
        ...{ period_start: period.from, period_end: period.to, item_ref: itemRef },
      })),
    )
    .execute()
}

/** Notes how it stands. */
export async function updateStripeInvoice(
  tx: Tx,
  envId: number,
  invoice: StripeInvoice,
): Promise<void> {
  await tx
    .updateTable('stripe_invoices')
    .set(stateColumns(invoice))
    .where('env_id', '=', envId)
    .where('invoice_id', '=', invoice.invoiceId)
    .execute()
}

function stateColumns(invoice: StripeInvoice) {
  return {
    state: invoice.state,
    reason: invoice.reason,
    reason_text: invoice.reasonText,
    attempts: invoice.attempts,
    key_no: invoice.keyNo,
    key_since: invoice.keySince,
    sent_at: invoice.sentAt,
    customer_ref: invoice.customerRef,
    invoice_ref: invoice.invoiceRef,
    invoice_status: invoice.invoiceStatus,
  }
}

/** Notes what items are called at Stripe; null: they are not there. */
export async function updateItemRefs(
  tx: Tx,
  envId: number,
  invoiceId: string,
  refs: ReadonlyMap<number, string | null>,
): Promise<void> {
  await sql`
    update stripe_invoice_items i set item_ref = r.ref
    from unnest(${[...refs.keys()]}::int[], ${[...refs.values()]}::text[]) as r (item_no, ref)
    where i.env_id = ${envId} and i.invoice_id = ${invoiceId} and i.item_no = r.item_no`.execute(tx)
}

/** Nothing of it is there any more. */
export async function clearItemRefs(tx: Tx, envId: number, invoiceId: string): Promise<void> {
  await tx
    .updateTable('stripe_invoice_items')
    .set({ item_ref: null })
    .where('env_id', '=', envId)
    .where('invoice_id', '=', invoiceId)
    .execute()
}

export async function selectStripeInvoice(
  tx: Tx,
  envId: number,
  invoiceId: string,
): Promise<StripeInvoice | undefined> {
  const row = await invoices(tx, envId).where('invoice_id', '=', invoiceId).executeTakeFirst()
  return row && fromRow(row)
}

/** The same, so that nobody else changes it before the transaction is over. */
export async function selectStripeInvoiceForUpdate(
  tx: Tx,
  envId: number,
  invoiceId: string,
): Promise<StripeInvoice | undefined> {
  const row = await invoices(tx, envId)
    .where('invoice_id', '=', invoiceId)
    .forUpdate()
    .executeTakeFirst()
  return row && fromRow(row)
}

/** Its items, in order. */
export async function selectItems(
  tx: Tx,
  envId: number,
  invoiceId: string,
): Promise<StripeInvoiceItem[]> {
  const rows = await tx
    .selectFrom('stripe_invoice_items')
    .select(['item_no', 'description', 'amount_minor', 'period_start', 'period_end', 'item_ref'])
    .where('env_id', '=', envId)
    .where('invoice_id', '=', invoiceId)
    .orderBy('item_no')
    .execute()
  return rows.map((row) => ({
    ...{ itemNo: row.item_no, description: row.description },
    ...{ amountMinor: BigInt(row.amount_minor), itemRef: row.item_ref },
    period: { from: row.period_start, to: row.period_end },
  }))
}

/** Those that wait for their customer to be linked. */
export async function selectWaitingOf(tx: Tx, envId: number, customer: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('stripe_invoices')
    .select('invoice_id')
    .where('env_id', '=', envId)
    .where('customer', '=', customer)
    .where('state', '=', 'waiting')
    .orderBy('invoice_id')
    .execute()
  return rows.map((row) => row.invoice_id)
}

/** Those of which something is still to become, without people. */
export async function selectUnfinished(tx: Tx, envId: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('stripe_invoices')
    .select('invoice_id')
    .where('env_id', '=', envId)
    .where('state', 'in', ['waiting', 'sending', 'sent', 'withdrawing'])
    .orderBy('invoice_id')
    .execute()
  return rows.map((row) => row.invoice_id)
}

/** Those of a customer of Stripe that are billed there. */
export async function selectBilledAt(
  tx: Tx,
  envId: number,
  customerRef: string,
): Promise<string[]> {
  const rows = await tx
    .selectFrom('stripe_invoices')
    .select('invoice_id')
    .where('env_id', '=', envId)
    .where('customer_ref', '=', customerRef)
    .where('state', 'in', ['sending', 'sent'])
    .orderBy('invoice_id')
    .execute()
  return rows.map((row) => row.invoice_id)
}

/** Removes those of a trigger that Stripe never heard of; returns them. */
export async function deleteWaiting(tx: Tx, envId: number, triggerId: string): Promise<string[]> {
  const { rows } = await sql<{ invoice_id: string }>`
    delete from stripe_invoices
    where env_id = ${envId} and trigger_id = ${triggerId} and state = 'waiting' returning invoice_id`.execute(
    tx,
  )
  return rows.map((row) => row.invoice_id)
}

export async function deleteStripeInvoice(tx: Tx, envId: number, invoiceId: string): Promise<void> {
  await tx
    .deleteFrom('stripe_invoices')
    .where('env_id', '=', envId)
    .where('invoice_id', '=', invoiceId)
    .execute()
}

export type InvoiceFilter = {
  readonly triggerId: string | null
  readonly customer: string | null
  readonly invoiceId: string | null
  readonly state: StripeInvoiceState | null
}

/** Up to `limit`, the newest first, those before `before`. */
export async function selectStripeInvoices(
  tx: Tx,
  envId: number,
  filter: InvoiceFilter,
  page: { readonly limit: number; readonly before: readonly [at: string, id: string] | null },
): Promise<StripeInvoice[]> {
  const { before, limit } = page
  let query = invoices(tx, envId)
  if (filter.triggerId !== null) query = query.where('trigger_id', '=', filter.triggerId)
  if (filter.customer !== null) query = query.where('customer', '=', filter.customer)
  if (filter.invoiceId !== null) query = query.where('invoice_id', '=', filter.invoiceId)
  if (filter.state !== null) query = query.where('state', '=', filter.state)
  if (before !== null)
    query = query.where(
      sql<boolean>`(created_at, invoice_id) < (${before[0]}::timestamptz, ${before[1]})`,
    )
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy('invoice_id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}

/** Refused ones of a trigger, up to `limit`, the oldest first. */
export async function selectRefusedInvoices(
  tx: Tx,
  envId: number,
  asked: { readonly triggerId: string; readonly customer: string | null; readonly limit: number },
): Promise<string[]> {
  let query = tx
    .selectFrom('stripe_invoices')
    .select('invoice_id')
    .where('env_id', '=', envId)
    .where('trigger_id', '=', asked.triggerId)
    .where('state', '=', 'refused')
  if (asked.customer !== null) query = query.where('customer', '=', asked.customer)
  const rows = await query.orderBy('created_at').orderBy('invoice_id').limit(asked.limit).execute()
  return rows.map((row) => row.invoice_id)
}

/** How many are in which state, by trigger. */
export async function countInvoiceStates(
  tx: Tx,
  envId: number,
  triggerIds: readonly string[],
): Promise<Map<string, Map<StripeInvoiceState, number>>> {
  const { rows } = await sql<{ trigger_id: string; state: StripeInvoiceState; invoices: number }>`
    select trigger_id, state, count(*)::int as invoices from stripe_invoices
    where env_id = ${envId} and trigger_id = any(${triggerIds}::text[]) group by trigger_id, state`.execute(
    tx,
  )
  const counts = new Map<string, Map<StripeInvoiceState, number>>()
  for (const { trigger_id: id, state, invoices } of rows)
    counts.set(id, (counts.get(id) ?? new Map()).set(state, invoices))
  return counts
}

function invoices(tx: Tx, envId: number) {
  return tx
    .selectFrom('stripe_invoices')
    .where('env_id', '=', envId)
    .select([
      ...(['invoice_id', 'trigger_id', 'customer', 'currency', 'amount_minor', 'state'] as const),
      ...(['reason', 'reason_text', 'attempts', 'key_no', 'key_since', 'sent_at'] as const),
      ...(['customer_ref', 'invoice_ref', 'invoice_status', 'created_at'] as const),
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof invoices>['execute']>>[number]

function fromRow(row: Row): StripeInvoice {
  return {
    invoiceId: row.invoice_id,
    triggerId: row.trigger_id,
    customer: row.customer,
    currency: row.currency,
    amountMinor: BigInt(row.amount_minor),
    state: row.state as StripeInvoiceState, // a check of the table
    reason: row.reason,
    reasonText: row.reason_text,
    attempts: row.attempts,
    keyNo: row.key_no,
    keySince: row.key_since,
    sentAt: row.sent_at,
    customerRef: row.customer_ref,
    invoiceRef: row.invoice_ref,
    invoiceStatus: row.invoice_status,
    createdAt: row.created_at,
  }
}
