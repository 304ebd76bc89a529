import type { Tx } from '../db/transaction.ts'
import { upsertDue } from './due.store.ts'

/** A piece of work: `ref` says about which thing, `kind` what to do with it. One row for both. */
export type Work = {
  readonly kind: string
  readonly ref: string
  /** By the environment's clock. */
  readonly at: Date
}

/**
 * Has `work` done at its time, in the transaction that makes it necessary. Work already scheduled for
 * the same kind and ref is moved to the new time, and whoever is doing it now can no longer finish it.
 */
export async function schedule(tx: Tx, envId: number, work: Work): Promise<void> {
  await upsertDue(tx, envId, [work])
}

/** The same for many pieces of work, in one statement. */
export async function scheduleMany(tx: Tx, envId: number, work: readonly Work[]): Promise<void> {
  if (work.length > 0) await upsertDue(tx, envId, work)
}
