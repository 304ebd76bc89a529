import type { Tx } from '../db/transaction.ts'
import { upsertDue, upsertDueNoLater } from './due.store.ts'

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

/**
 * Has the work done at its time or earlier, and disturbs nobody: work already scheduled earlier stays
 * so, and whoever is doing it now can finish it. They must look, in the transaction in which they
 * finish, for what has come meanwhile. Work that was given up gets another try.
 */
export async function scheduleNoLater(tx: Tx, envId: number, work: readonly Work[]): Promise<void> {
  // In one order everywhere: two that schedule the same work must not wait for each other.
  const inOrder = work.toSorted((a, b) => (a.ref < b.ref ? -1 : 1))
  if (inOrder.length > 0) await upsertDueNoLater(tx, envId, inOrder)
}
