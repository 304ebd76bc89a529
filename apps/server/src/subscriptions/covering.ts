import type { Tx } from '../platform/db/transaction.ts'
import { type ActivePrice, selectActivePrices } from './coverage.store.ts'

/**
 * Who has a price for which of `meterIds` at some time of `[from, to)`: the intervals, not cut to that
 * time. `customers: null` asks about every customer of the environment.
 */
export async function activePrices(
  tx: Tx,
  envId: number,
  wanted: {
    readonly meterIds: readonly string[]
    readonly customers: readonly string[] | null
    readonly from: Date
    readonly to: Date
  },
): Promise<readonly ActivePrice[]> {
  const isEmpty = wanted.meterIds.length === 0 || wanted.customers?.length === 0
  return isEmpty ? [] : selectActivePrices(tx, envId, wanted)
}

export type { ActivePrice }
