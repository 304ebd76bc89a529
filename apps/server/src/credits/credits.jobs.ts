import type { Database } from '../platform/db/database.ts'
import { finish } from '../platform/due/finish.ts'
import type { Lane } from '../platform/due/worker.ts'
import { HOLD_EXPIRY_KIND, LAPSE_KIND } from './due-work.ts'
import { updateExpired } from './holds.store.ts'
import { lapse } from './lapse-credits.ts'

const HOLDS_AT_ONCE = 200
const LEASE_MS = 30_000

/** The work of credits that falls due: a grant is over, a hold was forgotten. */
export function creditLane({ db }: { readonly db: Database }): Lane {
  return {
    name: 'credits',
    concurrency: 1,
    leaseMs: LEASE_MS,
    handlers: [
      {
        kind: LAPSE_KIND,
        batchMax: 1, // each waits for its customer's balance, in no order
        async run(jobs) {
          for (const job of jobs) await db.inTransaction((tx) => lapse(tx, job))
        },
      },
      {
        kind: HOLD_EXPIRY_KIND,
        batchMax: HOLDS_AT_ONCE,
        run: (jobs) =>
          db.inTransaction(async (tx) => {
            const [first] = jobs
            if (!first) return
            const refs = jobs.map(({ ref }) => ref)
            await updateExpired(tx, first.envId, refs, first.now)
            await finish(tx, jobs)
          }),
      },
    ],
  }
}
