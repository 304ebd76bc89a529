import type { Identity } from '@usageflow/policy'
import type { Application } from '../application.ts'
import type { Figures } from './figures.ts'

/** Which of the routes of an application. Null: the framework had none, as for what it does not find. */
export type RouteName = { readonly method: string; readonly route: string | null }

/** What one process tells of what it has seen since its last report. */
export type Report = {
  readonly application: string
  /** The process, by the name that it made when it started. */
  readonly producer: string
  /** 1 for its first report, and one more each time. */
  readonly sequence: number
  /** What has sent it, like `express/0.1.0 node/20.19.1`. */
  readonly agent: string
  /** What the framework has. */
  readonly routes: readonly RouteName[]
  readonly statistics: readonly StatisticsRow[]
  readonly decisions: readonly DecisionsRow[]
  readonly samples: readonly Sample[]
  /** What became of usage since the process began; null: not told. */
  readonly usage: UsageTotals | null
}

/** Whose report it is, and when it came. */
export type Reporter = {
  readonly envId: number
  readonly application: Application
  readonly systemNow: Date
}

/** Requests of one customer to one route in a minute. */
export type StatisticsRow = RouteName &
  Figures & {
    readonly minute: Date
    /** Null: nobody known. */
    readonly customerId: string | null
  }

/** What one limit did with the requests of one identity in a minute. */
export type DecisionsRow = {
  readonly minute: Date
  readonly policyId: string | null
  /** Of a limit in the code of the host. */
  readonly pattern: string | null
  readonly limit: string
  readonly mode: 'enforce' | 'shadow'
  /** Null: all together. */
  readonly identity: Identity | null
} & DecisionCounts

export type DecisionCounts = {
  /** In `shadow`: would have been. */
  readonly refused: number
  readonly allowedWithoutAnswer: number
  readonly refusedWithoutAnswer: number
}

/** One request. What is null was not told. */
export type Sample = RouteName & {
  readonly at: Date
  readonly status: number
  readonly durationMs: number
  readonly requestBytes: number | null
  readonly responseBytes: number | null
  readonly customerId: string | null
  readonly clientAddress: string | null
  readonly userAgent: string | null
  readonly queryNames: readonly string[]
}

export type UsageTotals = {
  readonly produced: number
  readonly delivered: number
  readonly queued: number
  readonly refused: number
  readonly dropped: number
}

const LATE_MS_MAX = 24 * 3_600_000
const EARLY_MS_MAX = 5 * 60_000

/**
 * Whether what happened then still counts. What is later or earlier comes from a clock that is off, or from a process that was
 * away for so long that its number may be forgotten: then nobody could tell whether it was counted before.
 */
export function counts(at: Date, systemNow: Date): boolean {
  const ageMs = systemNow.getTime() - at.getTime()
  return ageMs <= LATE_MS_MAX && ageMs >= -EARLY_MS_MAX
}
