import { compileRoutes, coveringRoutes } from '@usageflow/policy'
import type { Tx } from '../../platform/db/transaction.ts'
import type { Policy } from '../policy.ts'
import {
  type LimitDecisions,
  selectDecisionsOfPolicy,
  selectTopIdentities,
} from './decisions.store.ts'
import { selectEndpointsOf } from './endpoints.store.ts'
import type { DecisionCounts } from './report.ts'
import { selectRequests, type Window } from './statistics.store.ts'

const IDENTITIES_MAX = 20

export type PolicyDecisions = {
  /** Null: it covers no endpoint. */
  readonly requests: number | null
  readonly limits: readonly (LimitDecisions & {
    readonly identities: readonly (DecisionCounts & {
      readonly kind: 'customer' | 'network'
      readonly id: string
    })[]
  })[]
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
  }
}

async function requestsOf(
  tx: Tx,
  envId: number,
  { application, method, url }: Policy,
  window: Window,
): Promise<number | null> {
  const endpoints = await selectEndpointsOf(tx, envId, application)
  const routes = compileRoutes([{ method, url }])
  const covered = endpoints.filter(
    ({ name }) => name?.route && coveringRoutes(routes, name.method, name.route).length > 0,
  )
  if (covered.length === 0) return null
  const ids = covered.map(({ id }) => id)
  return selectRequests(tx, envId, ids, window)
}
