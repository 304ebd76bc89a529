import {
  compileRoutes,
  type Identity,
  identityKey,
  parseRateLimit,
  type RateLimit,
  type RouteTable,
  type Strategy,
} from '@usageflow/policy'

/** What holds for this application, as the server says it. */
export type ControlDocument = {
  readonly policies: RouteTable<Policy>
  /** Until when somebody is let through nowhere, by `identityKey`, in milliseconds of the machine's clock. */
  readonly blocks: ReadonlyMap<string, number>
}

export type Policy = {
  readonly id: string
  readonly method: string
  readonly url: string
  readonly priority: number
  readonly strategy: Strategy
  readonly isShadow: boolean
  readonly withoutAnswer: 'allow' | 'refuse'
  readonly deadlineMs: number
  readonly limits: readonly PolicyLimit[]
  readonly rules: readonly MeteringRule[]
}

export type PolicyLimit = {
  readonly name: string
  readonly rate: RateLimit
  readonly isShared: boolean
}

export type MeteringRule = {
  readonly id: string
  /** Classes of statuses, like `2xx`. */
  readonly when: readonly string[]
  readonly captures: readonly string[]
  readonly isSummable: boolean
}

export const NOTHING_HOLDS: ControlDocument = { policies: [], blocks: new Map() }

type Sent = {
  readonly now: string
  readonly strategies: readonly { readonly id: string; readonly sources: Strategy }[]
  readonly policies: readonly SentPolicy[]
  readonly blocks: readonly (Identity & { readonly until: string | null })[]
}

type SentPolicy = Omit<Policy, 'strategy' | 'isShadow' | 'limits' | 'rules'> & {
  readonly strategyId: string | null
  readonly mode: string
  readonly limits: readonly (Parameters<typeof parseRateLimit>[0] & {
    readonly name: string
    readonly per: string
  })[]
  readonly metering?: readonly MeteringRule[]
}

/** Reads the document as it came at `nowMs`. Throws for what is none: then what held before goes on holding. */
export function readControlDocument(sent: unknown, nowMs: number): ControlDocument {
  const { now, strategies, policies, blocks } = sent as Sent
  const sources = new Map(strategies.map(({ id, sources }) => [id, sources]))
  const aheadMs = Date.parse(now) - nowMs
  return {
    policies: compileRoutes(
      policies.map(({ strategyId, mode, limits, metering = [], ...policy }) => ({
        ...policy,
        strategy: sources.get(strategyId ?? '') ?? [],
        isShadow: mode === 'shadow',
        limits: limits.map(({ name, per, ...options }) => ({
          name,
          rate: parseRateLimit(options),
          isShared: per === 'all',
        })),
        rules: metering,
      })),
    ),
    blocks: new Map(
      blocks.map((block) => [
        identityKey(block),
        block.until === null ? Number.POSITIVE_INFINITY : Date.parse(block.until) - aheadMs,
      ]),
    ),
  }
}
