import type { Tx } from '../platform/db/transaction.ts'
import { finish, postpone } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import { schedule } from '../platform/due/schedule.ts'
import { failures } from './failures.ts'
import { ENDED_BY_HAND, foundPaid, isEndedByHand, type Payment } from './payment.ts'
import { tellOf } from './payment-facts.ts'
import { settleWork } from './payment-work.ts'
import { selectOpenCharges, selectPayment, updateAsked, updateOutcome } from './payments.store.ts'
import type { ProviderOutcome } from './provider.ts'
import { type LockedPayment, lockPayment, markPaid, recordOutcome } from './record-outcome.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const LOOKED_FOR_MS = 30 * DAY_MS

/**
 * Ends as failed what its provider says nothing of, whether money was taken or not: from then on its invoice can be paid
 * otherwise, and is not charged by the schedule any more. What the provider still knows of it is given up there, and what went
 * through is recorded when it is found. A repeat changes nothing. Throws `payment.unknown` and `payment.not_pending`.
 */
export async function endPayment(tx: Tx, envId: number, id: string, now: Date): Promise<Payment> {
  const seen = await selectPayment(tx, envId, id)
  if (!seen) throw failures.unknown(id)
  const locked = await lockPayment(tx, envId, seen)
  const { payment } = locked
  if (isEndedByHand(payment)) return payment
  const { status, isCancelAsked } = payment
  const isStuck = status === 'pending' || (status === 'action_required' && isCancelAsked)
  if (!isStuck) throw failures.notPending(status)
  await recordOutcome(tx, envId, locked, { status: 'failed', failureCode: ENDED_BY_HAND, now })
  await schedule(tx, envId, settleWork(id, now)) // whoever is asking for it now can no longer conclude it
  return (await selectPayment(tx, envId, id)) ?? payment
}

/**
 * Records what a provider says of a payment that was ended by hand. It is asked for a month, at least once a day after the end:
 * by then whatever was on its way has arrived.
 */
export async function concludeEnded(
  tx: Tx,
  job: Job,
  locked: LockedPayment,
  outcome: ProviderOutcome,
): Promise<void> {
  const { payment } = locked
  if (!isEndedByHand(payment)) return finish(tx, [job])
  const { envId, now } = job
  if (outcome.status === 'succeeded') {
    const isWaiting = await isPaidOtherwise(tx, envId, payment)
    if (isWaiting) return postpone(tx, job, new Date(now.getTime() + HOUR_MS))
    await recordFoundPaid(tx, envId, locked, now)
    return finish(tx, [job])
  }
  const sinceMs = now.getTime() - (payment.settledAt ?? now).getTime()
  const isKnown = outcome.status === 'failed' || outcome.status === 'canceled'
  if (sinceMs >= (isKnown ? DAY_MS : LOOKED_FOR_MS)) return finish(tx, [job])
  await updateAsked(tx, envId, payment)
  await postpone(tx, job, new Date(now.getTime() + DAY_MS))
}

/** Whether another charge of its invoice is under way: only when that has an outcome is it known what the invoice is owed. */
async function isPaidOtherwise(
  tx: Tx,
  envId: number,
  { kind, invoiceId }: Payment,
): Promise<boolean> {
  return kind === 'charge' && (await selectOpenCharges(tx, envId, [invoiceId])).length > 0
}

/** It pays its invoice, if that is still owed so much; else people are told that it is to be given back. */
async function recordFoundPaid(
  tx: Tx,
  envId: number,
  { payment: before, invoice }: LockedPayment,
  now: Date,
): Promise<void> {
  const isOwed = invoice.status === 'finalized' || invoice.status === 'failed'
  const pays = isOwed && invoice.amountDueMinor === before.amountMinor
  const isSurplus = before.kind === 'charge' && !pays
  const payment = foundPaid(before, isSurplus, now)
  await updateOutcome(tx, envId, payment)
  const told = { payment, nextAttemptAt: null }
  if (payment.kind === 'refund')
    return tellOf(tx, envId, { ...told, type: 'payment.refunded' }, now)
  if (isSurplus) return tellOf(tx, envId, { ...told, type: 'payment.surplus' }, now)
  await tellOf(tx, envId, { ...told, type: 'payment.succeeded' }, now)
  await markPaid(tx, envId, invoice, now)
}
