import type { Tx } from '../db/transaction.ts'
import { updateStopped } from './environment-clocks.store.ts'

/** Nothing falls due any more in these environments, and nobody is told anything. */
export async function stopClocks(tx: Tx, envIds: readonly number[]): Promise<void> {
  for (const envId of envIds) await updateStopped(tx, envId, true)
}

/** They go on at the time it is now: what fell due meanwhile is due at once. */
export async function startClocks(tx: Tx, envIds: readonly number[]): Promise<void> {
  for (const envId of envIds) await updateStopped(tx, envId, false)
}
