import { majorText } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import { appendFact } from '../platform/facts/append-fact.ts'
import type { Dispute } from './dispute.ts'
import { selectDispute, upsertDispute } from './disputes.store.ts'
import type { Payment, ProviderName } from './payment.ts'
import { selectByProviderRef, selectPayment } from './payments.store.ts'
import { lockPayment } from './record-outcome.ts'

/** How a dispute stands by the provider's word. */
export type ToldDispute = Omit<Dispute, 'paymentId' | 'openedAt' | 'closedAt'> & {
  readonly provider: ProviderName
  /** What the provider calls the payment. */
  readonly paymentRef: string
  /** What the provider says that we call it; null: it says nothing. */
  readonly paymentId: string | null
}

/**
 * Records how a dispute of a payment stands, and tells of one that is new or that has ended. The invoice stays
 * paid, whatever becomes of it: whether the customer owes it again is for people to decide. A repeat changes nothing,
 * and a dispute of a payment that is none of ours is left to whoever it is of.
 */
export async function recordDispute(
  tx: Tx,
  envId: number,
  told: ToldDispute,
  now: Date,
): Promise<void> {
  const { provider, paymentRef, paymentId, ...stands } = told
  const named = paymentId === null ? undefined : await selectPayment(tx, envId, paymentId)
  const found =
    named?.provider === provider
      ? named
      : await selectByProviderRef(tx, envId, { provider, ref: paymentRef })
  if (!found) return
  const { payment } = await lockPayment(tx, envId, found)
  const before = await selectDispute(tx, envId, told.id)
  const isOpen = told.status === 'open'
  const dispute = {
    ...{ ...stands, paymentId: payment.id, openedAt: before?.openedAt ?? now },
    closedAt: isOpen ? null : (before?.closedAt ?? now),
  }
  await upsertDispute(tx, envId, dispute)
  if (!before) await tellOfDispute(tx, envId, { dispute, payment, at: now, type: 'dispute.opened' })
  if (!isOpen && (before?.status ?? 'open') === 'open')
    await tellOfDispute(tx, envId, { dispute, payment, at: now, type: 'dispute.closed' })
}

type Told = {
  readonly type: 'dispute.opened' | 'dispute.closed'
  readonly dispute: Dispute
  readonly payment: Payment
  readonly at: Date
}

async function tellOfDispute(tx: Tx, envId: number, told: Told): Promise<void> {
  const { type, dispute, payment, at } = told
  const { amountMinor, currency } = dispute
  await appendFact(tx, envId, {
    type,
    at,
    data: {
      disputeId: dispute.id,
      paymentId: payment.id,
      invoiceId: payment.invoiceId,
      customerId: payment.customer,
      provider: payment.provider,
      amount: Number(majorText(amountMinor, currency)), // tidy: not money — for show, from the exact text
      amountMinor: String(amountMinor),
      currency,
      reason: dispute.reason,
      status: dispute.status,
      evidenceDueAt: dispute.evidenceDueAt?.toISOString() ?? null,
    },
  })
}
