import { sqlState } from '../platform/db/database.ts'
import { type Batch, eventsOf } from './batch-queue.ts'
import type { EventIdentity } from './copy-encoder.ts'
import type { Entry } from './entry.ts'
import type { EventTable } from './events.store.ts'

const UNIQUE_VIOLATION = '23505'
const DEADLOCK = '40P01'

/** Told of an environment whose keys were found stored: its next events will probably collide too. */
type Collided = (envId: number) => void

/**
 * Stores the events of the batch, each once, and settles their entries. Most batches are one `COPY`; one
 * that collides is written again with care, and one event that collides never fails its neighbours.
 *
 * Rejects when PostgreSQL refuses or is gone; entries that are not settled then may be written again,
 * since their keys keep them from being stored twice.
 */
export async function writeBatch(
  table: EventTable,
  { entries, isCareful }: Batch,
  collided: Collided,
): Promise<void> {
  if (!isCareful && (await copied(table, entries))) {
    for (const entry of entries) entry.settleRecorded()
  } else {
    await writeWithCare(table, entries, collided)
  }
}

/** False when one of the keys is stored, and so nothing else was. */
async function copied(table: EventTable, entries: readonly Entry[]): Promise<boolean> {
  try {
    await table.copy(eventsOf(entries))
    return true
  } catch (error) {
    const state = sqlState(error)
    if (state === UNIQUE_VIOLATION || state === DEADLOCK) return false
    throw error
  }
}

async function writeWithCare(
  table: EventTable,
  entries: readonly Entry[],
  collided: Collided,
): Promise<void> {
  const refused = await table.insertFresh(eventsOf(entries))
  const stored = new Map<string, string>() // by identity: the content that holds the key
  if (refused.length > 0)
    for (const found of await table.selectFingerprints(refused))
      stored.set(nameOf(found), found.fingerprint)
  const missing = new Set(refused.map(nameOf).filter((name) => !stored.has(name)))
  for (const envId of new Set(refused.map((identity) => identity.envId))) collided(envId)
  for (const entry of entries) settle(entry, stored, missing)
}

/** Of two entries with one key the first was stored, which the second then finds. */
function settle(entry: Entry, stored: Map<string, string>, missing: ReadonlySet<string>): void {
  if (entry.event === null) return
  const name = nameOf(entry.event)
  const fingerprint = stored.get(name)
  if (fingerprint !== undefined) entry.settleStored(fingerprint)
  else if (!missing.has(name)) {
    stored.set(name, entry.fingerprint)
    entry.settleRecorded()
  } // else refused, and erased before we looked: it is written again
}

function nameOf({ envId, key }: EventIdentity): string {
  return `${envId} ${key}`
}
