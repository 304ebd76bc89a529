import { forgetLate } from '../metering/late-usage.ts'
import type { Database } from '../platform/db/database.ts'
import { type LateHour, selectLateHours } from './late-hours.store.ts'

const HOURS_AT_ONCE = 500 // each asks for the periods of a few subscriptions

/**
 * Forgets the hours in which late usage was noted and that everybody who pays for it has looked at since: no invoice
 * to come looks there again. An hour of a period that is not invoiced yet stays. Returns how many went. Happening
 * twice or at the same time, the second finds nothing; what is noted anew meanwhile stays.
 */
export async function pruneLateHours(db: Database, atOnce = HOURS_AT_ONCE): Promise<number> {
  let forgotten = 0
  let after: LateHour | null = null
  do {
    const page: readonly (LateHour & { readonly isSeen: boolean })[] = await db.inTransaction(
      async (tx) => {
        const hours = await selectLateHours(tx, { after, limit: atOnce })
        forgotten += await forgetLate(
          tx,
          hours.filter(({ isSeen }) => isSeen),
        )
        return hours
      },
    )
    after = page.at(atOnce - 1) ?? null
  } while (after !== null)
  return forgotten
}
