import {
  countingRoute,
  coveringRoutes,
  type Identity,
  identify,
  identityKey,
  networkOf,
  type RouteMatch,
} from '@usageflow/policy'
import type { CodeLimits } from './code-limits.ts'
import type { ControlDocument, Policy } from './control-document.ts'
import type { Incoming, KnownLater } from './host.ts'
import type { Check } from './limiter.ts'

/** A policy that covers a request, and who is asking by it. */
export type Covering = { readonly match: RouteMatch<Policy>; readonly identity: Identity }

/** All that is to be known of a request before it is decided. */
export type Scope = {
  /** The plainest reading of the path comes first. */
  readonly coverings: readonly Covering[]
  /** The one that counts, when the template of the route is known that has served; undefined without a policy. */
  counting(template: string | null): Covering | undefined
  /** By the first policy; by network without one. */
  readonly identity: Identity
  /** Who of those asking is let through nowhere; null for nobody. */
  readonly blocked: Identity | null
  readonly checks: readonly Check[]
}

export function scopeOf(
  { policies, blocks }: ControlDocument,
  codeLimits: CodeLimits,
  incoming: Incoming,
  nowMs: number,
): Scope {
  const coverings = coveringPolicies(policies, incoming).map((match) => ({
    match,
    identity: identify(match.route.strategy, partsOf(incoming, match)),
  }))
  const network = (): Identity => ({
    ...{ kind: 'network', id: networkOf(incoming.clientAddress ?? '') },
  })
  const identity = coverings[0]?.identity ?? network()
  const asking = blocks.size === 0 ? [] : [...coverings.map((each) => each.identity), network()]
  const isBlocked = (one: Identity) =>
    nowMs < (blocks.get(identityKey(one)) ?? Number.NEGATIVE_INFINITY)
  return {
    counting: (template) => countingOf(policies, coverings, incoming, template),
    ...{ coverings, identity, blocked: asking.find(isBlocked) ?? null },
    checks: [...coverings.flatMap(checksOf), ...codeLimits.checks(incoming, identity)],
  }
}

/** Whether somebody who covers the request tells callers by this. */
export function readsFrom(
  what: KnownLater,
  { policies, sources }: ControlDocument,
  incoming: Incoming,
): boolean {
  if (!sources.has(what)) return false
  return coveringPolicies(policies, incoming).some(({ route }) =>
    route.strategy.some(({ from }) => from === what),
  )
}

/** Those that cover the path, and those that cover what the framework has matched. */
function coveringPolicies(
  policies: ControlDocument['policies'],
  { method, target, template }: Incoming,
): readonly RouteMatch<Policy>[] {
  const found = coveringRoutes(policies, method, target)
  if (template === undefined) return found
  const others = coveringRoutes(policies, method, template)
  return [...found, ...others.filter(({ route }) => !found.some((each) => each.route === route))]
}

function countingOf(
  policies: ControlDocument['policies'],
  coverings: readonly Covering[],
  { method, target }: Incoming,
  template: string | null,
): Covering | undefined {
  if (template === null || coverings.length < 2) return coverings[0]
  const counting = countingRoute(policies, method, target, template)
  return coverings.find(({ match }) => match.route === counting) ?? coverings[0]
}

function partsOf(incoming: Incoming, { params }: RouteMatch<Policy>) {
  const { headers, target, body, claims, clientAddress } = incoming
  const query = queryOf(target)
  return { headers, query, body, params, claims, ...(clientAddress ? { clientAddress } : {}) }
}

export function queryOf(target: string): string {
  const at = target.indexOf('?')
  return at < 0 ? '' : target.slice(at + 1)
}

function checksOf({ match: { route }, identity }: Covering): Check[] {
  const { id: policyId, isShadow, withoutAnswer, deadlineMs } = route
  return route.limits.map(({ name, rate, isShared }) => ({
    ...{ name, rate, isShadow, withoutAnswer, deadlineMs },
    limit: { policyId, name },
    identity: isShared ? null : identity,
  }))
}
