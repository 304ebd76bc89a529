import { compileRoutes, parseRateLimit, type RateLimit, type Route } from '@usageflow/policy'
import type { MeteringRule } from './metering-rule.ts'

export const MODES = ['enforce', 'shadow', 'off'] as const
/** Whether it holds, is only counted, or is not there. */
export type Mode = (typeof MODES)[number]

export const WITHOUT_ANSWER = ['allow', 'refuse'] as const
export type WithoutAnswer = (typeof WITHOUT_ANSWER)[number]

export const SHARES = ['identity', 'all'] as const
/** Whether everybody has a limit for themselves, or all have it together. */
export type Share = (typeof SHARES)[number]

/** A limit of a policy, as it was written. */
export type PolicyLimit = {
  readonly name: string
  readonly algorithm: RateLimit['algorithm']
  readonly limit: number
  readonly window: string
  readonly per: Share
}

/** What holds for the requests that a pattern covers. */
export type Policy = {
  readonly id: string
  readonly key: string
  readonly name: string
  /** Null: for every application. */
  readonly application: string | null
  readonly method: string
  readonly url: string
  readonly priority: number
  /** Null: callers are told apart by network. */
  readonly strategyId: string | null
  readonly mode: Mode
  /** What becomes of a request when nothing was decided within `deadlineMs`. */
  readonly withoutAnswer: WithoutAnswer
  readonly deadlineMs: number
  readonly limits: readonly PolicyLimit[]
  readonly metering: readonly MeteringRule[]
  readonly createdAt: Date
  readonly archivedAt: Date | null
}

/** Throws RangeError with what to change for a pattern that would never match. */
export function assertRoute({ method, url, priority }: Required<Route>): void {
  compileRoutes([{ method, url, priority }])
}

/** What a limit comes to. Throws RangeError with what to change. */
export function readLimit({ limit, window, algorithm }: PolicyLimit): RateLimit {
  return parseRateLimit({ limit, window, algorithm })
}
