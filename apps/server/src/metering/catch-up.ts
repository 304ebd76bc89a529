import { setTimeout as sleep } from 'node:timers/promises'
import type { Tx } from '../platform/db/transaction.ts'
import { selectMark, selectProgress } from './cursors.store.ts'
import { type RollUpDeps, rollUp } from './roll-up.ts'

const RETRY_MS = 20
const WAITS_MAX = 100 // two seconds

/**
 * The position that must be reached before everything that was committed until now is folded. Ask for it
 * in a transaction that has written nothing, or it waits for itself.
 */
export async function committedSoFar(tx: Tx): Promise<bigint> {
  return (await selectMark(tx)).next
}

/**
 * Takes turns of the roll-up until all transactions below `position` are folded, or nothing that is committed
 * is left to fold: a transaction that is under way and may yet bring an event is not waited for then. Returns
 * false when neither is so after two seconds, since an event waits behind such a transaction or another worker
 * is at it: come again later. Call it outside of any transaction of your own.
 */
export async function catchUp(
  deps: RollUpDeps,
  position: bigint,
  waitsMax = WAITS_MAX,
): Promise<boolean> {
  for (let waits = 0; ; waits++) {
    const folded = await deps.db.inTransaction(selectProgress)
    if (folded.position >= position || !folded.isWaiting) return true
    const turn = await rollUp(deps, [])
    if (turn?.isCut) waits = 0
    else if (turn === null || turn.position < position) {
      if (waits >= waitsMax) return false
      await sleep(RETRY_MS)
    }
  }
}
