import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Dispute } from './dispute.ts'

export async function selectDispute(
  tx: Tx,
  envId: number,
  id: string,
): Promise<Dispute | undefined> {
  const row = await disputes(tx, envId).where('id', '=', id).executeTakeFirst()
  return row && fromRow(row)
}

export async function upsertDispute(tx: Tx, envId: number, dispute: Dispute): Promise<void> {
  const changing = {
    amount_minor: String(dispute.amountMinor),
    reason: dispute.reason,
    status: dispute.status,
    evidence_due_at: dispute.evidenceDueAt,
    closed_at: dispute.closedAt,
  }
  await tx
    .insertInto('disputes')
    .values({
      env_id: envId,
      id: dispute.id,
      payment_id: dispute.paymentId,
      currency: dispute.currency,
      opened_at: dispute.openedAt,
      ...changing,
    })
    .onConflict((conflict) => conflict.columns(['env_id', 'id']).doUpdateSet(changing))
    .execute()
}

/** Up to `limit` disputes, the newest first, those before `before`. */
export async function selectDisputes(
  tx: Tx,
  envId: number,
  page: {
    readonly limit: number
    readonly before: readonly [openedAt: string, id: string] | null
    readonly paymentId: string | null
    readonly status: Dispute['status'] | null
  },
): Promise<Dispute[]> {
  const { before, paymentId, status } = page
  let query = disputes(tx, envId)
  if (paymentId !== null) query = query.where('payment_id', '=', paymentId)
  if (status !== null) query = query.where('status', '=', status)
  if (before !== null)
    query = query.where(sql<boolean>`(opened_at, id) < (${before[0]}::timestamptz, ${before[1]})`)
  const rows = await query
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute()
  return rows.map(fromRow)
}

/** The disputes of these payments, the newest first. */
export async function selectDisputesOf(
  tx: Tx,
  envId: number,
  paymentIds: readonly string[],
): Promise<Dispute[]> {
  if (paymentIds.length === 0) return []
  const rows = await disputes(tx, envId)
    .where('payment_id', '=', sql<string>`any(${paymentIds}::text[])`)
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(fromRow)
}

function disputes(tx: Tx, envId: number) {
  return tx
    .selectFrom('disputes')
    .where('env_id', '=', envId)
    .select([
      ...(['id', 'payment_id', 'amount_minor', 'currency', 'reason', 'status'] as const),
      ...(['evidence_due_at', 'opened_at', 'closed_at'] as const),
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof disputes>['execute']>>[number]

function fromRow(row: Row): Dispute {
  return {
    id: row.id,
    paymentId: row.payment_id,
    amountMinor: BigInt(row.amount_minor),
    currency: row.currency,
    reason: row.reason,
    status: row.status as Dispute['status'], // a check of the table
    evidenceDueAt: row.evidence_due_at,
    openedAt: row.opened_at,
    closedAt: row.closed_at,
  }
}
