import { changeInvoice, type StepByHand } from '../invoicing/change-invoice.ts'
import { failures as invoiceFailures } from '../invoicing/failures.ts'
import { statusAfter } from '../invoicing/invoice.ts'
import type { PayableInvoice } from '../invoicing/payable-invoices.ts'
import { getInvoice } from '../invoicing/read-invoice.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { schedule } from '../platform/due/schedule.ts'
import { failures } from './failures.ts'
import { assertNotHandedOver, handedOver, lookAtHandedOver } from './hand-over.ts'
import { newCharge, newRefund, recordedCharge } from './new-charge.ts'
import { isOpen, type Payment } from './payment.ts'
import { tellOf } from './payment-facts.ts'
import { selectDefaults } from './payment-methods.store.ts'
import { settleWork } from './payment-work.ts'
import {
  insertPayments,
  selectOpenCharges,
  selectPaidBy,
  selectPayment,
  sumRefunds,
  updateCancelAsked,
} from './payments.store.ts'
import { lockForPayment, lockPayment, markPaid } from './record-outcome.ts'
import { decideTestCharge } from './sandbox-charges.store.ts'
import { giveUpTopUp } from './top-up.ts'
import { resumePaid } from './unpaid-suspensions.ts'

/** An invoice with its content, as invoicing has it. */
type WholeInvoice = Awaited<ReturnType<typeof getInvoice>>

/**
 * Records that somebody saw all that is due of an invoice come in. Throws `invoice.unknown`,
 * `invoice.step_impossible` and, while a charge is under way, `payment.under_way`.
 */
export async function recordPaid(
  tx: Tx,
  envId: number,
  invoiceId: string,
  now: Date,
): Promise<WholeInvoice> {
  const invoice = await lockedWithoutCharge(tx, envId, invoiceId, 'pay')
  const payment = recordedCharge(invoice, now)
  await insertPayments(tx, envId, [payment])
  await tellOf(tx, envId, { type: 'payment.succeeded', payment, nextAttemptAt: null }, now)
  await markPaid(tx, envId, invoice, now)
  await tellElsewhere(tx, envId, invoiceId, now)
  return getInvoice(tx, envId, invoiceId)
}

/**
 * Records that an invoice failed or is void; it is not collected any more. What its subscription was
 * suspended for ends with an invoice that is void. Throws like `recordPaid`.
 */
export async function recordUnpaid(
  tx: Tx,
  envId: number,
  taken: {
    readonly id: string
    readonly step: Exclude<StepByHand, 'pay'>
    readonly reason: string
  },
  now: Date,
): Promise<WholeInvoice> {
  const { id, step } = taken
  const { subscriptionId } = await lockedWithoutCharge(tx, envId, id, step)
  const changed = await changeInvoice(tx, envId, taken, now)
  if (step === 'void') await giveUpTopUp(tx, envId, { invoiceId: id, failureCode: 'voided' }, now)
  if (step === 'void' && subscriptionId !== null)
    await resumePaid(tx, envId, { subscriptionId, invoiceId: id }, now)
  if (step === 'void') await tellElsewhere(tx, envId, id, now)
  return changed
}

/** Whoever bills it as well is to take that back. */
async function tellElsewhere(tx: Tx, envId: number, invoiceId: string, now: Date): Promise<void> {
  await lookAtHandedOver(tx, envId, [...(await handedOver(tx, envId, [invoiceId]))], now)
}

/**
 * Begins to charge the customer's default method for an invoice, whatever its schedule. Throws
 * `invoice.unknown`, `payment.not_collectable`, `payment.under_way`, `payment.billed_elsewhere` and `payment.no_method`.
 */
export async function collectNow(
  tx: Tx,
  envId: number,
  invoiceId: string,
  now: Date,
): Promise<Payment> {
  const invoice = await lockForPayment(tx, envId, invoiceId)
  if (!invoice) throw await whyNotCollectable(tx, envId, invoiceId)
  const { status, customer, amountDueMinor } = invoice
  if ((status !== 'finalized' && status !== 'failed') || amountDueMinor === 0n)
    throw failures.notCollectable(status)
  await assertNoCharge(tx, envId, invoiceId)
  await assertNotHandedOver(tx, envId, invoiceId)
  const method = (await selectDefaults(tx, envId, [customer])).get(customer)
  if (!method) throw failures.noMethod(customer)
  const payment = newCharge(invoice, method, 'request', now)
  await insertPayments(tx, envId, [payment])
  await schedule(tx, envId, settleWork(payment.id, now))
  return payment
}

/**
 * Begins to give a payment back, or a part of it; the invoice stays paid. Throws `payment.unknown`,
 * `payment.not_refundable` and `payment.refund_too_large`.
 */
export async function refundPayment(
  tx: Tx,
  envId: number,
  wanted: { readonly id: string; readonly amountMinor: bigint | null },
  now: Date,
): Promise<Payment> {
  const { payment: charge } = await lockPayment(tx, envId, await getPayment(tx, envId, wanted.id))
  if (charge.kind !== 'charge' || charge.status !== 'succeeded')
    throw failures.notRefundable(charge.status)
  const leftMinor = charge.amountMinor - (await sumRefunds(tx, envId, charge.id))
  const amountMinor = wanted.amountMinor ?? leftMinor
  if (amountMinor <= 0n || amountMinor > leftMinor) throw failures.refundTooLarge(String(leftMinor))
  const payment = newRefund(charge, amountMinor, now)
  await insertPayments(tx, envId, [payment])
  if (isOpen(payment)) await schedule(tx, envId, settleWork(payment.id, now))
  else await tellOf(tx, envId, { type: 'payment.refunded', payment, nextAttemptAt: null }, now)
  return payment
}

/**
 * Begins to give back a part of what an invoice was paid with; null when no payment of it is recorded. Throws
 * `payment.refund_too_large`.
 */
export async function refundInvoice(
  tx: Tx,
  envId: number,
  wanted: { readonly invoiceId: string; readonly amountMinor: bigint },
  now: Date,
): Promise<Payment | null> {
  const { invoiceId, amountMinor } = wanted
  const charge = await selectPaidBy(tx, envId, invoiceId)
  return charge ? refundPayment(tx, envId, { id: charge.id, amountMinor }, now) : null
}

/**
 * Has a charge given up that waits for its customer. The provider has the last word: what has gone
 * through meanwhile stays. Throws `payment.unknown` and `payment.not_waiting`.
 */
export async function cancelPayment(
  tx: Tx,
  envId: number,
  id: string,
  now: Date,
): Promise<Payment> {
  const payment = await lockedWaiting(tx, envId, id)
  await updateCancelAsked(tx, envId, id)
  await schedule(tx, envId, settleWork(id, now))
  return { ...payment, isCancelAsked: true }
}

/**
 * Does at the test provider what its customer would do, and has it be asked now what became of the charge. Throws
 * `payment.not_of_test_provider` and what `cancelPayment` throws.
 */
export async function actForCustomer(
  tx: Tx,
  envId: number,
  { id, outcome }: { readonly id: string; readonly outcome: 'succeeded' | 'declined' },
  now: Date,
): Promise<Payment> {
  const { provider } = await getPayment(tx, envId, id)
  if (provider !== 'test') throw failures.notOfTestProvider(id, provider)
  const payment = await lockedWaiting(tx, envId, id)
  await schedule(tx, envId, settleWork(id, now))
  await decideTestCharge(tx, envId, id, outcome)
  return payment
}

/** Throws `payment.unknown`. */
export async function getPayment(tx: Tx, envId: number, id: string): Promise<Payment> {
  const payment = await selectPayment(tx, envId, id)
  if (!payment) throw failures.unknown(id)
  return payment
}

async function lockedWaiting(tx: Tx, envId: number, id: string): Promise<Payment> {
  const { payment } = await lockPayment(tx, envId, await getPayment(tx, envId, id))
  if (payment.status !== 'action_required') throw failures.notWaiting(payment.status)
  return payment
}

async function lockedWithoutCharge(
  tx: Tx,
  envId: number,
  id: string,
  step: StepByHand,
): Promise<PayableInvoice> {
  const invoice = await lockForPayment(tx, envId, id)
  if (!invoice) throw await whyNot(tx, envId, id, step)
  statusAfter(invoice.status, step)
  await assertNoCharge(tx, envId, id)
  return invoice
}

async function assertNoCharge(tx: Tx, envId: number, invoiceId: string): Promise<void> {
  const [open] = await selectOpenCharges(tx, envId, [invoiceId])
  if (open) throw failures.underWay(open.id)
}

/** Of an invoice that is a draft, or that there is not. */
async function whyNot(tx: Tx, envId: number, id: string, step: StepByHand): Promise<Error> {
  const { state } = await getInvoice(tx, envId, id)
  return invoiceFailures.stepImpossible(state.status, step, [])
}

async function whyNotCollectable(tx: Tx, envId: number, id: string): Promise<Error> {
  const { state } = await getInvoice(tx, envId, id)
  return failures.notCollectable(state.status)
}
