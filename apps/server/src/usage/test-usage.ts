import { onTestFinished } from 'vitest'
import { monotonicMs } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { anEnvironment, inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { Failure } from '../platform/errors.ts'
import type { Authenticate, Caller } from '../platform/http/caller.ts'
import { SCOPES } from '../platform/http/caller.ts'
import { failures } from '../platform/http/request-failures.ts'
import type { Route } from '../platform/http/route.ts'
import { type Answered, type SendOptions, serveForTest } from '../platform/http/test-app.ts'
import { silentLog } from '../platform/log.ts'
import { type EventWriter, openEventWriter, type WriterLimits } from './batcher.ts'
import { openRecording } from './open-recording.ts'
import type { RecordingRouteDeps } from './track.route.ts'
import { usageRoutes } from './usage.routes.ts'

/** The routes of usage, served over HTTP on a real database, with two environments. */
export type TestUsage = {
  readonly port: number
  readonly envId: number
  readonly otherEnvId: number
  readonly writer: EventWriter
  /** With the key of the first environment, unless the headers name another. */
  send(method: string, target: string, options?: SendOptions): Promise<Answered>
  post(target: string, body: unknown, headers?: SendOptions['headers']): Promise<Answered>
  get(target: string, headers?: SendOptions['headers']): Promise<Answered>
  /** Sets the environment's clock. */
  setNow(now: Date): void
  /** From now on this key is refused. */
  revoke(key: string): void
}

export const KEY = { 'x-usageflow-api-key': 'all' }
/** Another key of the same environment. */
export const SECOND_KEY = { 'x-usageflow-api-key': 'second' }
export const OTHER_TENANT = { 'x-usageflow-api-key': 'other-tenant' }
export const READER = { 'x-usageflow-api-key': 'reader' }
export const WRITER = { 'x-usageflow-api-key': 'writer' }
/** Of an environment that refuses events which no meter reads. */
export const STRICT = { 'x-usageflow-api-key': 'strict' }

/** In the strict environment there is one meter, which reads these. */
export const METERED_NAME = 'METERED'

/** What other features that record events are given. */
export type RecordingParts = { readonly db: Database; readonly recording: RecordingRouteDeps }

export async function serveUsage(
  limits: Partial<WriterLimits> = {},
  more: (parts: RecordingParts) => Route[] = () => [],
): Promise<TestUsage> {
  const { database } = await testDatabase()
  const [envId, otherEnvId] = await inOwnTransaction(async (tx) => [
    await anEnvironment(tx),
    await anEnvironment(tx),
  ])
  let now: Date | null = null
  const callers = callersOf(envId, otherEnvId, (systemNow) => now ?? systemNow)
  const authenticate: Authenticate = ({ headers }) => {
    const caller = callers.get(String(headers['x-usageflow-api-key']))
    if (!caller) throw new Failure('unauthenticated', 'auth.key_refused', 'not valid')
    return caller
  }
  const writer = openEventWriter({
    connectionConfig: database.connectionConfig('usage test'),
    log: silentLog(),
    stopwatch: monotonicMs,
    limits,
  })
  onTestFinished(() => writer.drain())
  const clock = () => new Date()
  const isMetered = (_envId: number, name: string) => name === METERED_NAME
  const recording = openRecording({ db: database, writer, authenticate, clock, isMetered })
  const routes = [
    ...usageRoutes({ db: database, authenticate, log: silentLog(), recording }),
    ...more({ db: database, recording }),
  ]
  const { port, send } = await serveForTest(routes, { authenticate })
  const withKey = (options: SendOptions = {}) => ({
    ...options,
    headers: { ...KEY, ...options.headers },
  })
  return {
    port,
    envId,
    otherEnvId,
    writer,
    send: (method, target, options) => send(method, target, withKey(options)),
    post: (target, body, headers = {}) => send('POST', target, withKey({ body, headers })),
    get: (target, headers = {}) => send('GET', target, withKey({ headers })),
    setNow: (instant) => {
      now = instant
    },
    revoke: (key) => callers.delete(key),
  }
}

function callersOf(
  envId: number,
  otherEnvId: number,
  environmentNow: Caller['environmentNow'],
): Map<string, Caller> {
  const caller = (keyId: string, overrides: Partial<Caller> = {}): Caller => ({
    envId,
    organizationId: 'org_test',
    mode: 'live',
    actor: { kind: 'key', id: keyId },
    mayNot: failures.scopeMissing,
    scopes: new Set(SCOPES),
    refusesUnknownMeters: false,
    environmentNow,
    ...overrides,
  })
  return new Map([
    ['all', caller('key_all')],
    ['second', caller('key_second')],
    ['other-tenant', caller('key_other', { envId: otherEnvId })],
    ['reader', caller('key_reader', { scopes: new Set(['usage:read']) })],
    ['writer', caller('key_writer', { scopes: new Set(['usage:write']) })],
    ['strict', caller('key_strict', { refusesUnknownMeters: true })],
  ])
}
