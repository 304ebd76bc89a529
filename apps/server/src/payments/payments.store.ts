import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Payment, PaymentStatus, ProviderName } from './payment.ts'

/**
 * Inserts new payments, in one statement. Returns the ids of those that could be: an invoice has at
 * most one charge under way.
 */
export async function insertPayments(
  tx: Tx,
  envId: number,
  payments: readonly Payment[],
): Promise<Set<string>> {
  if (payments.length === 0) return new Set()
  const rows = payments.map((payment) => ({
    env_id: envId,
    id: payment.id,
    kind: payment.kind,
    origin: payment.origin,
    invoice_id: payment.invoiceId,
    customer: payment.customer,
    provider: payment.provider,
    method_id: payment.methodId,
    method_token: payment.methodToken,
    refund_of: payment.refundOf,
    amount_minor: String(payment.amountMinor),
    currency: payment.currency,
    status: payment.status,
    failure_code: payment.failureCode,
    provider_ref: payment.providerRef,
    created_at: payment.createdAt,
    settled_at: payment.settledAt,
  }))
  const inserted = await tx
    .insertInto('payments')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['env_id', 'invoice_id'])
        .where('kind', '=', 'charge')
        .where(sql<boolean>`status in ('pending', 'action_required')`)
        .doNothing(),
    )
    .returning('id')
    .execute()
  return new Set(inserted.map(({ id }) => id))
}

export async function selectPayment(
  tx: Tx,
  envId: number,
  id: string,
): Promise<Payment | undefined> {
  const row = await payments(tx, envId).where('id', '=', id).executeTakeFirst()
  return row && fromRow(row)
}

/** Makes whoever else asks for this row wait until we have committed. */
export async function selectPaymentForUpdate(
  tx: Tx,
  envId: number,
  id: string,
): Promise<Payment | undefined> {
  const row = await payments(tx, envId).where('id', '=', id).forUpdate().executeTakeFirst()
  return row && fromRow(row)
}

/** The charges of these invoices that have no outcome yet: at most one each. */
export async function selectOpenCharges(
  tx: Tx,
  envId: number,
  invoiceIds: readonly string[],
): Promise<Payment[]> {
  const rows = await payments(tx, envId)
    .where('invoice_id', '=', sql<string>`any(${invoiceIds}::text[])`)
    .where('kind', '=', 'charge')
    .where('status', 'in', ['pending', 'action_required'])
    .execute()
  return rows.map(fromRow)
}

/** The newest charge of each of these invoices. */
export async function selectLastCharges(
  tx: Tx,
  envId: number,
  invoiceIds: readonly string[],
): Promise<Payment[]> {
  if (invoiceIds.length === 0) return []
  const rows = await payments(tx, envId)
    .distinctOn('invoice_id')
    .where('invoice_id', '=', sql<string>`any(${invoiceIds}::text[])`)
    .where('kind', '=', 'charge')
    .orderBy('invoice_id')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(fromRow)
}

/** How often the schedule has tried to collect each of these invoices. */
export async function countScheduled(
  tx: Tx,
  envId: number,
  invoiceIds: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ invoice_id: string; tries: number }>`
    select invoice_id, count(*)::int as tries from payments
    where env_id = ${envId} and invoice_id = any(${invoiceIds}::text[])
      and kind = 'charge' and origin = 'schedule'
    group by invoice_id`.execute(tx)
  return new Map(rows.map(({ invoice_id, tries }) => [invoice_id, tries]))
}

/** The charge that paid an invoice; undefined when nobody has, or nobody recorded how. */
export async function selectPaidBy(
  tx: Tx,
  envId: number,
  invoiceId: string,
): Promise<Payment | undefined> {
  const row = await payments(tx, envId)
    .where('invoice_id', '=', invoiceId)
    .where('kind', '=', 'charge')
    .where('status', '=', 'succeeded')
    .where('is_surplus', '=', false)
    .executeTakeFirst()
  return row && fromRow(row)
}

/** The payment that a provider calls so; undefined when it is none of ours. */
export async function selectByProviderRef(
  tx: Tx,
  envId: number,
  { provider, ref }: { readonly provider: ProviderName; readonly ref: string },
): Promise<Payment | undefined> {
  const row = await payments(tx, envId)
    .where('provider', '=', provider)
    .where('provider_ref', '=', ref)
    .executeTakeFirst()
  return row && fromRow(row)
}

/** Whether any payment by this provider has no outcome yet. */
export async function isAnyOpen(tx: Tx, envId: number, provider: ProviderName): Promise<boolean> {
  const row = await payments(tx, envId)
    .where('provider', '=', provider)
    .where('status', 'in', ['pending', 'action_required'])
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Whether any payment of a customer by this provider has no outcome yet. */
export async function isAnyOpenOf(
  tx: Tx,
  envId: number,
  { provider, customer }: { readonly provider: ProviderName; readonly customer: string },
): Promise<boolean> {
  const row = await payments(tx, envId)
    .where('customer', '=', customer)
    .where('provider', '=', provider)
    .where('status', 'in', ['pending', 'action_required'])
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** What of a payment was given back or is about to be, in minor units. */
export async function sumRefunds(tx: Tx, envId: number, refundOf: string): Promise<bigint> {
  const { rows } = await sql<{ sum: string }>`
    select coalesce(sum(amount_minor), 0)::bigint as sum from payments
    where env_id = ${envId} and refund_of = ${refundOf} and status in ('pending', 'succeeded')`.execute(
    tx,
  )
  return BigInt(rows[0]?.sum ?? 0)
}

/** Up to `limit` payments, the newest first, those before `before`. */
export async function selectPayments(
  tx: Tx,
  envId: number,
  page: {
    readonly limit: number
    readonly before: readonly [createdAt: string, id: string] | null
    readonly customer: string | null
    readonly invoiceId: string | null
    readonly status: PaymentStatus | null
  },
): Promise<Payment[]> {
  const { before, customer, invoiceId, status } = page
  let query = payments(tx, envId)
  if (customer !== null) query = query.where('customer', '=', customer)
  if (invoiceId !== null) query = query.where('invoice_id', '=', invoiceId)
  if (status !== null) query = query.where('status', '=', status)
  if (before !== null)
    query = query.where(sql<boolean>`(created_at, id) < (${before[0]}::timestamptz, ${before[1]})`)
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute()
  return rows.map(fromRow)
}

/** Notes that the provider is about to be called. */
export async function updateSent(
  tx: Tx,
  envId: number,
  { id, sentAt, providerAccount }: Pick<Payment, 'id' | 'sentAt' | 'providerAccount'>,
): Promise<void> {
  await ofId(tx, envId, id).set({ sent_at: sentAt, provider_account: providerAccount }).execute()
}

export async function updateAsked(
  tx: Tx,
  envId: number,
  { id, providerRef }: Pick<Payment, 'id' | 'providerRef'>,
): Promise<void> {
  await ofId(tx, envId, id)
    .set((row) => ({ asks: row('asks', '+', 1), provider_ref: providerRef }))
    .execute()
}

export async function updateCancelAsked(tx: Tx, envId: number, id: string): Promise<void> {
  await ofId(tx, envId, id).set({ cancel_asked: true }).execute()
}

/** Writes how a payment, which the caller has locked, has gone on. */
export async function updateOutcome(tx: Tx, envId: number, payment: Payment): Promise<void> {
  await ofId(tx, envId, payment.id)
    .set({
      status: payment.status,
      failure_code: payment.failureCode,
      provider_ref: payment.providerRef,
      action_url: payment.actionUrl,
      is_surplus: payment.isSurplus,
      action_since: payment.actionSince,
      settled_at: payment.settledAt,
    })
    .execute()
}

function ofId(tx: Tx, envId: number, id: string) {
  return tx.updateTable('payments').where('env_id', '=', envId).where('id', '=', id)
}

function payments(tx: Tx, envId: number) {
  return tx
    .selectFrom('payments')
    .where('env_id', '=', envId)
    .select([
      ...(['id', 'kind', 'origin', 'invoice_id', 'customer', 'provider', 'method_id'] as const),
      ...(['method_token', 'refund_of', 'amount_minor', 'currency', 'status'] as const),
      ...([
        'provider_ref',
        'provider_account',
        'action_url',
        'is_surplus',
        'action_since',
      ] as const),
      ...(['failure_code', 'cancel_asked', 'sent_at', 'asks', 'created_at', 'settled_at'] as const),
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof payments>['execute']>>[number]

/** The casts are checks of the table. */
function fromRow(row: Row): Payment {
  return {
    id: row.id,
    kind: row.kind as Payment['kind'],
    origin: row.origin as Payment['origin'],
    invoiceId: row.invoice_id,
    customer: row.customer,
    provider: row.provider as ProviderName | null,
    methodId: row.method_id,
    methodToken: row.method_token,
    providerRef: row.provider_ref,
    providerAccount: row.provider_account,
    actionUrl: row.action_url,
    refundOf: row.refund_of,
    amountMinor: BigInt(row.amount_minor),
    currency: row.currency,
    status: row.status as PaymentStatus,
    isSurplus: row.is_surplus,
    failureCode: row.failure_code,
    isCancelAsked: row.cancel_asked,
    sentAt: row.sent_at,
    asks: row.asks,
    actionSince: row.action_since,
    createdAt: row.created_at,
    settledAt: row.settled_at,
  }
}
