import {
  compileRoutes,
  type Identity,
  identityKey,
  type Limit,
  type LimitOptions,
  parseLimit,
  type RouteTable,
  type Strategy,
} from '@usageflow/policy'

/** What holds for this application, as the server says it. */
export type ControlDocument = {
  readonly policies: RouteTable<Policy>
  /** Of all that callers are told by. */
  readonly sources: ReadonlySet<Strategy[number]['from']>
  /** Until when somebody is let through nowhere, by `identityKey`, in milliseconds of the machine's clock. */
  readonly blocks: ReadonlyMap<string, number>
  /** What is not understood, and does not hold: as from a server that is newer than this package. */
  readonly troubles: readonly string[]
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
  readonly rate: Limit
  readonly isShared: boolean
}

export type MeteringRule = {
  readonly id: string
  /** Classes of statuses, like `2xx`. */
  readonly when: readonly string[]
  readonly captures: readonly string[]
  readonly isSummable: boolean
}

export const NOTHING_HOLDS: ControlDocument = {
  policies: [],
  sources: new Set(),
  blocks: new Map(),
  troubles: [],
}

type Sent = {
  readonly now: string
  readonly strategies: readonly { readonly id: string; readonly sources: Strategy }[]
  readonly policies: readonly SentPolicy[]
  readonly blocks: readonly (Identity & { readonly until: string | null })[]
}

type SentPolicy = Omit<Policy, 'strategy' | 'isShadow' | 'limits' | 'rules'> & {
  readonly strategyId: string | null
  readonly mode: string
  readonly limits: readonly SentLimit[]
  readonly metering?: readonly MeteringRule[]
}

type SentLimit = LimitOptions & { readonly name: string; readonly per: string }

/** Reads the document as it came at `nowMs`. Throws for what is none: then what held before goes on holding. */
export function readControlDocument(sent: unknown, nowMs: number): ControlDocument {
  const { now, strategies, policies, blocks } = sent as Sent
  const sources = new Map(strategies.map(({ id, sources }) => [id, sources]))
  const aheadMs = Date.parse(now) - nowMs
  const troubles: string[] = []
  return {
    policies: compileRoutes(
      policies.map(({ strategyId, mode, limits, metering = [], ...policy }) => ({
        ...policy,
        strategy: sources.get(strategyId ?? '') ?? [],
        isShadow: mode === 'shadow',
        limits: limits.flatMap((limit) => readLimit(limit, policy.id, troubles)),
        rules: metering,
      })),
    ),
    sources: new Set(strategies.flatMap(({ sources }) => sources.map(({ from }) => from))),
    blocks: new Map(
      blocks.map((block) => [
        identityKey(block),
        block.until === null ? Number.POSITIVE_INFINITY : Date.parse(block.until) - aheadMs,
      ]),
    ),
    troubles,
  }
}

/** None for one that is not understood: it must not keep the others from holding. */
function readLimit(
  { name, per, ...options }: SentLimit,
  policyId: string,
  troubles: string[],
): PolicyLimit[] {
  try {
    return [{ name, rate: parseLimit(options), isShared: per === 'all' }]
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    troubles.push(
      `The limit "${name}" of the policy ${policyId} is not understood, and does not hold: ${error.message}.`,
    )
    return []
  }
}
