import type { Tx } from '../platform/db/transaction.ts'
import { schedule } from '../platform/due/schedule.ts'
import { isEndedByHand, isOpen, type ProviderName } from './payment.ts'
import { settleWork } from './payment-work.ts'
import { isAnyOpen, isAnyOpenOf, selectPayment } from './payments.store.ts'

/**
 * Has a provider be asked at once what became of a payment, because it hinted that something did. Only a
 * payment by this provider that has no outcome, or that a person ended without one, is asked for; any other hint is ignored.
 */
export async function wakePayment(
  tx: Tx,
  envId: number,
  hint: { readonly provider: ProviderName; readonly paymentId: string },
  now: Date,
): Promise<void> {
  const payment = await selectPayment(tx, envId, hint.paymentId)
  if (payment?.provider !== hint.provider) return
  if (!isOpen(payment) && !isEndedByHand(payment)) return
  await schedule(tx, envId, settleWork(payment.id, now))
}

/** Whether a provider has been asked to move money and has not said what became of it. */
export function isMovingMoney(tx: Tx, envId: number, provider: ProviderName): Promise<boolean> {
  return isAnyOpen(tx, envId, provider)
}

/** The same of what one customer pays. */
export function isMovingMoneyOf(
  tx: Tx,
  envId: number,
  of: { readonly provider: ProviderName; readonly customer: string },
): Promise<boolean> {
  return isAnyOpenOf(tx, envId, of)
}
