import { lookAtHandedOver } from '../payments/hand-over.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { finish, holdClaim } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import { selectBilledAt, selectUnfinished, selectWaitingOf } from './stripe-invoices.store.ts'

/** Stripe told that something has become of invoices of a customer there: ours are looked at, which is what the job is for. */
export async function lookAtInvoicesOf(tx: Tx, job: Job): Promise<void> {
  const { envId, ref: customerRef, now } = job
  await holdClaim(tx, job)
  await lookAtHandedOver(tx, envId, await selectBilledAt(tx, envId, customerRef), now)
  await finish(tx, [job])
}

/** A customer was linked: what has waited for that goes on. */
export async function billWaiting(
  tx: Tx,
  envId: number,
  customer: string,
  now: Date,
): Promise<void> {
  await lookAtHandedOver(tx, envId, await selectWaitingOf(tx, envId, customer), now)
}

/** An account was connected, or a trigger started: what has waited for that goes on. */
export async function lookAtAllInvoices(tx: Tx, envId: number, now: Date): Promise<void> {
  await lookAtHandedOver(tx, envId, await selectUnfinished(tx, envId), now)
}
