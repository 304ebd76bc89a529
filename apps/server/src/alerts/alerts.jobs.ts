import { ALERT_KIND } from '../credits/due-work.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Lane } from '../platform/due/worker.ts'
import type { Logger } from '../platform/log.ts'
import { type Loop, runLoop } from '../platform/loop.ts'
import { checkCustomer } from './check-customer.ts'
import { lookThroughUsage } from './look-through-usage.ts'

const LEASE_MS = 30_000
const LOOK_EVERY_MS = 1_000 // a customer who uses all the time is looked at once a second

/** Looks at customers of whom something may have to be told. */
export function alertLane({ db }: { readonly db: Database }): Lane {
  return {
    name: 'alerts',
    concurrency: 2,
    leaseMs: LEASE_MS,
    handlers: [
      {
        kind: ALERT_KIND,
        batchMax: 1, // each waits for its customer's balance, in no order
        async run(jobs) {
          for (const job of jobs) await db.inTransaction((tx) => checkCustomer(tx, job))
        },
      },
    ],
  }
}

/** Has the customers looked at whose usage was counted, until stopped. */
export function runUsageLooks(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
}): Loop {
  return runLoop(async () => {
    await lookThroughUsage(deps)
    return LOOK_EVERY_MS
  }, deps.log)
}
