import type { Tx } from '../../platform/db/transaction.ts'
import { invariant } from '../../platform/errors.ts'
import { newId } from '../../platform/id.ts'
import { ENDPOINTS_MAX, endpointKey, NO_ROUTE_KEY } from './endpoint.ts'
import {
  insertEndpoints,
  type KnownEndpoint,
  lockRoutes,
  selectKnown,
  updateTimes,
} from './endpoints.store.ts'
import type { Reporter, RouteName } from './report.ts'

const SEEN_MS = 60_000 // what is seen more often than this is not written down
const DECLARED_MS = 24 * 3_600_000

const NO_ROUTE: RouteName = { method: '', route: null }

/** Tells the id of the endpoint of a route. */
export type EndpointIds = (name: RouteName) => string

/**
 * Endpoints of these routes exist from now on, and were seen now or declared by the framework. What an application has beyond
 * `ENDPOINTS_MAX` goes by the one for requests without a route.
 */
export async function seeEndpoints(
  tx: Tx,
  reporter: Reporter,
  names: { readonly seen: readonly RouteName[]; readonly declared: readonly RouteName[] },
): Promise<EndpointIds> {
  const wanted = distinct([...names.seen, ...names.declared])
  const known = await knownOf(tx, reporter, wanted)
  const endpointOf = (name: RouteName) => {
    const endpoint = known.get(endpointKey(name)) ?? known.get(NO_ROUTE_KEY)
    invariant(endpoint !== undefined, 'what finds no place has no route')
    return endpoint
  }
  await noteSeen(tx, reporter, names.seen.map(endpointOf))
  await noteDeclared(tx, reporter, names.declared.map(endpointOf))
  return (name) => endpointOf(name).id
}

async function knownOf(
  tx: Tx,
  { envId, application: { id: applicationId }, systemNow }: Reporter,
  wanted: readonly RouteName[],
): Promise<ReadonlyMap<string, KnownEndpoint>> {
  const known = byKey(await selectKnown(tx, envId, applicationId, wanted))
  const missing = wanted.filter((name) => !known.has(endpointKey(name)))
  if (missing.length === 0) return known
  const room = ENDPOINTS_MAX - (await lockRoutes(tx, envId, applicationId))
  const routes = missing.filter(({ route }) => route !== null)
  const fitting = routes.slice(0, Math.max(0, room))
  const made = fitting.length < missing.length ? [...fitting, NO_ROUTE] : fitting
  const endpoints = made.map((name) => ({ id: newId('ep'), name }))
  await insertEndpoints(tx, envId, applicationId, { endpoints, firstSeenAt: systemNow })
  return byKey(await selectKnown(tx, envId, applicationId, [...wanted, NO_ROUTE]))
}

async function noteSeen(
  tx: Tx,
  { envId, systemNow }: Reporter,
  endpoints: readonly KnownEndpoint[],
): Promise<void> {
  const stale = endpoints.filter(({ lastSeenAt }) => isOlder(lastSeenAt, SEEN_MS, systemNow))
  if (stale.length === 0) return
  await updateTimes(tx, envId, idsOf(stale), { column: 'last_seen_at', at: systemNow })
}

async function noteDeclared(
  tx: Tx,
  { envId, systemNow }: Reporter,
  endpoints: readonly KnownEndpoint[],
): Promise<void> {
  const stale = endpoints.filter(({ declaredAt }) => isOlder(declaredAt, DECLARED_MS, systemNow))
  if (stale.length === 0) return
  await updateTimes(tx, envId, idsOf(stale), { column: 'declared_at', at: systemNow })
}

function isOlder(at: Date | null, ms: number, systemNow: Date): boolean {
  return at === null || at.getTime() <= systemNow.getTime() - ms
}

function idsOf(endpoints: readonly KnownEndpoint[]): string[] {
  return [...new Set(endpoints.map(({ id }) => id))]
}

function distinct(names: readonly RouteName[]): RouteName[] {
  return [...new Map(names.map((name) => [endpointKey(name), name])).values()]
}

function byKey(endpoints: readonly KnownEndpoint[]): Map<string, KnownEndpoint> {
  return new Map(endpoints.map((endpoint) => [endpointKey(endpoint.name), endpoint]))
}
