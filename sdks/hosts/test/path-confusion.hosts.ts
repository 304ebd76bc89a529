import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiClient } from '../../../apps/server/src/cli/api-client.ts'
import { type ServerProcess, startServerProcess } from '../../../tools/server-process.ts'
import { anAccount, GENEROUS_HOSTS, HOSTS, runHost, set } from './hosts.ts'

const WAIT_MS = 60_000
const POLL_MS = 200

/** The patterns of the hosts that are not exempt, each with a policy, and what its limit and its events are called. */
const POLICIES: Readonly<Record<string, string>> = {
  '/': 'ROOT',
  '/api/users': 'USERS',
  '/api/users/:id': 'ONE_USER',
  '/api/:other': 'OTHER',
  '/a/:b/c': 'MOUNTED',
  '/files/*': 'FILES',
}
const EXEMPT = ['/health', '/internal/*']

/** What somebody may send to get to a handler by another name than its own. */
const FURTHER_TARGETS = [
  ...['/files/a', '/files//a', '/FILES/a', '/files/../api/users', '/files/%2e%2e/api/users'],
  ...['/files/..%2fapi%2fusers', '/files%2fa', '/files;x/a', '/%66iles/a', '/files/'],
  ...['/api/users%2F7', '/api/users%2f7', '/api/USERS%2F7', '/api/users%5C7', '/api/users\\7'],
  ...['/api/users/7/', '/api/users/7//', '/api//users//7', '/api/users/7%2F', '/api/other'],
  ...['/api/OTHER', '/api/other/', '/api/%6Fther', '/api/other;users', '/api/x%2Fy', '/api/users '],
  ...['/api%2Fusers%2F7', '/API%2FUSERS', '/api/%2e%2e/api/users', '/api/%252e%252e/users'],
  ...['/A/x/C', '/a/x/c/', '/a%2Fx/c', '/a/x%2Fc', '/a/x//c', '//a/x/c', '/a/x/./c', '/a/x;y/c'],
  ...['/internal/../api/users', '/internal/..%2fapi/users', '/internal%2f..%2fapi%2fusers'],
  ...['/internal/%2e%2e/api/users', '/internal/x/../../api/users', '//internal/../api/users'],
  ...['/health/../api/users', '/health;/../api/users', '/health#/../../api/users', '//health'],
  ...['http://h/internal/../api/users', 'http://internal/x@/api/users', 'http://h//api/users'],
  ...['//internal/api/users', '//h@/api/users', 'http:/api/users', '/api/users?/../../health'],
]

let server: ServerProcess
beforeAll(async () => {
  server = await startServerProcess()
})
afterAll(() => server?.stop())

/** What became of a request that a handler served, or must become of it. */
type Served = {
  readonly target: string
  readonly pattern: string
  /** The answer names the limit of the pattern. */
  readonly isLimited: boolean
  /** The next one, which the limit refuses, does not get to a handler. */
  readonly isHeld: boolean
  readonly metered: readonly string[]
  readonly counted: readonly string[]
}

test.each(Object.entries({ ...HOSTS, ...GENEROUS_HOSTS }))(
  '%s: however a path leads to a handler, the limit, the rule and the name of its route hold',
  async (name, host) => {
    const { api, key } = await anAccount(server, name)
    await hold(api)
    const { port } = await runHost(host, { serverUrl: server.url, key })
    const isHolding = async () => (await answered(port, '/api/users', 'probe')).limits !== ''
    await expect.poll(isHolding, { timeout: WAIT_MS, interval: POLL_MS }).toBe(true)

    const served = new Map<string, Omit<Served, 'metered' | 'counted'>>()
    for (const [at, target] of targets().entries()) {
      const { pattern, limits } = await answered(port, target, `caller_${at}`)
      if (pattern === null || EXEMPT.includes(pattern)) continue
      const again = await answered(port, target, `caller_${at}`)
      const isLimited = limits.includes(`"${POLICIES[pattern]}"`)
      served.set(`caller_${at}`, { target, pattern, isLimited, isHeld: again.pattern === null })
    }

    const patterns = new Set([...served.values()].map(({ pattern }) => pattern))
    expect([...patterns].sort()).toEqual(Object.keys(POLICIES).sort())
    const expected = [...served.values()].map(({ target, pattern }) => ({
      ...{ target, pattern, isLimited: true, isHeld: true },
      ...{ metered: [`${POLICIES[pattern]} ${pattern}`], counted: [pattern] },
    }))
    const known = async (): Promise<Served[]> => {
      const counted = await countedRoutes(api)
      const all = [...served].map(async ([customer, seen]) => ({
        ...{ ...seen, metered: await meteredOf(api, customer) },
        counted: counted.get(customer) ?? [],
      }))
      return Promise.all(all)
    }
    const isThere = async () =>
      (await known()).every((each) => each.metered.length > 0 && each.counted.length > 0)
    await expect.poll(isThere, { timeout: WAIT_MS, interval: POLL_MS }).toBe(true)
    expect(await known()).toEqual(expected)
  },
)

/** A policy for each pattern, with a limit of one, and one for whatever else there is, which has no limit. */
async function hold(api: ApiClient): Promise<void> {
  const sources = [{ from: 'header', name: 'x-user-id' }]
  await set(api, '/api/v1/control/strategies', { key: 'by-user', name: 'By user', sources })
  const common = { method: '*', strategy: 'by-user', withoutAnswer: 'refuse', deadlineMs: 1_000 }
  const policies = Object.entries(POLICIES).map(([url, event]) => ({
    ...{ ...common, key: event.toLowerCase().replaceAll('_', '-'), name: event, url },
    limits: [{ name: event, limit: 1, window: '366d' }],
    metering: [{ event }],
  }))
  const rest = { ...common, key: 'rest', name: 'The rest', url: '*', metering: [{ event: 'REST' }] }
  await set(api, '/api/v1/control/policies', ...policies, rest)
}

/** Those of the corpus of all packages, and ours; each once. What no request line can have is left out. */
function targets(): readonly string[] {
  const file = path.join(import.meta.dirname, '../../conformance/path-confusion.json')
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: { target: unknown }[] }
  const shared = cases.flatMap(({ target }) => (typeof target === 'string' ? [target] : []))
  return [...new Set([...shared, ...FURTHER_TARGETS])].filter((target) => /^[!-~]+$/.test(target))
}

type Answer = {
  /** What the handler calls itself; null if none has served. */
  readonly pattern: string | null
  /** What the answer says of limits. */
  readonly limits: string
}

/** Sends the target as it is. What refused for want of an answer is asked again. */
async function answered(port: number, target: string, customer: string): Promise<Answer> {
  for (;;) {
    const text = await exchanged(
      port,
      `GET ${target} HTTP/1.1\r\nHost: h\r\nx-user-id: ${customer}\r\nConnection: close\r\n\r\n`,
    )
    if (text.startsWith('HTTP/1.1 503')) continue
    const [head = ''] = text.split('\r\n\r\n')
    return { pattern: header(head, 'x-served'), limits: header(head, 'ratelimit-policy') ?? '' }
  }
}

function exchanged(port: number, request: string): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', () => {}) // some close hard what they do not understand
    socket.on('close', () => resolve(text))
  })
}

function header(head: string, name: string): string | null {
  return new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1]?.trim() ?? null
}

async function meteredOf(api: ApiClient, customer: string): Promise<string[]> {
  const { body } = await api.get(`/api/v1/events?customerId=${customer}`)
  const { data } = body as { data: readonly { name: string; metadata: { route?: string } }[] }
  return data.map(({ name, metadata }) => `${name} ${metadata.route}`)
}

/** By customer, of requests that have a route: a package may not know that of what it refuses. */
async function countedRoutes(api: ApiClient): Promise<Map<string, string[]>> {
  const { body } = await api.get('/api/v1/control/endpoints')
  const { data } = body as { data: readonly { id: string; route: string | null }[] }
  const found = new Map<string, string[]>()
  for (const { id, route } of data) {
    if (route === null) continue
    const customers = await api.get(`/api/v1/control/endpoints/${id}/customers?limit=100`)
    for (const { customerId } of (customers.body as { data: { customerId: string }[] }).data)
      found.set(customerId, [...(found.get(customerId) ?? []), route])
  }
  return found
}
