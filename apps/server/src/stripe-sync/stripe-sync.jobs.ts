import { HANDED_OVER_KIND } from '../payments/hand-over-work.ts'
import { type Clock, monotonicMs } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Lane } from '../platform/due/worker.ts'
import type { Logger } from '../platform/log.ts'
import { type Loop, runLoop } from '../platform/loop.ts'
import type { StripeDeps } from '../stripe/account.ts'
import { INVOICES_AT_KIND, USAGE_KIND, USAGE_OF_ALL_KIND } from '../stripe/usage-work.ts'
import { lookAtInvoicesOf } from './look-at-invoices.ts'
import { lookForUsage, tellOfAll } from './look-for-usage.ts'
import { tellInvoice } from './tell-invoice.ts'
import { tellUsage } from './tell-usage.ts'

const AT_ONCE = 8 // customers and invoices; a connection is held between calls only
const LEASE_MS = 20_000 // longer than a turn and a call; a dead worker's customers are taken over after this
const LOOK_EVERY_MS = 1_000

/** Tells Stripe what customers used, and what they owe. Calls that are slow hold up no other work with Stripe. */
export function stripeSyncLane(deps: StripeDeps & { readonly log: Logger }): Lane {
  return {
    name: 'stripe-sync',
    handlers: [
      {
        kind: USAGE_OF_ALL_KIND,
        batchMax: 1,
        async run(jobs) {
          for (const job of jobs) await deps.db.inTransaction((tx) => tellOfAll(tx, job))
        },
      },
      {
        kind: USAGE_KIND,
        batchMax: 1,
        async run(jobs) {
          for (const job of jobs) await tellUsage(job, { ...deps, stopwatch: monotonicMs })
        },
      },
      {
        kind: INVOICES_AT_KIND,
        batchMax: 1,
        async run(jobs) {
          for (const job of jobs) await deps.db.inTransaction((tx) => lookAtInvoicesOf(tx, job))
        },
      },
      {
        kind: HANDED_OVER_KIND,
        batchMax: 1,
        async run(jobs) {
          for (const job of jobs) await tellInvoice(job, { ...deps, stopwatch: monotonicMs })
        },
      },
    ],
    concurrency: AT_ONCE,
    leaseMs: LEASE_MS,
  }
}

/** Has the customers told whose usage was counted, until stopped. */
export function runUsageTelling(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
}): Loop {
  return runLoop(async () => {
    await lookForUsage(deps)
    return LOOK_EVERY_MS
  }, deps.log)
}
