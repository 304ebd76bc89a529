import { nextBackFill, saveBackFill } from '../catalog/back-fill.ts'
import { foldOlder, selectChunkEnd } from './back-fill.store.ts'
import { lockCursor } from './cursors.store.ts'
import type { RollUpDeps } from './roll-up.ts'
import { prepareWork } from './rollups.store.ts'

const EVENTS_MAX = 20_000 // a quarter of a second, which the roll-up can wait

/**
 * Counts a chunk of the events that are older than some meter, in the order of their keys, in one
 * transaction with how far it came. It holds the cursor of the roll-up meanwhile, so that both agree which
 * corrections hold. Returns false when no meter needs it or another worker is at it.
 */
export async function backFill(deps: RollUpDeps, eventsMax = EVENTS_MAX): Promise<boolean> {
  return deps.db.inTransaction(async (tx) => {
    await prepareWork(tx)
    const cursor = await lockCursor(tx, 'roll_up')
    const meter = cursor && (await nextBackFill(tx))
    if (!cursor || !meter) return false
    const upTo = await selectChunkEnd(tx, meter, eventsMax)
    await foldOlder(tx, meter, { upTo, position: cursor.position })
    await saveBackFill(tx, meter, upTo === null ? { doneAt: deps.clock() } : { after: upTo })
    return true
  })
}
