import { majorText } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import { appendFact } from '../platform/facts/append-fact.ts'
import type { Payment } from './payment.ts'

/** What can happen to a payment, as others are told. */
export type PaymentFact = {
  readonly type:
    | 'payment.succeeded'
    | 'payment.failed'
    | 'payment.action_required'
    | 'payment.canceled'
    | 'payment.surplus'
    | 'payment.refunded'
    | 'payment.refund_failed'
  /** As it is after the change. */
  readonly payment: Payment
  /** When the schedule tries again; null: it does not, because of this one. */
  readonly nextAttemptAt: Date | null
}

/** Tells of a change in its own transaction. */
export async function tellOf(tx: Tx, envId: number, fact: PaymentFact, at: Date): Promise<void> {
  const { payment, nextAttemptAt } = fact
  await appendFact(tx, envId, {
    type: fact.type,
    at,
    data: {
      paymentId: payment.id,
      kind: payment.kind,
      origin: payment.origin,
      invoiceId: payment.invoiceId,
      customerId: payment.customer,
      amount: jsonAmount(payment),
      amountMinor: String(payment.amountMinor),
      currency: payment.currency,
      provider: payment.provider,
      paymentMethodId: payment.methodId,
      refundOf: payment.refundOf,
      status: payment.status,
      failureCode: payment.failureCode,
      actionUrl: payment.actionUrl,
      nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    },
  })
}

/** The amount in the major unit, as a JSON number, for those who only show it; `amountMinor` is exact. */
function jsonAmount({ amountMinor, currency }: Payment): number {
  return Number(majorText(amountMinor, currency)) // tidy: not money — for show, from the exact text
}
