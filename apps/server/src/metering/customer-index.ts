import {
  boundByRows,
  lockCursor,
  type Mark,
  selectHorizon,
  selectMark,
  updateCursor,
} from './cursors.store.ts'
import { indexRange } from './customer-index.store.ts'
import { asOfAt, remember } from './marks.ts'
import type { RollUpDeps, Turn } from './roll-up.ts'
import { prepareWork } from './rollups.store.ts'

const EVENTS_MAX = 20_000 // a tenth of a second, which the roll-up can wait

/**
 * Takes the index of events by customer and time a step further, with a cursor of its own, since nothing
 * is wrong while it is behind: who reads it looks for the rest elsewhere. Returns null when another worker
 * is at it.
 */
export async function indexCustomers(
  deps: RollUpDeps,
  marks: Mark[],
  eventsMax = EVENTS_MAX,
): Promise<Turn | null> {
  return deps.db.inTransaction(async (tx) => {
    await prepareWork(tx)
    remember(marks, await selectMark(tx))
    const cursor = await lockCursor(tx, 'customer_index')
    if (!cursor) return null
    const horizon = await selectHorizon(tx)
    if (horizon <= cursor.position) return { ...cursor, events: 0, isCut: false }
    const to = await boundByRows(tx, { from: cursor.position, to: horizon }, eventsMax)
    const events = await indexRange(tx, { from: cursor.position, to })
    const asOf = asOfAt(marks, to) ?? cursor.asOf
    await updateCursor(tx, 'customer_index', { position: to, asOf })
    return { events, position: to, asOf, isCut: to < horizon }
  })
}
