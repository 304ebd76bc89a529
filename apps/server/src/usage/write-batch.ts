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
 * Stores the events of the batch, each once, and tells what became of them. Most batches are one `COPY`;
 * one that collides is written again with care, and one event that collides never fails its neighbours.
 *
 * Rejects when PostgreSQL refuses or is gone; entries that are not settled then may be written again,
 * since their keys keep them from being stored twice.
 */
export async function writeBatch(
  table: EventTable,
  { entries, isCareful }: Batch,
  ledger: Ledger,
): Promise<void> {
  if (!isCareful && (await copied(table, entries))) {
    for (const entry of entries) ledger.recorded(entry)
  } else {
    await writeWithCare(table, entries, ledger)
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
  ledger: Ledger,
): Promise<void> {
  const refused = await table.insertFresh(eventsOf(entries))
  const stored = new Map<string, Fingerprint>() // by identity: the content that holds the key
  if (refused.length > 0)
    for (const found of await table.selectFingerprints(refused))
      stored.set(nameOf(found), found.fingerprint)
  const missing = new Set(refused.map(nameOf).filter((name) => !stored.has(name)))
  for (const envId of new Set(refused.map((identity) => identity.envId))) ledger.collided(envId)
  for (const entry of entries) settle(entry, { stored, missing, ledger })
}

type Findings = {
  readonly stored: Map<string, Fingerprint>
  readonly missing: ReadonlySet<string>
  readonly ledger: Ledger
}

/** Of two entries with one key the first was stored, which the second then finds. */
function settle(entry: Entry, { stored, missing, ledger }: Findings): void {
  const name = nameOf(entry.event)
  const fingerprint = stored.get(name)
  if (fingerprint !== undefined) ledger.found(entry, fingerprint)
  else if (!missing.has(name)) {
    stored.set(name, entry.event.fingerprint)
    ledger.recorded(entry)
  } // else refused, and erased before we looked: it is written again
}

function nameOf({ envId, key }: EventIdentity): string {
  return `${envId} ${key.w0} ${key.w1} ${key.w2} ${key.w3}`
}
