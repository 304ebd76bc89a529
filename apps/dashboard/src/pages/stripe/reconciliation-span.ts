const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Spans that end with the last hour that is over. */
export const SPANS = {
  '24h': { label: '24 hours', ms: DAY_MS },
  '7d': { label: '7 days', ms: 7 * DAY_MS },
  '30d': { label: '30 days', ms: 30 * DAY_MS },
} as const

export type SpanName = keyof typeof SPANS | 'days'

/** What of the address says which time is compared; `from` and `to` are days of UTC, both within. */
export type SpanSearch = {
  readonly span?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

const FIRST: SpanName = '7d'

export function spanName({ span }: SpanSearch): SpanName {
  return span === 'days' || (span !== undefined && Object.hasOwn(SPANS, span))
    ? (span as SpanName)
    : FIRST
}

/** The days that are meant; those of the month so far until somebody says which. */
export function spanDays({ from, to }: SpanSearch, now: Date): { from: string; to: string } {
  const today = dayOf(now)
  const end = isDay(to) ? to : today
  return { from: isDay(from) ? from : `${end.slice(0, 8)}01`, to: end }
}

/**
 * From and up to which instant is compared, in whole hours. The hour that is under way is left out, also on a day that
 * is: Stripe sums up a moment later.
 */
export function spanOf(search: SpanSearch, now: Date): { from: string; to: string } {
  const name = spanName(search)
  const overMs = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS
  if (name !== 'days') return instants(overMs - SPANS[name].ms, overMs)
  const { from, to } = spanDays(search, now)
  return instants(Date.parse(from), Math.min(Date.parse(to) + DAY_MS, overMs))
}

function instants(fromMs: number, toMs: number) {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() }
}

function isDay(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
}

export function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10)
}
