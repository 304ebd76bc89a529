import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import { failures } from './failures.ts'
import { type Import, insertImport } from './imports.store.ts'

const AHEAD_MS_MAX = 5 * 60 * 1_000 // as far as a single event may be

/** Opens an import of events of `[from, to)`, however long ago. Throws `usage.import_window`. */
export async function openImport(
  tx: Tx,
  envId: number,
  window: { readonly source: string; readonly from: Date; readonly to: Date },
  now: Date,
): Promise<Import> {
  const { from, to } = window
  const isPast = from.getTime() >= 0 && from < to && to.getTime() <= now.getTime() + AHEAD_MS_MAX
  if (!isPast) throw failures.importWindow()
  return await insertImport(tx, envId, { ...window, id: newId('imp'), createdAt: now })
}
