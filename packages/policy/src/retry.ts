/** A failed try to reach the server. `status` is `null` if there was no answer. */
export type FailedTry = {
  /** 1 for the first. */
  readonly attempt: number
  readonly status: number | null
  /** The header as it came, if it came. */
  readonly retryAfter?: string | undefined
}

const DELAY_MS_FIRST = 500
const DELAY_MS_MAX = 60_000
/** Of the delay, added by chance, so that what failed together does not come back together. */
const JITTER = 0.5
/** What a server may ask for at most: whoever asks for a day has made a mistake. */
const RETRY_AFTER_MS_MAX = 3_600_000

const RETRIED: ReadonlySet<number> = new Set([408, 425, 429])
const DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'

/**
 * How long to wait before the same is sent again under the same key, or `null` if it never will be
 * accepted. Doubles from half a second to a minute, and longer if the server asks for it. `random` is
 * from 0 to below 1.
 */
export function retryDelayMs(failed: FailedTry, random: number, nowMs: number): number | null {
  if (!isRetried(failed)) return null
  const backoffMs = Math.min(DELAY_MS_MAX, DELAY_MS_FIRST * 2 ** Math.min(failed.attempt - 1, 20))
  const askedMs = parseRetryAfter(failed.retryAfter ?? '', nowMs) ?? 0
  return Math.floor(Math.max(backoffMs, askedMs) * (1 + JITTER * random))
}

/** No answer, and answers that say: not now. A conflict does so if it says until when. */
function isRetried({ status, retryAfter }: FailedTry): boolean {
  if (status === null || status >= 500 || RETRIED.has(status)) return true
  return status === 409 && retryAfter !== undefined
}

/** Seconds, or a date of HTTP; at most an hour, and 0 for what is past. `null` for anything else. */
export function parseRetryAfter(header: string, nowMs: number): number | null {
  const waitMs = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : (dateOf(header) ?? NaN) - nowMs
  return Number.isNaN(waitMs) ? null : Math.min(RETRY_AFTER_MS_MAX, Math.max(0, waitMs))
}

function dateOf(header: string): number | null {
  const [, day, month = '', year, hour, minute, second] = DATE.exec(header) ?? []
  if (day === undefined) return null
  const monthIndex = MONTHS.indexOf(month) / 3
  return Date.UTC(
    Number(year),
    monthIndex,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
}
