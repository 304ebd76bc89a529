import type { Database } from '../platform/db/database.ts'
import { type Answered, authenticateAs, KEY, serveForTest } from '../platform/http/test-app.ts'
import { leasesRoute } from './leases.routes.ts'
import type { BalanceLender } from './lend-leases.ts'
import type { SharedClock } from './lend-limits.ts'
import { policiesRoutes } from './policies.routes.ts'
import { aPolicy, NO_BALANCES } from './test-control.ts'

/** The middle of a minute, an hour and a day. */
export const NOW_MS = Date.UTC(2026, 2, 1, 12, 30, 30)
export const LIMIT = { pattern: '/api', limit: 1_000, window: '1h' }
export const ANN = { kind: 'customer', id: 'ann' }

const POLICIES = '/api/v1/control/policies'

export type LeaseServer = {
  readonly envId: number
  /** The answer as it came. */
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answered>
  /** The results of a call that is well formed. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON came
  call(body: object): Promise<any[]>
  /** Makes a policy with these limits, and returns its id. */
  policy(key: string, limits: readonly object[]): Promise<string>
  changePolicy(id: string, change: object): Promise<void>
}

/** A process that answers the route. Others on the same database are given the same environment. */
export async function serveLeases({
  balances = NO_BALANCES,
  sharedClock,
  ...given
}: {
  readonly balances?: BalanceLender
  readonly sharedClock?: SharedClock
  readonly envId?: number
  readonly db?: Database
  clock?(): Date
}): Promise<LeaseServer> {
  const { envId, ...overrides } = given
  const others = envId === undefined ? {} : { authenticate: authenticateAs(envId) }
  const server = await serveForTest([leasesRoute(balances, sharedClock), ...policiesRoutes()], {
    ...overrides,
    ...others,
  })
  const post = (body: unknown, headers = {}) =>
    server.send('POST', '/api/v1/control/leases', { headers: { ...KEY, ...headers }, body })
  return {
    envId: envId ?? server.envId,
    post,
    async call(body) {
      const answered = await post({ application: 'shop', holder: 'one', ...body })
      if (answered.status !== 200) throw new Error(`${answered.text} ${server.logged()}`)
      return answered.json.results
    },
    async policy(key, limits) {
      const body = aPolicy({ key, limits })
      const { json } = await server.send('POST', POLICIES, { headers: KEY, body })
      return json.id
    },
    async changePolicy(id, body) {
      await server.send('PATCH', `${POLICIES}/${id}`, { headers: KEY, body })
    },
  }
}

/** An ask of what a test does not care about otherwise. */
export function asks(id: string, more: object = {}) {
  return { id, limit: LIMIT, identity: ANN, needed: 1, ...more }
}

export function settles(id: string, used: number, more: object = {}) {
  return { id, limit: LIMIT, identity: ANN, used, ...more }
}
