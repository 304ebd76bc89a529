import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { selectImport } from './imports.store.ts'
import type { ImportWindow } from './record-events.ts'

const FRESH_MS = 1_000 // an import that was reverted takes events for so long at most
const ENTRIES_MAX = 1_000

type Entry = { readonly window: Promise<ImportWindow | null>; readonly untilMs: number }

/** Finds the windows of imports, and remembers each for a second, since every event of one asks. */
export function createImportWindows(
  db: Database,
  clock: Clock,
): (envId: number, importId: string) => Promise<ImportWindow | null> {
  const entries = new Map<string, Entry>()
  return (envId, importId) => {
    const name = `${envId} ${importId}`
    const nowMs = clock().getTime()
    const known = entries.get(name)
    if (known && nowMs < known.untilMs) return known.window
    if (entries.size >= ENTRIES_MAX) entries.clear()
    const window = db.inTransaction((tx) => findWindow(tx, envId, importId))
    entries.set(name, { window, untilMs: nowMs + FRESH_MS })
    window.catch(() => entries.delete(name)) // an outage is not remembered
    return window
  }
}

async function findWindow(
  tx: Parameters<typeof selectImport>[0],
  envId: number,
  importId: string,
): Promise<ImportWindow | null> {
  const found = await selectImport(tx, envId, importId)
  return (
    found && {
      importNo: found.importNo,
      fromUs: found.from.getTime() * 1_000,
      toUs: found.to.getTime() * 1_000,
      isReverted: found.revertedAt !== null,
    }
  )
}
