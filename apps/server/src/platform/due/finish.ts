import type { Tx } from '../db/transaction.ts'
import { deferDue, deleteDue, lockClaim, postponeDue } from './due.store.ts'
import { type Job, LeaseLost } from './job.ts'

/**
 * Says in the transaction of the work itself that it is done: a worker that was taken for dead finds
 * its fence passed by, throws LeaseLost, and nothing it did remains. All jobs are of one environment.
 */
export async function finish(tx: Tx, jobs: readonly Job[]): Promise<void> {
  const [first] = jobs
  if (first) await deleteDue(tx, first.envId, jobs)
}

/** Like `finish`, but the work is to be done again at `at`. */
export async function postpone(tx: Tx, job: Job, at: Date): Promise<void> {
  await postponeDue(tx, job, at)
}

/**
 * Gives work back that cannot be done yet, to be tried again after `delayMs` of real time. It stays due,
 * so that a clock that is being moved waits for it. All jobs are of one environment.
 */
export async function defer(tx: Tx, jobs: readonly Job[], delayMs: number): Promise<void> {
  const [first] = jobs
  if (first) await deferDue(tx, first.envId, jobs, delayMs)
}

/**
 * For work of several transactions: says in each of them that the claim is still ours, and keeps it so
 * until it ends. Throws LeaseLost otherwise, and then nothing of the transaction may remain.
 */
export async function holdClaim(tx: Tx, job: Job): Promise<void> {
  if (!(await lockClaim(tx, job))) throw new LeaseLost()
}
