import { compileRoutes, coveringRoutes, type RouteTable } from '@usageflow/policy'
import type { Endpoint, Policy } from '../../api/records.ts'

/** What of a policy decides which requests it holds for. */
export type Holding = Pick<Policy, 'application' | 'method' | 'url' | 'priority'> & {
  /** Null: of a policy that is only being written. */
  readonly id: string | null
}

/** An endpoint whose requests the pattern of a policy covers. */
export type Covered = {
  readonly endpoint: Endpoint
  /** Another policy that comes first, so that this one does nothing there. */
  readonly held: Policy | null
  /** Another policy that would hold there without this one. */
  readonly taken: Policy | null
}

type Contender = Pick<Policy, 'method' | 'url' | 'priority'> & { readonly rival: Policy | null }

/** In the order in which services ask them: by priority, then the more specific, then the one made first. */
export function inOrder(policies: readonly Policy[]): readonly Policy[] {
  return compileRoutes([...policies].sort(byAge)).map(({ route }) => route)
}

/** The endpoints that a policy covers, and who else claims them. Throws RangeError for a pattern that is none. */
export function coverageOf(
  draft: Holding,
  endpoints: readonly Endpoint[],
  policies: readonly Policy[],
): readonly Covered[] {
  const own = compileRoutes([draft])
  const rivalsOf = rivalsByApplication(draft, policies)
  return endpoints.flatMap((endpoint) => {
    const { application, method, route } = endpoint
    const isOurs = draft.application === null || draft.application === application
    if (method === null || route === null || !isOurs) return []
    if (coveringRoutes(own, method, route).length === 0) return []
    const { all, others } = rivalsOf(application)
    const held = firstOf(all, method, route)
    return [{ endpoint, held, taken: held ? null : firstOf(others, method, route) }]
  })
}

type Rivals = {
  readonly all: RouteTable<Contender>
  /** Without the policy that is looked at. */
  readonly others: RouteTable<Contender>
}

function rivalsByApplication(draft: Holding, policies: readonly Policy[]) {
  const known = new Map<string, Rivals>()
  return (application: string): Rivals => {
    const rivals = known.get(application) ?? rivalsIn(application, draft, policies)
    known.set(application, rivals)
    return rivals
  }
}

function rivalsIn(application: string, draft: Holding, policies: readonly Policy[]): Rivals {
  const others = policies
    .filter((other) => other.id !== draft.id && isInForce(other))
    .filter((other) => other.application === null || other.application === application)
    .map((rival) => ({ ...rival, rival }))
  return {
    all: compileRoutes<Contender>([...others, { ...draft, rival: null }].sort(byAge)),
    others: compileRoutes<Contender>(others.sort(byAge)),
  }
}

/** The policy that holds; null: none, or the one that is looked at. */
function firstOf(table: RouteTable<Contender>, method: string, route: string): Policy | null {
  return coveringRoutes(table, method, route)[0]?.route.rival ?? null
}

/** Ids grow with time; what is only being written will be the youngest. */
function byAge(one: { readonly id: string | null }, other: { readonly id: string | null }): number {
  if (one.id === other.id) return 0
  if (one.id === null || other.id === null) return one.id === null ? 1 : -1
  return one.id < other.id ? -1 : 1
}

function isInForce({ mode, archivedAt }: Policy): boolean {
  return mode !== 'off' && archivedAt === null
}
