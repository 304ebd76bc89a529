/** Where facts are sent. All times are by the environment's clock. */
export type Endpoint = {
  readonly id: string
  readonly url: string
  readonly description: string
  /** Which facts it is told; empty: all. */
  readonly eventTypes: readonly string[]
  readonly status: 'enabled' | 'disabled'
  readonly disabledReason: DisabledReason | null
  readonly pace: Pace
  readonly health: Health
  /** The receiver asked for a rest until then. */
  readonly pausedUntil: Date | null
  readonly createdAt: Date
}

/** By its owner, by answering 410, or by failing for five days. */
export type DisabledReason = 'manual' | 'gone' | 'failing'

/** The first and the last failure since the last success; null when there was none. */
export type Health = { readonly since: Date; readonly last: Date } | null

/**
 * Which of two lanes serves it. One that takes long to answer has its own places to hold, so that any
 * number of them never makes the others wait.
 */
export type Pace = 'quick' | 'slow'

/** The kind of the one due row that stands for all pending deliveries of an endpoint. */
export const DUE_KIND: Readonly<Record<Pace, string>> = {
  quick: 'webhook.endpoint',
  slow: 'webhook.endpoint.slow',
}

export const ENDPOINTS_MAX = 50

const SLOW_MS = 2_000
const HOUR_MS = 60 * 60 * 1_000
const FAILING_MS_MAX = 5 * 24 * HOUR_MS
/** The schedule never leaves a gap of more than 26.4 hours, so a longer one was a time without facts. */
const RUN_GAP_MS_MAX = 48 * HOUR_MS

/** The lane for an endpoint whose slowest attempt of late took `slowestMs`. */
export function paceOf(slowestMs: number): Pace {
  return slowestMs > SLOW_MS ? 'slow' : 'quick'
}

/**
 * Health after one more failure. Failures further than two days apart are not one run of them:
 * somebody who gets one fact a month must not lose their endpoint over two bad moments.
 */
export function afterFailure(health: Health, now: Date): NonNullable<Health> {
  const goesOn = health !== null && now.getTime() - health.last.getTime() <= RUN_GAP_MS_MAX
  return { since: goesOn ? health.since : now, last: now }
}

/** Whether an endpoint has failed for so long that it is sent nothing more. */
export function isGivenUp(health: Health): boolean {
  return health !== null && health.last.getTime() - health.since.getTime() >= FAILING_MS_MAX
}
