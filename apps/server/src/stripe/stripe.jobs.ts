import { defer, finish } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import type { Lane } from '../platform/due/worker.ts'
import type { StripeDeps } from './account.ts'
import { followDispute } from './follow-dispute.ts'
import { followRefund } from './follow-refund.ts'
import { restoreMethods } from './restore-methods.ts'
import { RETURN_KIND } from './return-work.ts'
import { finishSetup } from './set-up-method.ts'
import { isMissing, isUndecided } from './stripe-api.ts'

/** Due when a customer has given a means to pay on a page of Stripe. Its ref is the page. */
export const SETUP_KIND = 'stripe.setup'

/** Due when something has become of a dispute. Its ref is what Stripe calls it. */
export const DISPUTE_KIND = 'stripe.dispute'

/** Due when something has become of a refund that may have succeeded before. Its ref is the payment. */
export const REFUND_KIND = 'stripe.refund'

const AT_ONCE = 2
const LEASE_MS = 60_000 // longer than Stripe may take to answer
const ASK_AGAIN_MS = 30_000

/** What has to be fetched from Stripe after it told that there is something. */
export function stripeLane(deps: StripeDeps): Lane {
  const one = (kind: string, run: (deps: StripeDeps, job: Job) => Promise<void>) => ({
    kind,
    batchMax: 1,
    async run(jobs: readonly Job[]) {
      for (const job of jobs) await run(deps, job).catch((error) => putOff(deps, job, error))
    },
  })
  return {
    name: 'stripe',
    handlers: [
      one(SETUP_KIND, finishSetup),
      one(DISPUTE_KIND, followDispute),
      one(REFUND_KIND, followRefund),
      one(RETURN_KIND, restoreMethods),
    ],
    concurrency: AT_ONCE,
    leaseMs: LEASE_MS,
  }
}

/**
 * However long Stripe is away or refuses our key: its event was taken, and does not come again. Throws what is wrong
 * with us; of what there is not, nothing remains to be done.
 */
async function putOff({ db }: StripeDeps, job: Job, error: unknown): Promise<void> {
  if (isMissing(error)) return db.inTransaction((tx) => finish(tx, [job]))
  if (!isUndecided(error)) throw error
  await db.inTransaction((tx) => defer(tx, [job], ASK_AGAIN_MS))
}
