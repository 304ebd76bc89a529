import {
  type Balance,
  compileRoutes,
  parseBalance,
  parseRateLimit,
  type RateLimit,
  type RateLimitOptions,
  type Route,
} from '@usageflow/policy'
import type { MeteringRule } from './metering-rule.ts'

export const MODES = ['enforce', 'shadow', 'off'] as const
/** Whether it holds, is only counted, or is not there. */
export type Mode = (typeof MODES)[number]

export const WITHOUT_ANSWER = ['allow', 'refuse'] as const
export type WithoutAnswer = (typeof WITHOUT_ANSWER)[number]

export const SHARES = ['identity', 'all'] as const
/** Whether everybody has a limit for themselves, or all have it together. */
export type Share = (typeof SHARES)[number]

/** A limit of a policy, as it was written: of a window, or a quota of a period, or what a customer may still use of a meter. */
export type PolicyLimit = WindowLimit | BalanceLimit

export type WindowLimit = {
  readonly name: string
  readonly algorithm: RateLimit['algorithm']
  readonly limit: number
  readonly window?: string | undefined
  readonly period?: RateLimitOptions['period']
  readonly per: Share
}

export type BalanceLimit = Balance & {
  readonly name: string
  /** Whether a subscription that bills the meter pays for what credits do not cover. */
  readonly planPays: boolean
  /** Nobody has the credits of another. */
  readonly per: 'identity'
}

/** A limit as it is asked for: which of its fields there must be says its algorithm. */
export type WantedLimit = {
  readonly name: string
  readonly algorithm: PolicyLimit['algorithm']
  readonly limit?: number | undefined
  readonly window?: string | undefined
  readonly period?: RateLimitOptions['period']
  readonly meter?: string | undefined
  readonly unitsPerRequest?: number | undefined
  readonly planPays?: boolean | undefined
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

/** Throws RangeError with what to change for a method, or a pattern, that would never match. */
export function assertRoute(route: Route): void {
  compileRoutes([route])
}

/** The limit that is asked for. Throws RangeError with what to change. */
export function limitFrom(wanted: WantedLimit): PolicyLimit {
  return wanted.algorithm === 'balance' ? balanceFrom(wanted) : windowFrom(wanted, wanted.algorithm)
}

function windowFrom(wanted: WantedLimit, algorithm: WindowLimit['algorithm']): WindowLimit {
  const { name, limit, window, period, per } = wanted
  assertNone(wanted, ['meter', 'unitsPerRequest', 'planPays'], 'belongs to a balance')
  if (limit === undefined) throw new RangeError('give the limit: how many requests in a window')
  const read: WindowLimit = {
    ...{ name, algorithm, limit, per },
    ...(window === undefined ? {} : { window }),
    ...(period === undefined ? {} : { period }),
  }
  readLimit(read)
  return read
}

function balanceFrom(wanted: WantedLimit): BalanceLimit {
  const { name, per, planPays = true } = wanted
  assertNone(wanted, ['limit', 'window', 'period'], 'is nothing that a balance has')
  if (per !== 'identity') throw new RangeError('a balance is of each customer: not of all together')
  return { name, ...parseBalance(wanted), planPays, per }
}

/** What would be passed over in silence is said. */
function assertNone(
  wanted: WantedLimit,
  fields: readonly (keyof WantedLimit)[],
  reason: string,
): void {
  const found = fields.find((field) => wanted[field] !== undefined)
  if (found) throw new RangeError(`leave out ${found}, which ${reason}`)
}

/** What a limit of a window comes to. Throws RangeError with what to change. */
export function readLimit({ limit, window, period, algorithm }: WindowLimit): RateLimit {
  return parseRateLimit({ limit, window, period, algorithm })
}
