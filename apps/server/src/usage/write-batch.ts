import { sqlState } from '../platform/db/database.ts'
import { type Batch, eventsOf } from './batch-queue.ts'
import type { EventIdentity } from './copy-encoder.ts'
import type { Entry } from './entry.ts'
import type { EventTable } from './events.store.ts'
import type { Fingerprint } from './fingerprint.ts'

const UNIQUE_VIOLATION = '23505'
const DEADLOCK = '40P01'

/** Who is told what became of the entries. */
export type Ledger = {
  /** Stored by this batch, for the first time. */
  recorded(entry: Entry): void
  /** Its key was stored before, with this content. */
  found(entry: Entry, fingerprint: Fingerprint): void
  /** Keys of the environment were found stored: its next events will probably collide too. */
  collided(envId: number): void
}

/**
 * Stores the events of the batch, each once, and tells what became of them. Most batches are one `COPY`.
 * One that collides, or probably would, looks first for the keys that are stored; and if a key is stored
 * in between, every row waits its turn. One event that collides never fails its neighbours.
 *
 * Rejects when PostgreSQL refuses or is gone; entries that are not settled then may be written again,
 * since their keys keep them from being stored twice.
 */
export async function writeBatch(
  table: EventTable,
  { entries, isCareful }: Batch,
  ledger: Ledger,
): Promise<void> {
  if (!isCareful && (await copied(table, entries, ledger))) return
  await tellStored(table, entries, ledger)
  const others = entries.filter((entry) => !entry.isSettled)
  if (others.length > 0 && !(await copied(table, others, ledger)))
    await writeOneByOne(table, others, ledger)
}

/** False when one of the keys is stored, and so nothing else was. */
async function copied(
  table: EventTable,
  entries: readonly Entry[],
  ledger: Ledger,
): Promise<boolean> {
  try {
    await table.copy(eventsOf(entries))
  } catch (error) {
    const state = sqlState(error)
    if (state === UNIQUE_VIOLATION || state === DEADLOCK) return false
    throw error
  }
  for (const entry of entries) ledger.recorded(entry)
  return true
}

async function tellStored(
  table: EventTable,
  entries: readonly Entry[],
  ledger: Ledger,
): Promise<void> {
  const found = await table.selectFingerprints(eventsOf(entries))
  if (found.length === 0) return
  for (const envId of new Set(found.map((identity) => identity.envId))) ledger.collided(envId)
  const stored = new Map(found.map((row) => [nameOf(row), row.fingerprint]))
  for (const entry of entries) {
    const fingerprint = stored.get(nameOf(entry.event))
    if (fingerprint !== undefined) ledger.found(entry, fingerprint)
  }
}

/** For keys that others are storing at the same time, or that the batch has twice: waits for each. */
async function writeOneByOne(
  table: EventTable,
  entries: readonly Entry[],
  ledger: Ledger,
): Promise<void> {
  const refused = new Set((await table.insertFresh(eventsOf(entries))).map(nameOf))
  const stored = new Set<string>()
  for (const entry of entries) {
    const name = nameOf(entry.event)
    if (refused.has(name) || stored.has(name)) continue // of two with one key the first was stored
    stored.add(name)
    ledger.recorded(entry)
  }
  await tellStored(
    table,
    entries.filter((entry) => !entry.isSettled),
    ledger,
  )
}

function nameOf({ envId, key }: EventIdentity): string {
  return `${envId} ${key.w0} ${key.w1} ${key.w2} ${key.w3}`
}
