import type { Stopwatch } from '../platform/clock.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { holdClaim } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import type { Logger } from '../platform/log.ts'
import type { Account, StripeDeps } from '../stripe/account.ts'
import type { Seen } from './plan-quantity.ts'
import type { SyncRecord } from './sync-record.ts'
import { updateState } from './sync-records.store.ts'

export type TellDeps = StripeDeps & { readonly log: Logger; readonly stopwatch: Stopwatch }

/** The work of one customer, in our hands. */
export type Turn = {
  readonly job: Job
  readonly deps: TellDeps
  readonly account: Account
  readonly endsMs: number
  /** Triggers by which nothing more can be told in this turn, and how long to wait; null: until something changes. */
  readonly resting: Map<string, number | null>
  /** What items were found to have, or given, in this turn, by trigger. */
  readonly seen: Map<string, Seen>
  /** When there will be something to do, by the clock of the environment, even if nothing changes. */
  readonly wakes: Date[]
}

/** Stripe knows identifiers and keys for a day. Before it is over, what is unknown is looked up instead of sent again. */
export const KNOWN_MS = 23 * 3_600_000
export const TURN_MS = 5_000 // and one call more is within the lease
export const CALL_MS = 8_000 // how long Stripe may take: with what goes before in the turn it is within the lease
export const TEXT_MAX = 500 // of what Stripe says
export const GATHER_MS = 60_000 // a customer who uses all the time costs a call a minute
export const BACK_FILL_MS = 5_000 // until events that are older than the meter are counted, which nobody hears of
export const DIGITS_MAX = 15 // that Stripe takes
export const ASK_AGAIN_MS_MAX = 60_000
const ASK_AGAIN_MS = 500

/** How long to wait after as many attempts. */
export function pauseMs(attempts: number): number {
  return Math.min(ASK_AGAIN_MS_MAX, ASK_AGAIN_MS * 2 ** attempts)
}

/** Does something in a transaction that holds the work of the customer. */
export function holding<T>({ job, deps }: Turn, work: (tx: Tx) => Promise<T>): Promise<T> {
  return deps.db.inTransaction(async (tx) => {
    await holdClaim(tx, job)
    return work(tx)
  })
}

export function storeState(turn: Turn, record: SyncRecord): Promise<void> {
  return holding(turn, (tx) => updateState(tx, turn.job.envId, record))
}
