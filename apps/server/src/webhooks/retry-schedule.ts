const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** How long after the previous attempt each attempt comes: 75 hours in all. */
const DELAYS_MS = [
  0,
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
]

export const ATTEMPTS_MAX = DELAYS_MS.length

const JITTER = 0.1
const RETRY_AFTER_MS_MAX = 24 * HOUR_MS

/**
 * When to try again after the `attempts`-th attempt (from 1) has failed at `endedAt`; null after the last.
 *
 * Never earlier than the schedule or the receiver's wish says, and up to 10 % later: `chance`, in
 * [0, 1), spreads out what failed at the same moment.
 */
export function nextAttemptAt(failed: {
  readonly attempts: number
  readonly endedAt: Date
  readonly retryAfterMs: number | null
  readonly chance: number
}): Date | null {
  const { attempts, endedAt, retryAfterMs, chance } = failed
  const scheduledMs = DELAYS_MS[attempts]
  if (scheduledMs === undefined) return null
  const delayMs = Math.max(scheduledMs, retryAfterMs ?? 0)
  return new Date(endedAt.getTime() + Math.ceil(delayMs * (1 + JITTER * chance)))
}

/**
 * The header `Retry-After`, seconds or an HTTP date, as milliseconds from the real time `systemNow`:
 * from 0 to one day. Null when it is missing or neither.
 */
export function parseRetryAfter(header: string | null, systemNow: Date): number | null {
  if (header === null) return null
  const text = header.trim()
  const ms = /^\d+$/.test(text) ? Number(text) * SECOND_MS : httpDate(text) - systemNow.getTime()
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), RETRY_AFTER_MS_MAX)
}

/** NaN for what only `Date.parse` takes for a date, like "-1", and for a date without a zone. */
function httpDate(text: string): number {
  return /^[A-Za-z]{3,9}, .* GMT$/.test(text) ? Date.parse(text) : Number.NaN
}
