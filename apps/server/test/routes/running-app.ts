import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openApp } from '../../src/app.ts'
import { createApiKey, type NewApiKey } from '../../src/identity/create-api-key.ts'
import { environmentOf } from '../../src/identity/create-organization.ts'
import type { Environment } from '../../src/identity/identity.store.ts'
import type { SignUpMode } from '../../src/identity/sign-up.ts'
import { makeOrganization } from '../../src/make-organization.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { APP_ROLE } from '../../src/platform/db/app-role.ts'
import { inOwnTransaction, testDatabase } from '../../src/platform/db/test-db.ts'
import type { AccountRoute } from '../../src/platform/http/account-route.ts'
import { SCOPES } from '../../src/platform/http/caller.ts'
import type { PortalRoute } from '../../src/platform/http/portal-route.ts'
import type { EnvironmentRoute } from '../../src/platform/http/route.ts'
import { openLog } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import {
  createSealer,
  type EncryptionKeys,
  sessionSecretsOf,
} from '../../src/platform/secrets/seal.ts'
import { type FakeStripe, startFakeStripe } from '../stripe/fake-stripe.ts'

/** The clock of a test environment starts here, so that a period can be over soon. */
export const START = new Date('2026-03-02T09:00:00Z')

export type Answer = {
  readonly status: number
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON came
  readonly json: any
  /** Of a failure: our code, also where it is told in the words of another product. */
  readonly code: string | undefined
}

export type Call = { readonly key?: string | null; readonly body?: unknown; readonly once?: string }

export type RunningApp = {
  /** The routes of environments. */
  readonly routes: readonly EnvironmentRoute[]
  /** The routes for people. */
  readonly accountRoutes: readonly AccountRoute[]
  /** The routes for the customers of an organization. */
  readonly portalRoutes: readonly PortalRoute[]
  /** What else the router answers. */
  readonly publicPaths: readonly string[]
  /** Where it listens. */
  readonly address: string
  /** With which it speaks as Stripe. */
  readonly stripe: FakeStripe
  /** What the first account takes. */
  firstStartToken(): Promise<string | null>
  /** Where webhooks may be sent. */
  readonly receiverUrl: string
  /** The webhooks that came, whole, by the path they came to. */
  readonly received: readonly { readonly path: string; readonly text: string }[]
  /** Everything that was logged, however unimportant. */
  logged(): string
  /** What operators see. */
  metrics(): Promise<string>
  call(method: string, path: string, options?: Call): Promise<Answer>
  stop(): Promise<void>
}

/** The whole program, on the database of the test file, with a receiver that takes every webhook. */
export async function runApp(
  signUp: SignUpMode = 'closed',
  {
    publicUrl = null,
    trustedProxies = [],
    encryptionKeys = [Buffer.alloc(32, 7)],
  }: {
    readonly publicUrl?: string | null
    readonly trustedProxies?: readonly string[]
    readonly encryptionKeys?: EncryptionKeys
  } = {},
): Promise<RunningApp> {
  const { url } = await testDatabase()
  const stripe = await startFakeStripe()
  const received: { path: string; text: string }[] = []
  const receiver = createServer(async (request, response) => {
    const chunks = await request.toArray()
    const headers = JSON.stringify(request.headers)
    received.push({ path: request.url ?? '', text: `${headers}\n${Buffer.concat(chunks)}` })
    response.end(`thank you for ${request.url}`)
  })
  const lines: string[] = []
  const metrics = createMetrics()
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const app = await openApp({
    url,
    databaseRole: APP_ROLE,
    sealer: createSealer(...encryptionKeys),
    sessionSecrets: sessionSecretsOf(encryptionKeys),
    publicUrl,
    signUp,
    mailServer: null,
    role: 'all',
    webhookNetworks: ['127.0.0.1/32'],
    trustedProxies,
    stripeUrl: stripe.url,
    clock: systemClock,
    log: openLog('debug', { write: (line) => lines.push(line) }),
    metrics,
    random: Math.random,
  })
  const address = await app.listen('127.0.0.1', 0)
  return {
    routes: app.routes.filter((route) => route.kind === 'json' || route.kind === 'raw'),
    accountRoutes: app.routes.filter((route) => route.kind === 'account'),
    portalRoutes: app.routes.filter((route) => route.kind === 'portal'),
    publicPaths: app.publicPaths,
    address,
    stripe,
    firstStartToken: () => app.firstStartToken(),
    receiverUrl: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`,
    received,
    logged: () => lines.join(''),
    metrics: () => metrics.text(),
    call: (method, path, options = {}) => call(`${address}${path}`, method, options),
    async stop() {
      await app.stop()
      await stripe.stop()
      receiver.closeAllConnections()
      receiver.close()
    },
  }
}

async function call(url: string, method: string, { key, body, once }: Call): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(key ? { 'x-usageflow-api-key': key } : {}),
      ...(once ? { 'idempotency-key': once } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const json = text.startsWith('{') ? JSON.parse(text) : undefined
  const code = response.headers.get('usageflow-error') ?? json?.error?.code
  return { status: response.status, text, json, code }
}

export type Organization = {
  readonly id: string
  readonly live: Environment
  readonly test: Environment
  readonly liveKey: string
  readonly testKey: string
}

/** An organization with a key for everything in each of its environments. */
export function anOrganization(name: string): Promise<Organization> {
  return inOwnTransaction(async (tx) => {
    const systemNow = systemClock()
    const { organizationId: id } = await makeOrganization(tx, { name, systemNow, testClock: START })
    const [live, test] = [await environmentOf(tx, id, 'live'), await environmentOf(tx, id, 'test')]
    const input = { name, scopes: SCOPES, systemNow }
    const { key: liveKey } = await createApiKey(tx, live, input)
    const { key: testKey } = await createApiKey(tx, test, input)
    return { id, live, test, liveKey, testKey }
  })
}

export function aKey(environment: Environment, scopes: readonly string[]): Promise<NewApiKey> {
  const input = { name: 'some', scopes, systemNow: systemClock() }
  return inOwnTransaction((tx) => createApiKey(tx, environment, input))
}
