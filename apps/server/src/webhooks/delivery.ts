import { nextAttemptAt } from './retry-schedule.ts'

/** The sending of one fact to one endpoint. All times are by the environment's clock. */
export type Delivery = {
  readonly id: string
  readonly endpointId: string
  readonly factId: string
  readonly type: string
  readonly state: 'pending' | 'delivered' | 'failed'
  /** Of the present series; a replay begins a new one. */
  readonly attempts: number
  readonly nextAttemptAt: Date | null
  readonly createdAt: Date
  readonly endedAt: Date | null
}

/** One try. */
export type Attempt = {
  readonly at: Date
  readonly durationMs: number
  /** Null when no answer came; then `error` says why. */
  readonly status: number | null
  readonly error: string | null
  readonly response: string | null
}

/** What an attempt makes of its delivery. */
export type Progress = Pick<Delivery, 'state' | 'attempts' | 'nextAttemptAt' | 'endedAt'>

const GONE = 410

/** Only a 2xx says that the receiver has it: a redirect would be an address that nobody has checked. */
export function isAcknowledged(attempt: Pick<Attempt, 'status'>): boolean {
  return attempt.status !== null && attempt.status >= 200 && attempt.status < 300
}

/** Whether the receiver says that it wants nothing any more. */
export function isGone(attempt: Pick<Attempt, 'status'>): boolean {
  return attempt.status === GONE
}

/**
 * How a delivery stands after an attempt. A success ends it, whatever has been decided about it
 * meanwhile; a failure puts a pending one back on the schedule or ends it after the last attempt.
 */
export function progressAfter(
  delivery: Pick<Delivery, 'state' | 'attempts' | 'nextAttemptAt' | 'endedAt'>,
  attempt: Attempt,
  retry: { readonly retryAfterMs: number | null; readonly chance: number },
): Progress {
  const attempts = delivery.attempts + 1
  if (isAcknowledged(attempt))
    return { state: 'delivered', attempts, nextAttemptAt: null, endedAt: attempt.at }
  if (delivery.state !== 'pending') return { ...delivery, attempts }
  const next = nextAttemptAt({ attempts, endedAt: attempt.at, ...retry })
  if (next === null) return { state: 'failed', attempts, nextAttemptAt: null, endedAt: attempt.at }
  return { state: 'pending', attempts, nextAttemptAt: next, endedAt: null }
}
