import type { PayableInvoice } from '../invoicing/payable-invoices.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { scheduleMany } from '../platform/due/schedule.ts'
import { failures } from './failures.ts'
import {
  deleteHandedOver,
  insertHandedOver,
  isBilledElsewhere,
  selectHandedOver,
  writeBilledElsewhere,
} from './hand-over.store.ts'
import { handedOverWork } from './hand-over-work.ts'
import { recordedCharge } from './new-charge.ts'
import { tellOf } from './payment-facts.ts'
import { insertPayments, selectOpenCharges } from './payments.store.ts'
import { lockForPayment, markPaid } from './record-outcome.ts'

/**
 * Has invoices that are not charged here be billed by somebody else, from the next one on, or no longer (null). Whoever
 * bills them does the work `HANDED_OVER_KIND`.
 */
export async function billElsewhere(tx: Tx, envId: number, since: Date | null): Promise<void> {
  await writeBilledElsewhere(tx, envId, since)
}

/** Hands invoices over that are collected by hand, if somebody bills them. They are locked, and of none a charge is open. */
export async function handOver(
  tx: Tx,
  envId: number,
  invoices: readonly PayableInvoice[],
  now: Date,
): Promise<void> {
  if (invoices.length === 0 || !(await isBilledElsewhere(tx, envId))) return
  const ids = invoices.map(({ id }) => id)
  await insertHandedOver(tx, envId, ids, now)
  await lookAtHandedOver(tx, envId, ids, now)
}

/** Those of the invoices that somebody else has: they must not be charged here as well. */
export async function handedOver(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  return selectHandedOver(tx, envId, ids)
}

/** Throws `payment.billed_elsewhere`. */
export async function assertNotHandedOver(tx: Tx, envId: number, id: string): Promise<void> {
  if ((await selectHandedOver(tx, envId, [id])).has(id)) throw failures.billedElsewhere()
}

/** Takes invoices back of which nothing was billed. */
export async function takeBack(tx: Tx, envId: number, ids: readonly string[]): Promise<void> {
  await deleteHandedOver(tx, envId, ids)
}

/** Whoever bills these is to look at them. */
export async function lookAtHandedOver(
  tx: Tx,
  envId: number,
  ids: readonly string[],
  now: Date,
): Promise<void> {
  await scheduleMany(
    tx,
    envId,
    ids.map((id) => handedOverWork(id, now)),
  )
}

/**
 * Records that whoever bills an invoice was paid all that is due, under a name of theirs. False: it was not open any more,
 * and nothing is recorded.
 */
export async function recordPaidElsewhere(
  tx: Tx,
  envId: number,
  { invoiceId, reference }: { readonly invoiceId: string; readonly reference: string },
  now: Date,
): Promise<boolean> {
  const invoice = await lockForPayment(tx, envId, invoiceId)
  if (invoice?.status !== 'finalized' && invoice?.status !== 'failed') return false
  const [open] = await selectOpenCharges(tx, envId, [invoiceId])
  if (open) return false
  const payment = { ...recordedCharge(invoice, now), providerRef: reference }
  await insertPayments(tx, envId, [payment])
  await tellOf(tx, envId, { type: 'payment.succeeded', payment, nextAttemptAt: null }, now)
  await markPaid(tx, envId, invoice, now)
  return true
}
