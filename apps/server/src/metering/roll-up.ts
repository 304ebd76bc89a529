import { goLive } from '../catalog/back-fill.ts'
import { seeCustomers } from '../customers/see-customers.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import {
  adjustSums,
  hasCorrections,
  rebuildHours,
  selectCorrectedHours,
} from './corrections.store.ts'
import {
  boundByRows,
  type Cursor,
  lockCursor,
  type Mark,
  selectHorizon,
  selectMark,
  updateCursor,
} from './cursors.store.ts'
import { insertCorrectedLate } from './late-hours.store.ts'
import { asOfAt, remember } from './marks.ts'
import { foldGroups, foldRange, prepareWork, type XidRange } from './rollups.store.ts'

export type RollUpDeps = { readonly db: Database; readonly clock: Clock }

/** What one turn of the roll-up did. */
export type Turn = {
  readonly events: number
  readonly position: bigint
  readonly asOf: Date
  /** More was waiting than one turn takes. */
  readonly isCut: boolean
}

const EVENTS_MAX = 200_000 // about a second of folding, and a bound on what PostgreSQL holds in memory
const TRANSACTIONS_UNCOUNTED = 64 // so few hold no more events than that: ingest commits 4,000 at a time
const HOURS_AT_ONCE = 2_000

/**
 * Folds what has been committed since the last turn into the buckets, in one transaction with the cursor:
 * a crash at any instant leaves both or neither. Returns null when another worker is at it. `marks` is
 * the worker's memory of which transactions had begun when.
 */
export async function rollUp(deps: RollUpDeps, marks: Mark[]): Promise<Turn | null> {
  return deps.db.inTransaction(async (tx) => {
    await prepareWork(tx)
    remember(marks, await selectMark(tx))
    const cursor = await lockCursor(tx, 'roll_up')
    if (!cursor) return null
    return takeTurn(tx, cursor, { marks, now: deps.clock() })
  })
}

async function takeTurn(
  tx: Tx,
  cursor: Cursor,
  { marks, now }: { marks: readonly Mark[]; now: Date },
): Promise<Turn> {
  await goLive(tx, cursor.position)
  const horizon = await selectHorizon(tx)
  const range = { from: cursor.position, to: await endOfTurn(tx, cursor.position, horizon) }
  const seen = await foldGroups(tx, range)
  await seeCustomers(tx, seen.newCustomers, now)
  if (seen.events > 0) await foldRange(tx, range, seen.envIds)
  await applyCorrections(tx, range)
  const asOf = asOfAt(marks, range.to) ?? cursor.asOf
  await updateCursor(tx, 'roll_up', { position: range.to, asOf })
  return { events: seen.events, position: range.to, asOf, isCut: range.to < horizon }
}

async function endOfTurn(tx: Tx, position: bigint, horizon: bigint): Promise<bigint> {
  if (horizon <= position) return position // it stands still while an old transaction is under way
  if (horizon - position <= TRANSACTIONS_UNCOUNTED) return horizon
  return boundByRows(tx, { from: position, to: horizon }, EVENTS_MAX)
}

/** After folding, which adds events as they were sent. */
async function applyCorrections(tx: Tx, range: XidRange): Promise<void> {
  if (!(await hasCorrections(tx, range))) return
  await adjustSums(tx, range)
  await insertCorrectedLate(tx, range)
  const hours = await selectCorrectedHours(tx, range)
  for (let at = 0; at < hours.length; at += HOURS_AT_ONCE)
    await rebuildHours(tx, hours.slice(at, at + HOURS_AT_ONCE), range.to)
}
