import { sql } from 'kysely'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import type { Route } from '../platform/http/route.ts'
import type { HttpDeps } from '../platform/http/server.ts'
import { type Answered, KEY, serveForTest, type TestApp } from '../platform/http/test-app.ts'

/** For tests: the routes of control over HTTP, for one environment of its own. */
export type ControlApp = TestApp & {
  /** The answer, which must be good. */
  good(method: string, target: string, body?: unknown): Promise<Answered['json']>
  /** The code and the sentence of the failure that is answered. */
  refused(method: string, target: string, body?: unknown): Promise<string>
  /** How often what holds was changed. */
  version(): Promise<number>
}

export async function controlApp(
  routes: readonly Route[],
  overrides: Partial<HttpDeps> = {},
): Promise<ControlApp> {
  const app = await serveForTest(routes, overrides)
  const send = (method: string, target: string, body?: unknown) =>
    app.send(method, `/api/v1/control${target}`, { headers: KEY, body })
  return {
    ...app,
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
    version: () => versionOf(app.envId),
  }
}

async function versionOf(envId: number): Promise<number> {
  const { rows } = await inOwnTransaction((tx) =>
    sql<{ version: string }>`
      select version from control_versions where env_id = ${envId}`.execute(tx),
  )
  return Number(rows[0]?.version ?? 0)
}

/** The least that a policy takes. */
export const aPolicy = (more: object = {}) => ({ key: 'all', name: 'All', url: '*', ...more })

/** The least that a strategy takes. */
export const aStrategy = (more: object = {}) => ({
  ...{ key: 'by-user', name: 'By user', sources: [{ from: 'header', name: 'x-user-id' }] },
  ...more,
})
