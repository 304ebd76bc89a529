import { changeInvoice } from '../invoicing/change-invoice.ts'
import { collectWork, overdueWork } from '../invoicing/collection-work.ts'
import {
  lockPayable,
  type PayableInvoice,
  subscriptionOfInvoice,
} from '../invoicing/payable-invoices.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { schedule } from '../platform/due/schedule.ts'
import { invariant } from '../platform/errors.ts'
import { later } from '../platform/instant.ts'
import { lockSubscription } from '../subscriptions/change-subscription.ts'
import { environmentSettings, nextTryAt } from './collection-settings.ts'
import { ENDED_BY_HAND, isOpen, movedOn, type Payment } from './payment.ts'
import { tellOf } from './payment-facts.ts'
import { countScheduled, selectPaymentForUpdate, updateOutcome } from './payments.store.ts'
import { giveUpTopUp, grantBought } from './top-up.ts'
import { resumePaid, suspendUnpaid } from './unpaid-suspensions.ts'

/** A payment with the invoice it is for. */
export type LockedPayment = { readonly payment: Payment; readonly invoice: PayableInvoice }

/**
 * Locks an invoice and all that the outcome of a payment of it can change, in the order that everybody
 * keeps: the subscription, then the invoice. Undefined: there is no such invoice, or it is a draft.
 */
export async function lockForPayment(
  tx: Tx,
  envId: number,
  invoiceId: string,
): Promise<PayableInvoice | undefined> {
  const subscriptionId = await subscriptionOfInvoice(tx, envId, invoiceId)
  if (subscriptionId === undefined) return undefined
  if (subscriptionId !== null) await lockSubscription(tx, envId, subscriptionId)
  return (await lockPayable(tx, envId, [invoiceId])).get(invoiceId)
}

/** The same, and then the payment. */
export async function lockPayment(
  tx: Tx,
  envId: number,
  { id, invoiceId }: Pick<Payment, 'id' | 'invoiceId'>,
): Promise<LockedPayment> {
  const invoice = await lockForPayment(tx, envId, invoiceId)
  const payment = await selectPaymentForUpdate(tx, envId, id)
  invariant(invoice !== undefined && payment !== undefined, 'a payment is of a finalized invoice')
  return { payment, invoice }
}

/** How an open payment ended. */
export type FinalOutcome =
  | { readonly status: 'succeeded' }
  | { readonly status: 'failed'; readonly failureCode: string }
  | { readonly status: 'canceled' }

/**
 * Writes how a payment ended, and everything that follows from it in the same transaction: the status of
 * the invoice, the next attempt, the suspension of the subscription or its end, and the facts. A payment
 * that has ended already stays as it is.
 */
export async function recordOutcome(
  tx: Tx,
  envId: number,
  { payment: before, invoice }: LockedPayment,
  outcome: FinalOutcome & { readonly now: Date },
): Promise<void> {
  if (!isOpen(before)) return
  const { status, now } = outcome
  const failureCode = outcome.status === 'failed' ? outcome.failureCode : null
  const ended = { ...before, actionUrl: null }
  const payment = movedOn(ended, { status, failureCode }, now)
  await updateOutcome(tx, envId, payment)
  if (payment.kind === 'refund') {
    const type = status === 'succeeded' ? 'payment.refunded' : 'payment.refund_failed'
    await tellOf(tx, envId, { type, payment, nextAttemptAt: null }, now)
  } else if (status === 'succeeded') {
    await tellOf(tx, envId, { type: 'payment.succeeded', payment, nextAttemptAt: null }, now)
    await markPaid(tx, envId, invoice, now)
  } else {
    await continueCollecting(tx, envId, { payment, invoice }, now)
  }
}

/** The invoice, locked with its subscription, has been paid: what it has bought is granted. */
export async function markPaid(
  tx: Tx,
  envId: number,
  { id, subscriptionId }: PayableInvoice,
  now: Date,
): Promise<void> {
  await changeInvoice(tx, envId, { id, step: 'pay', reason: null }, now)
  await grantBought(tx, envId, id, now)
  if (subscriptionId !== null) await resumePaid(tx, envId, { subscriptionId, invoiceId: id }, now)
}

/**
 * Amounts that no card of anybody will ever pay, and what may have been paid already: it is for people to settle them, and
 * nobody is cut off for it.
 */
const HOPELESS: ReadonlySet<string> = new Set([
  ENDED_BY_HAND,
  ...['amount_too_small', 'amount_too_large', 'amount_not_possible'],
])

/** After a charge that came to nothing: the schedule goes on, or gives up. What a person began is not repeated. */
async function continueCollecting(
  tx: Tx,
  envId: number,
  { payment, invoice }: LockedPayment,
  now: Date,
): Promise<void> {
  const type = payment.status === 'canceled' ? 'payment.canceled' : 'payment.failed'
  if (payment.origin === 'request' || invoice.status !== 'finalized') {
    await tellOf(tx, envId, { type, payment, nextAttemptAt: null }, now)
    await giveUpPurchase(tx, envId, { payment, invoice }, now)
    return
  }
  const { id, subscriptionId, dueAt, overdueAt } = invoice
  const tries = (await countScheduled(tx, envId, [id])).get(id) ?? 0
  const { retryAfterDays } = await environmentSettings(tx, envId)
  const isHopeless = HOPELESS.has(payment.failureCode ?? '')
  const nextAttemptAt = isHopeless ? null : nextTryAt(retryAfterDays, tries, now)
  await tellOf(tx, envId, { type, payment, nextAttemptAt }, now)
  if (overdueAt === null) await schedule(tx, envId, overdueWork(id, later(dueAt, now)))
  if (nextAttemptAt) {
    await schedule(tx, envId, collectWork(id, nextAttemptAt))
    return
  }
  if (isHopeless) return
  const reason = `It could not be collected in ${tries} attempts; the last one: ${payment.failureCode ?? payment.status}.`
  await changeInvoice(tx, envId, { id, step: 'fail', reason }, now)
  if (subscriptionId !== null)
    await suspendUnpaid(tx, envId, { subscriptionId, invoiceId: id }, now)
}

/** Credits that could not be charged for are not owed: their invoice is void, or, if it was credited, failed. */
async function giveUpPurchase(
  tx: Tx,
  envId: number,
  { payment, invoice: { id, creditedMinor } }: LockedPayment,
  now: Date,
): Promise<void> {
  const failureCode = payment.failureCode ?? payment.status
  if (!(await giveUpTopUp(tx, envId, { invoiceId: id, failureCode }, now))) return
  const reason = `The credits it buys could not be charged for: ${failureCode}.`
  const step = creditedMinor > 0n ? 'fail' : 'void'
  await changeInvoice(tx, envId, { id, step, reason }, now)
}
