import { compileRoutes, coveringRoutes } from '@usageflow/policy'
import type { Tx } from '../../platform/db/transaction.ts'
import type { Policy } from '../policy.ts'
import {
  type LimitDecisions,
  type ModeDecisions,
  type OtherDecisions,
  selectDecisionHours,
  selectDecisionsOfPolicies,
  selectDecisionsOfPolicy,
  selectOtherDecisions,
  selectOtherIdentities,
  selectTopIdentities,
} from './decisions.store.ts'
import type { Endpoint } from './endpoint.ts'
import { selectEndpointsOf } from './endpoints.store.ts'
import type { DecisionCounts } from './report.ts'
import { selectRequests, selectRequestsOfEach, type Window } from './statistics.store.ts'

const IDENTITIES_MAX = 20
const LIMITS_MAX = 200

type WithIdentities<Decisions> = Decisions & {
  readonly identities: readonly (DecisionCounts & {
    readonly kind: 'customer' | 'network'
    readonly id: string
  })[]
}

export type PolicyDecisions = {
  /** Null: it covers no endpoint. */
  readonly requests: number | null
  readonly limits: readonly WithIdentities<LimitDecisions>[]
  /** All limits together, in the order of time. */
  readonly hours: readonly (ModeDecisions & { readonly startsAt: Date })[]
}

/** What the limits of a policy did in these hours, and how many requests there were that it covers. */
export async function readDecisions(
  tx: Tx,
  envId: number,
  policy: Policy,
  window: Window,
): Promise<PolicyDecisions> {
  const limits = await selectDecisionsOfPolicy(tx, envId, policy.id, window)
  const top = await selectTopIdentities(tx, envId, policy.id, { ...window, limit: IDENTITIES_MAX })
  return {
    requests: await requestsOf(tx, envId, policy, window),
    limits: limits.map((decisions) => ({
      ...decisions,
      identities: top.filter(
        ({ limit, mode }) => limit === decisions.limit && mode === decisions.mode,
      ),
    })),
    hours: await selectDecisionHours(tx, envId, policy.id, window),
  }
}

/** What one of many policies did in these hours. */
export type PolicySums = Pick<PolicyDecisions, 'requests'> & {
  readonly policyId: string
  readonly modes: readonly ModeDecisions[]
}

/** The same of many policies, all limits of each together, in their order. */
export async function readManyDecisions(
  tx: Tx,
  envId: number,
  policies: readonly Policy[],
  window: Window,
): Promise<PolicySums[]> {
  const ids = policies.map(({ id }) => id)
  const modes = await selectDecisionsOfPolicies(tx, envId, ids, window)
  const endpoints = await selectEndpointsOf(tx, envId, null)
  const endpointIds = endpoints.map(({ id }) => id)
  const counted = await selectRequestsOfEach(tx, envId, endpointIds, window)
  const requests = new Map(counted.map((one) => [one.endpointId, one.requests]))
  return policies.map((policy) => {
    const covered = coveredBy(policy, endpoints)
    const sum = covered.reduce((total, { id }) => total + (requests.get(id) ?? 0), 0)
    return {
      policyId: policy.id,
      requests: covered.length === 0 ? null : sum,
      modes: modes.filter(({ policyId }) => policyId === policy.id),
    }
  })
}

/** What limits in the code of applications did in these hours, and blocks; of the application of this name, or null for all. */
export async function readOtherDecisions(
  tx: Tx,
  envId: number,
  application: string | null,
  window: Window,
): Promise<readonly WithIdentities<OtherDecisions>[]> {
  const asked = { ...window, application }
  const limits = await selectOtherDecisions(tx, envId, { ...asked, limit: LIMITS_MAX })
  const top = await selectOtherIdentities(tx, envId, { ...asked, limit: IDENTITIES_MAX })
  const nameOf = ({ application, pattern, limit, mode }: OtherDecisions) =>
    JSON.stringify([application, pattern, limit, mode])
  const identities = groupedBy(top, nameOf)
  return limits.map((limit) => ({ ...limit, identities: identities.get(nameOf(limit)) ?? [] }))
}

async function requestsOf(
  tx: Tx,
  envId: number,
  policy: Policy,
  window: Window,
): Promise<number | null> {
  const covered = coveredBy(policy, await selectEndpointsOf(tx, envId, policy.application))
  if (covered.length === 0) return null
  const ids = covered.map(({ id }) => id)
  return selectRequests(tx, envId, ids, window)
}

function coveredBy(
  { application, method, url }: Policy,
  endpoints: readonly Endpoint[],
): readonly Endpoint[] {
  const routes = compileRoutes([{ method, url }])
  return endpoints.filter(
    (endpoint) =>
      (application === null || endpoint.application === application) &&
      endpoint.name?.route &&
      coveringRoutes(routes, endpoint.name.method, endpoint.name.route).length > 0,
  )
}

function groupedBy<T>(rows: readonly T[], nameOf: (row: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(nameOf(row))
    if (group) group.push(row)
    else groups.set(nameOf(row), [row])
  }
  return groups
}
