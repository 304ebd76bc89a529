import type { Database } from '../../platform/db/database.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { deleteOldDecisions } from './decisions.store.ts'
import { deleteSilentEndpoints } from './endpoints.store.ts'
import { deleteOldLosses } from './losses.store.ts'
import { deleteSilentProducers } from './producers.store.ts'
import { deleteOldSamples } from './samples.store.ts'
import { deleteOldCustomers, deleteOldTotals } from './statistics.store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export const MINUTES_DAYS = 2
export const HOURS_DAYS = 90
const SAMPLES_DAYS = 7
/** Warnings are of a day. */
const LOSSES_DAYS = 2
/** Longer than a row counts: of a report that comes after that nothing counts, whether or not its number is known. */
const PRODUCERS_DAYS = 7

const FORGOTTEN_AT_ONCE = 10_000 // a report that wants one of them waits no longer than this takes

/** Forgets what is older than it is kept. Returns how many rows went. May run twice at once, and beside reports. */
export async function forgetReports(db: Database, systemNow: Date): Promise<number> {
  const before = (days: number) => new Date(systemNow.getTime() - days * DAY_MS)
  const stores: ((tx: Tx, limit: number) => Promise<number>)[] = [
    (tx, limit) => deleteOldTotals(tx, 'minute', before(MINUTES_DAYS), limit),
    (tx, limit) => deleteOldTotals(tx, 'hour', before(HOURS_DAYS), limit),
    (tx, limit) => deleteOldCustomers(tx, before(HOURS_DAYS), limit),
    (tx, limit) => deleteOldDecisions(tx, before(HOURS_DAYS), limit),
    (tx, limit) => deleteOldSamples(tx, before(SAMPLES_DAYS), limit),
    (tx, limit) => deleteOldLosses(tx, before(LOSSES_DAYS), limit),
    (tx, limit) => deleteSilentProducers(tx, before(PRODUCERS_DAYS), limit),
    (tx, limit) => deleteSilentEndpoints(tx, before(HOURS_DAYS + 1), limit), // its hours have gone before
  ]
  let forgotten = 0
  for (const store of stores) forgotten += await forgetAll(db, store)
  return forgotten
}

async function forgetAll(
  db: Database,
  store: (tx: Tx, limit: number) => Promise<number>,
): Promise<number> {
  let forgotten = 0
  for (;;) {
    const count = await db.inTransaction((tx) => store(tx, FORGOTTEN_AT_ONCE))
    forgotten += count
    if (count < FORGOTTEN_AT_ONCE) return forgotten
  }
}
