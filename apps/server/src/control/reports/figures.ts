import { quantile } from '@usageflow/policy'

/** How many there were of each, by status or bucket of latency. */
export type Counts = Readonly<Record<string, number>>

/** What is known of a number of requests. */
export type Figures = {
  readonly requests: number
  /** Those that a rule wanted to meter, and that had no customer. */
  readonly unmetered: number
  readonly statuses: Counts
  /** By bucket, as `packages/policy` counts. */
  readonly latency: Counts
  readonly requestBytes: number
  readonly responseBytes: number
}

export const NO_FIGURES: Figures = {
  ...{ requests: 0, unmetered: 0, requestBytes: 0, responseBytes: 0 },
  ...{ statuses: {}, latency: {} },
}

export function addFigures(one: Figures, other: Figures): Figures {
  return {
    requests: one.requests + other.requests,
    unmetered: one.unmetered + other.unmetered,
    statuses: addCounts(one.statuses, other.statuses),
    latency: addCounts(one.latency, other.latency),
    requestBytes: one.requestBytes + other.requestBytes,
    responseBytes: one.responseBytes + other.responseBytes,
  }
}

function addCounts(one: Counts, other: Counts): Counts {
  const sum: Record<string, number> = { ...one }
  for (const [name, count] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + count
  return sum
}

/** Adds up what has the same key, in the order in which keys come first. */
export function addUp<T extends Figures>(rows: readonly T[], keyOf: (row: T) => string): T[] {
  const sums = new Map<string, T>()
  for (const row of rows) {
    const key = keyOf(row)
    const sum = sums.get(key)
    sums.set(key, sum ? { ...sum, ...addFigures(sum, row) } : row)
  }
  return [...sums.values()]
}

/** Milliseconds that so many of a hundred requests did not exceed. */
export type Latency = { readonly p50: number; readonly p95: number; readonly p99: number }

export type Summary = {
  readonly requests: number
  readonly unmetered: number
  /** By the first digit: `2xx`. */
  readonly statuses: Counts
  /** The share that was answered by 500 or more; null without requests. */
  readonly errorRate: number | null
  /** Null where no latency was told. */
  readonly latencyMs: Latency | null
  readonly requestBytes: number
  readonly responseBytes: number
}

export function summarize({ statuses, latency, ...figures }: Figures): Summary {
  const classes = classesOf(statuses)
  const answered = Object.values(classes).reduce((sum, count) => sum + count, 0)
  return {
    ...figures,
    statuses: classes,
    errorRate: answered === 0 ? null : (classes['5xx'] ?? 0) / answered,
    latencyMs: latencyOf(latency),
  }
}

function classesOf(statuses: Counts): Counts {
  const perStatus = Object.entries(statuses).map(([status, count]) => ({
    [`${status.slice(0, 1)}xx`]: count,
  }))
  return perStatus.reduce(addCounts, {})
}

const US_PER_MS = 1_000

function latencyOf(latency: Counts): Latency | null {
  const buckets = new Map(Object.entries(latency).map(([bucket, n]) => [Number(bucket), n])) // tidy: not money — names of buckets
  const at = (percent: number) => {
    const us = quantile(buckets, percent)
    return us === null ? null : us / US_PER_MS
  }
  const [p50, p95, p99] = [at(50), at(95), at(99)]
  return p50 === null || p95 === null || p99 === null ? null : { p50, p95, p99 }
}
