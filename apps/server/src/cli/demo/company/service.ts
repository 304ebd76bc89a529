import { bucketOf } from '@usageflow/policy'
import type { Call } from '../call.ts'
import { chance } from './usage.ts'

/** A route of the service, with how many requests each customer sends in a busy hour and what half of them take. */
type ServiceRoute = {
  readonly method: string
  /** Null: nobody has written one, and the framework answers 404. */
  readonly route: string | null
  readonly busy: number
  readonly medianMs: number
  /** Of all requests, those that fail; others may be refused to clients who ask for what is not there. */
  readonly failing: number
  readonly bytes: number
}

const NAME = 'nimbus-api'
const AGENT = 'express/0.1.0 node/22.11.0'
const ROUTES = [
  { method: 'POST', route: '/v1/chat', busy: 420, medianMs: 640, failing: 0.012, bytes: 5_200 },
  { method: 'POST', route: '/v1/embed', busy: 310, medianMs: 48, failing: 0.002, bytes: 12_000 },
  { method: 'GET', route: '/v1/search', busy: 260, medianMs: 31, failing: 0.004, bytes: 9_400 },
  { method: 'GET', route: '/v1/models', busy: 60, medianMs: 3, failing: 0, bytes: 1_800 },
  { method: 'GET', route: '/v1/files/:id', busy: 35, medianMs: 12, failing: 0.001, bytes: 84_000 },
  { method: 'DELETE', route: '/v1/files/:id', busy: 4, medianMs: 21, failing: 0, bytes: 60 },
  { method: 'GET', route: null, busy: 9, medianMs: 1, failing: 0, bytes: 140 },
] as const satisfies readonly ServiceRoute[]
const CALLERS: readonly string[] = ['kestrel', 'harbor', 'maple', 'violet', 'bluebird', 'ridgeline']

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const HOURS = 23 // older rows count for nothing
const ROWS_MAX = 1_500
const SAMPLES = 60
const MOMENT_HOURS = 1 / 120 // so much of an hour's requests is told in a moment

/** Of a hundred requests, how many take so many times the median. */
const SPREAD = [
  [18, 0.6],
  [22, 0.85],
  [24, 1.05],
  [20, 1.4],
  [11, 2.1],
  [4, 3.4],
  [1, 7.5],
] as const

/** The company's own service, as the package in it would tell of it. */
export type Service = {
  /** Tells what it has seen just now. */
  reportMoment(now: Date): Promise<void>
}

/**
 * What holds for the company's service, and the last day of it: one policy limits and meters, another only watches
 * what its limit would refuse. By real time, since requests are let through now, whatever the clock of the environment says.
 */
export async function openService(call: Call, now: Date): Promise<Service> {
  const policies = await fillPolicies(call)
  let sequence = 0
  const report = (told: object) => {
    sequence += 1
    const body = { application: NAME, producer: 'demo-9f3c2a71', agent: AGENT, sequence, ...told }
    return call('POST', '/control/reports', body)
  }
  await report({ routes: ROUTES.filter(({ route }) => route !== null).map(named) })
  const rows = lastDay(now)
  for (let at = 0; at < rows.length; at += ROWS_MAX)
    await report({ statistics: rows.slice(at, at + ROWS_MAX) })
  await report({
    samples: lastRequests(now),
    decisions: lastDecisions(now, policies),
    usage: { produced: 4_318, delivered: 4_318, queued: 0, refused: 0, dropped: 0 },
  })
  return {
    async reportMoment(at) {
      const caller = CALLERS[sequence % CALLERS.length]
      await report({ statistics: rowsOf(at.getTime(), { caller, hours: MOMENT_HOURS }) })
    },
  }
}

type Policies = { readonly chat: string; readonly search: string }

async function fillPolicies(call: Call): Promise<Policies> {
  await call('POST', '/control/strategies', {
    ...{ key: 'by-account', name: 'By account' },
    sources: [
      { from: 'claim', name: 'account' },
      { from: 'header', name: 'x-account-id' },
    ],
  })
  const of = { application: NAME, strategy: 'by-account' }
  const chat = await call('POST', '/control/policies', {
    ...{ key: 'chat', name: 'Chat', method: 'POST', url: '/v1/chat', ...of },
    limits: [{ name: 'hourly', limit: 500, window: '1h' }],
    metering: [{ event: 'AI_TOKEN', quantity: 'response.body.usage.total_tokens' }],
  })
  const search = await call('POST', '/control/policies', {
    ...{ key: 'search', name: 'Search', method: 'GET', url: '/v1/search', ...of },
    ...{ mode: 'shadow', limits: [{ name: 'hourly', limit: 200, window: '1h' }] },
  })
  return { chat: String(chat.id), search: String(search.id) }
}

/** Told hour by hour, and the last hour minute by minute, one caller after the other. */
function lastDay(now: Date): object[] {
  const hours = Array.from({ length: HOURS }, (_, at) => now.getTime() - (at + 1) * HOUR_MS)
  const minutes = Array.from({ length: 60 }, (_, at) => now.getTime() - at * MINUTE_MS)
  return [
    ...hours.flatMap((atMs) => CALLERS.flatMap((caller) => rowsOf(atMs, { caller, hours: 1 }))),
    ...minutes.flatMap((atMs, at) =>
      rowsOf(atMs, { caller: CALLERS[at % CALLERS.length], hours: CALLERS.length / 60 }),
    ),
    ...rowsOf(now.getTime() - 2 * HOUR_MS, { caller: undefined, hours: 1 / 12 }),
  ]
}

/** A row for each route, with so many hours' requests of a caller. Undefined: nobody known, so nothing of it could be metered. */
function rowsOf(
  atMs: number,
  { caller, hours }: { readonly caller: string | undefined; readonly hours: number },
): object[] {
  return ROUTES.flatMap((route) => {
    const noise = 0.8 + 0.4 * chance(caller ?? '', atMs, route.route ?? '')
    const requests = Math.round(route.busy * busyness(atMs) * sizeOf(caller) * hours * noise)
    if (requests === 0) return []
    return {
      ...named(route),
      minute: new Date(atMs).toISOString(),
      customerId: route.route === null ? null : (caller ?? null),
      requests,
      unmetered: caller === undefined && route.route === '/v1/chat' ? requests : 0,
      statuses: statusesOf(route, requests),
      latency: latencyOf(route.medianMs * (0.8 + 0.5 * busyness(atMs)), requests),
      requestBytes: Math.round(requests * route.bytes * 0.2),
      responseBytes: Math.round(requests * route.bytes * noise),
    }
  })
}

/** How much of a busy hour's requests falls into this one. */
function busyness(atMs: number): number {
  return 0.25 + 0.75 * Math.exp(-(((new Date(atMs).getUTCHours() - 14) / 6) ** 2))
}

function sizeOf(caller: string | undefined): number {
  const place = caller === undefined ? -1 : CALLERS.indexOf(caller)
  return place < 0 ? 1 : 1.6 / (place + 1)
}

function statusesOf({ route, method, failing }: ServiceRoute, requests: number) {
  if (route === null) return { 404: requests }
  const failed = Math.round(requests * failing)
  const refused = Math.round(requests * 0.015)
  const good = { [method === 'DELETE' ? 204 : 200]: requests - failed - refused }
  return { ...good, ...(refused ? { 400: refused } : {}), ...(failed ? { 503: failed } : {}) }
}

function latencyOf(medianMs: number, requests: number): Record<string, number> {
  const counts: Record<string, number> = {}
  let [percent, told] = [0, 0]
  for (const [share, factor] of SPREAD) {
    percent += share
    const count = Math.round((requests * percent) / 100) - told
    told += count
    const bucket = bucketOf(Math.round(medianMs * factor * 1_000))
    if (count > 0) counts[bucket] = (counts[bucket] ?? 0) + count
  }
  return counts
}

/** Whom the limits refused, and whom the one that only watches would have refused. */
function lastDecisions(now: Date, { chat, search }: Policies): object[] {
  const of = (policyId: string, mode: string, id: string, most: number) =>
    Array.from({ length: HOURS }, (_, at) => {
      const atMs = now.getTime() - at * HOUR_MS
      return {
        ...{ policyId, mode, limit: 'hourly', identity: { kind: 'customer', id } },
        ...{
          minute: new Date(atMs).toISOString(),
          refused: Math.round(most * (busyness(atMs) - 0.4)),
        },
      }
    }).filter(({ refused }) => refused > 0)
  return [
    ...of(chat, 'enforce', 'kestrel', 60),
    ...of(search, 'shadow', 'kestrel', 140),
    ...of(search, 'shadow', 'harbor', 35),
  ]
}

function lastRequests(now: Date): object[] {
  return Array.from({ length: SAMPLES }, (_, at) => {
    const route = ROUTES[(at * 3) % ROUTES.length] ?? ROUTES[0]
    const caller = CALLERS[at % CALLERS.length] ?? null
    const luck = chance('sample', at)
    return {
      ...named(route),
      at: new Date(now.getTime() - at * 2 * MINUTE_MS).toISOString(),
      status: statusAt(route, luck),
      durationMs: Math.round(route.medianMs * (500 + 2_000 * luck)) / 1_000,
      requestBytes: Math.round(route.bytes * 0.2),
      responseBytes: Math.round(route.bytes * (0.5 + luck)),
      customerId: route.route === null ? null : caller,
      clientAddress: `198.51.100.${10 + (at % 6)}`,
      userAgent: 'nimbus-client/4.2',
      queryNames: route.route === '/v1/search' ? ['q', 'page'] : [],
    }
  })
}

function statusAt({ route }: ServiceRoute, luck: number): number {
  if (route === null) return 404
  if (luck > 0.93) return 503
  return luck > 0.85 ? 400 : 200
}

function named({ method, route }: ServiceRoute) {
  return { method, route }
}
