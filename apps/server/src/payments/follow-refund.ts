import type { Tx } from '../platform/db/transaction.ts'
import { type Payment, type ProviderName, sentBack } from './payment.ts'
import { tellOf } from './payment-facts.ts'
import { selectPayment, updateOutcome } from './payments.store.ts'
import { lockPayment } from './record-outcome.ts'

/** A refund by this provider that has succeeded; null: it is none, has no outcome yet, or has failed. */
export async function succeededRefund(
  tx: Tx,
  envId: number,
  { id, provider }: { readonly id: string; readonly provider: ProviderName },
): Promise<Payment | null> {
  const payment = await selectPayment(tx, envId, id)
  if (payment?.provider !== provider) return null
  return payment.kind === 'refund' && payment.status === 'succeeded' ? payment : null
}

/**
 * Records that a bank has sent back a refund that had succeeded, and tells of it: what it gave back can be given back
 * again. A repeat changes nothing.
 */
export async function recordSentBack(
  tx: Tx,
  envId: number,
  { refund, failureCode }: { readonly refund: Payment; readonly failureCode: string },
  now: Date,
): Promise<void> {
  const { payment: before } = await lockPayment(tx, envId, refund)
  if (before.status !== 'succeeded') return
  const payment = sentBack(before, failureCode, now)
  await updateOutcome(tx, envId, payment)
  await tellOf(tx, envId, { type: 'payment.refund_failed', payment, nextAttemptAt: null }, now)
}
