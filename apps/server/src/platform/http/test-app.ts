import { type IncomingHttpHeaders, request } from 'node:http'
import { onTestFinished } from 'vitest'
import type { Database } from '../db/database.ts'
import { anEnvironment, inOwnTransaction, testDatabase } from '../db/test-db.ts'
import { Failure } from '../errors.ts'
import { openLog } from '../log.ts'
import { createSealer } from '../secrets/seal.ts'
import { type Caller, SCOPES } from './caller.ts'
import { failures } from './request-failures.ts'
import type { Route } from './route.ts'
import { buildHttpServer, type HttpDeps } from './server.ts'

export type Answered = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON came
  readonly json: any
}

export type TestApp = {
  readonly port: number
  readonly envId: number
  /** Sends the target as it stands, unlike `fetch`, which tidies it up. */
  send(method: string, target: string, options?: SendOptions): Promise<Answered>
  /** Everything that was logged. */
  logged(): string
  close(): Promise<void>
}

export type SendOptions = {
  readonly headers?: Readonly<Record<string, string | string[]>>
  /** Text goes as it is, anything else as JSON. */
  readonly body?: unknown
}

/** The key of a caller who may do everything; `other-key` is another caller of the same environment. */
export const KEY = { 'x-usageflow-api-key': 'all-key' }
export const OTHER_KEY = { 'x-usageflow-api-key': 'other-key' }
/** May read usage and nothing else. */
export const READER_KEY = { 'x-usageflow-api-key': 'reader-key' }

/** Serves `routes` on a port of its own until the test has ended. */
export async function serveForTest(
  routes: readonly Route[],
  overrides: Partial<HttpDeps> = {},
): Promise<TestApp> {
  const { database } = await testDatabase()
  const envId = await inOwnTransaction((tx) => anEnvironment(tx))
  const lines: string[] = []
  const app = await buildHttpServer(routes, {
    db: overrides.db ?? (database satisfies Database),
    clock: () => new Date(),
    log: openLog('info', { write: (line) => lines.push(line) }),
    sealer: createSealer(Buffer.alloc(32, 7)),
    authenticate: authenticateAs(envId),
    health: { ready: async () => ({ ready: true, details: {} }) },
    ...overrides,
  })
  const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const port = Number(address.port)
  onTestFinished(async () => {
    app.server.closeAllConnections()
    await app.close()
  })
  return {
    port,
    envId,
    send: (method, target, options = {}) => send({ port, method, target, ...options }),
    logged: () => lines.join(''),
    close: () => app.close(),
  }
}

/** Stands for the feature that knows the keys, which is above this one. */
export function authenticateAs(envId: number): HttpDeps['authenticate'] {
  const caller = (keyId: string, scopes: readonly string[]): Caller => ({
    envId,
    organizationId: 'org_test',
    mode: 'live',
    actor: { kind: 'key', id: keyId },
    mayNot: failures.scopeMissing,
    scopes: new Set(scopes),
    refusesUnknownMeters: false,
    environmentNow: (systemNow) => systemNow,
  })
  const callers = new Map([
    ['all-key', caller('key_all', SCOPES)],
    ['other-key', caller('key_other', SCOPES)],
    ['reader-key', caller('key_reader', ['usage:read'])],
  ])
  return ({ headers }) => {
    const found = callers.get(String(headers['x-usageflow-api-key']))
    if (!found) throw new Failure('unauthenticated', 'auth.key_refused', 'not valid')
    return found
  }
}

function send(options: { port: number; method: string; target: string } & SendOptions) {
  const { port, method, target, headers = {}, body } = options
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'object' ? { 'content-type': 'application/json' } : {}
  return new Promise<Answered>((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, method, path: target, headers: { ...type, ...headers } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          const isJson = response.headers['content-type']?.startsWith('application/json')
          const json = isJson && text !== '' ? JSON.parse(text) : undefined
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(payload)
  })
}
