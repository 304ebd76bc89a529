import { sql } from 'kysely'
import { onTestFinished } from 'vitest'
import { anEnvironment, inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { Failure } from '../platform/errors.ts'
import type { Authenticate } from '../platform/http/caller.ts'
import type { TestApp } from '../platform/http/test-app.ts'
import { type Answered, authenticateAs, KEY, serveForTest } from '../platform/http/test-app.ts'
import { silentLog } from '../platform/log.ts'
import { ChangeWatch } from './change-watch.ts'
import { controlRoutes } from './control.routes.ts'
import type { BalanceLender } from './lend-leases.ts'

/** The key of another environment. */
export const STRANGER = { 'x-usageflow-api-key': 'stranger-key' }

/** For tests: the routes of control over HTTP, for one environment of its own. */
export type ControlApp = TestApp & {
  readonly changes: ChangeWatch
  /** The answer, which must be good. */
  good(method: string, target: string, body?: unknown): Promise<Answered['json']>
  /** The code and the sentence of the failure that is answered. */
  refused(method: string, target: string, body?: unknown): Promise<string>
  /** How often what holds was changed. */
  version(): Promise<number>
  /** What time it really is from now on. */
  at(now: string): void
  revoke(key: Readonly<Record<string, string>>): void
}

export async function controlApp({
  balances = NO_BALANCES,
  ...limits
}: {
  readonly waitingMax?: number
  readonly balances?: BalanceLender
} = {}): Promise<ControlApp> {
  const { database: db } = await testDatabase()
  const envId = await inOwnTransaction((tx) => anEnvironment(tx))
  const revoked = new Set<string>()
  let stopped: Date | null = null
  const clock = () => stopped ?? new Date()
  const authenticate = keysOf(envId, await inOwnTransaction((tx) => anEnvironment(tx)), revoked)
  const changes = new ChangeWatch({ db, log: silentLog(), ...limits })
  onTestFinished(() => changes.stop())
  const routes = controlRoutes({ db, clock, authenticate, changes, balances })
  const app = await serveForTest(routes, { authenticate, clock })
  const send = (method: string, target: string, body?: unknown) =>
    app.send(method, `/api/v1/control${target}`, { headers: KEY, body })
  return {
    ...{ ...app, envId, changes },
    async good(method, target, body) {
      const { status, json, text } = await send(method, target, body)
      if (status >= 300) throw new Error(`${method} ${target}: ${status} ${text}`)
      return json
    },
    async refused(method, target, body) {
      const { status, json, text } = await send(method, target, body)
      if (status < 400 || status >= 500) throw new Error(`${method} ${target}: ${status} ${text}`)
      return `${json.error.code} ${json.error.message}`
    },
    version: () => versionOf(envId),
    at(now) {
      stopped = new Date(now)
    },
    revoke: (key) => revoked.add(key['x-usageflow-api-key'] ?? ''),
  }
}

function keysOf(envId: number, strangersEnvId: number, revoked: ReadonlySet<string>): Authenticate {
  const [own, strangers] = [authenticateAs(envId), authenticateAs(strangersEnvId)]
  return (request) => {
    const key = String(request.headers['x-usageflow-api-key'])
    if (revoked.has(key)) throw new Failure('unauthenticated', 'auth.key_refused', 'not valid')
    return key === 'stranger-key' ? strangers({ ...request, headers: KEY }) : own(request)
  }
}

async function versionOf(envId: number): Promise<number> {
  const { rows } = await inOwnTransaction((tx) =>
    sql<{ version: string }>`
      select version from control_versions where env_id = ${envId}`.execute(tx),
  )
  return Number(rows[0]?.version ?? 0)
}

/** For tests of what is no balance: whoever asks for one is refused. */
export const NO_BALANCES: BalanceLender = {
  lookAhead:
    async () =>
    async (_tx, { ask }) =>
      ask.map(({ id }) => ({ id, units: 0, lifeMs: 0, retryAfterMs: null, askAgainMs: 1_000 })),
}

/** The least that a policy takes. */
export const aPolicy = (more: object = {}) => ({ key: 'all', name: 'All', url: '*', ...more })

/** The least that a strategy takes. */
export const aStrategy = (more: object = {}) => ({
  ...{ key: 'by-user', name: 'By user', sources: [{ from: 'header', name: 'x-user-id' }] },
  ...more,
})
