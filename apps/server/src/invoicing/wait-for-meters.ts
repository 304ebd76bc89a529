import { meterKeysByNo } from '../catalog/find-meter.ts'
import { monotonicMs } from '../platform/clock.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { Logger } from '../platform/log.ts'
import type { RatedUsage } from '../rating/bill.ts'

/** The keys of the meters whose older events are not all counted, of those that were asked. */
export async function countingMeters(
  tx: Tx,
  envId: number,
  { totals }: RatedUsage,
): Promise<readonly string[]> {
  const keys = await meterKeysByNo(tx, envId, [...totals.incompleteMeters])
  return [...keys.values()].sort()
}

/** Invoices that cannot be made yet, and the keys of the meters that they wait for. */
export type Waiting = {
  readonly envId: number
  readonly invoices: number
  readonly meters: readonly string[]
}

const AGAIN_MS = 600_000
const REMEMBERED_MAX = 1_000

/**
 * Says in the log that invoices wait for meters: when it begins, and every ten minutes as long as it lasts, although
 * they are tried four times a second. Meters that are made anew are told of anew.
 */
export function createWaitLog(log: Logger, elapsedMs = monotonicMs): (waiting: Waiting) => void {
  const saidAt = new Map<string, number>()
  return (waiting) => {
    if (waiting.invoices === 0) return
    const name = JSON.stringify([waiting.envId, waiting.meters])
    const nowMs = elapsedMs()
    const before = saidAt.get(name)
    if (before !== undefined && nowMs - before < AGAIN_MS) return
    if (saidAt.size >= REMEMBERED_MAX) saidAt.clear()
    saidAt.set(name, nowMs)
    log.warn(waiting, 'invoices wait for meters that still count events older than themselves')
  }
}
