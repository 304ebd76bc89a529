import type { Database } from '../db/database.ts'
import type { Sealer } from './seal.ts'
import { type SealedPlace, selectOthers, updateSealed } from './sealed-places.store.ts'

export type { SealedPlace } from './sealed-places.store.ts'

/** How many secrets of a place were sealed anew, and what could not be opened with any of the keys. */
export type Resealed = {
  readonly what: string
  readonly resealed: number
  readonly lost: readonly string[]
}

const AT_ONCE = 500

/**
 * Seals under the first key whatever is under another, of all tenants: a few at a time, so that a server may run meanwhile.
 * May be interrupted, and run twice at once. What no key opens stays as it is.
 */
export async function reseal(db: Database, sealer: Sealer, place: SealedPlace): Promise<Resealed> {
  const lost: string[] = []
  let resealed = 0
  for (;;) {
    const found = await db.inTransaction(async (tx) => {
      const rows = await selectOthers(tx, sealer, place, { skipped: lost.length, limit: AT_ONCE })
      for (const row of rows) {
        const context = place.context(row)
        const secret = secretOf(sealer, row.sealed as Buffer, context)
        if (secret === null) lost.push(context)
        else await updateSealed(tx, place, { row, sealed: sealer.seal(secret, context) })
      }
      return rows.length
    })
    resealed += found
    if (found === 0) return { what: place.what, resealed: resealed - lost.length, lost }
  }
}

function secretOf(sealer: Sealer, sealed: Buffer, context: string): string | null {
  try {
    return sealer.open(sealed, context)
  } catch {
    return null
  }
}
