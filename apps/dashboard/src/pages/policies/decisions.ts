import type { PolicyDecisions, PolicySums } from '../../api/records.ts'
import { formatQuantity, formatShare } from '../../ui/format.ts'

type Mode = PolicySums['modes'][number]['mode']
type Counts = Omit<PolicySums['modes'][number], 'mode'>

const NOTHING: Counts = { refused: 0, allowedWithoutAnswer: 0, refusedWithoutAnswer: 0 }

/** Requests that did not get through, or would not have. */
export function refusals({ refused, refusedWithoutAnswer }: Counts): number {
  return refused + refusedWithoutAnswer
}

/** What was done in one mode, all of it together. */
export function sumOf(rows: readonly (Counts & { readonly mode: Mode })[], mode: Mode): Counts {
  return rows
    .filter((row) => row.mode === mode)
    .reduce<Counts>(
      (sum, row) => ({
        refused: sum.refused + row.refused,
        allowedWithoutAnswer: sum.allowedWithoutAnswer + row.allowedWithoutAnswer,
        refusedWithoutAnswer: sum.refusedWithoutAnswer + row.refusedWithoutAnswer,
      }),
      NOTHING,
    )
}

/** Like `0.3 %`; null where there is nothing to be a part of. More than all is all: reports and limits count for themselves. */
export function shareOf(count: number, requests: number | null): string | null {
  if (requests === null || requests === 0) return null
  return formatShare(Math.min(1, count / requests))
}

/**
 * Like `12 of 4,000 requests (0.3%)`. A request that several limits refuse counts for each of them, so of several
 * limits it says "up to".
 */
export function refusalWords(
  { requests, limits }: Pick<PolicyDecisions, 'requests' | 'limits'>,
  mode: Mode,
): string {
  const ofMode = limits.filter((limit) => limit.mode === mode)
  const count = refusals(sumOf(ofMode, mode))
  const upTo = ofMode.filter((limit) => refusals(limit) > 0).length > 1 ? 'up to ' : ''
  const share = shareOf(count, requests)
  if (share === null || requests === null) return `${upTo}${wordsOf(count)}`
  return `${upTo}${formatQuantity(String(count))} of ${wordsOf(requests)} (${share})`
}

function wordsOf(count: number): string {
  return `${formatQuantity(String(count))} ${count === 1 ? 'request' : 'requests'}`
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export type Step = 'hour' | 'day'

/** A stretch of time, and how many requests did not get through in it, or would not have. */
export type Bucket = { readonly from: string; readonly to: string; readonly count: number }

/** Every hour or day of UTC from `from` to `to`, also those in which nothing was refused. */
export function bucketsOf(
  { from, to, hours }: Pick<PolicyDecisions, 'from' | 'to' | 'hours'>,
  step: Step,
): readonly Bucket[] {
  const stepMs = step === 'hour' ? HOUR_MS : DAY_MS
  const firstMs = Math.floor(Date.parse(from) / stepMs) * stepMs
  const count = Math.ceil((Date.parse(to) - firstMs) / stepMs)
  const counts = new Map<number, number>()
  for (const hour of hours) {
    const at = Math.floor((Date.parse(hour.startsAt) - firstMs) / stepMs)
    counts.set(at, (counts.get(at) ?? 0) + refusals(hour))
  }
  return Array.from({ length: count }, (_, at) => ({
    from: new Date(firstMs + at * stepMs).toISOString(),
    to: new Date(firstMs + (at + 1) * stepMs).toISOString(),
    count: counts.get(at) ?? 0,
  }))
}
