import { setTimeout as sleep } from 'node:timers/promises'
import { type Arena, openArena } from '../arena.ts'
import type { Target as Server } from '../http-client.ts'
import { createKey, createOrganization } from '../product.ts'
import { type Finding, printTable } from '../report.ts'
import type { Setting } from '../scenarios.ts'
import { poster } from '../world.ts'
import { FRAMEWORKS, prepare, type RunningHost, startHost } from './hosts.ts'
import { paced, send, type Target, targetAt, type Went } from './load.ts'

type Algorithm = 'fixed_window' | 'token_bucket'

/** One limit, one customer, and how his requests come to the processes. */
type Case = {
  readonly name: string
  readonly algorithm: Algorithm
  /** Of each process. */
  readonly shares: readonly number[]
  /** Whether the server is killed and comes back half-way. */
  readonly isRestarted: boolean
}

type Course = {
  readonly arena: Arena
  readonly apiKey: string
  readonly hosts: readonly Target[]
  readonly perSecond: number
}

const LIMIT = 1_000
const WINDOW_MS = 3_600_000
/** What the hand-outs of a limit may leave lying unused when somebody is refused for the first time. */
const LEAST = 950
const PROCESSES = 4
const PER_SECOND = 150
const WAVE = 150
/** Until so many were refused it is asked for more, unless that never comes. */
const REFUSED = 200
const REQUESTS_MAX = 12_000
const BROKEN = 1.2 * LIMIT
const EVEN = [0.25, 0.25, 0.25, 0.25]
const SKEWED = [0.85, 0.09, 0.04, 0.02]
/** What a case takes, with room: it must not see two windows. */
const CASE_MS = 120_000
const KNOWN_MS_MAX = 15_000
const POLL_MS = 100

const CASES: readonly Case[] = (['fixed_window', 'token_bucket'] as const).flatMap((algorithm) => {
  const kind = algorithm.replace('_', '-')
  return [
    { name: `${kind}-even`, algorithm, shares: EVEN, isRestarted: false },
    { name: `${kind}-skewed`, algorithm, shares: SKEWED, isRestarted: false },
    { name: `${kind}-restarted`, algorithm, shares: EVEN, isRestarted: true },
  ]
})

/** Four processes of a host share one limit, by what a real server lends them. */
export async function shareLimits(setting: Setting): Promise<Finding[]> {
  const { framework, folder } = setting
  const perSecond = setting.perSecond ?? PER_SECOND
  const arena = await openArena({ ...setting, servers: 1, hasProxy: false })
  const running: RunningHost[] = []
  const findings: Finding[] = []
  try {
    const ours = await createOrganization(arena.product, 'Limits', '2026-01-01T00:00:00Z')
    const { key: apiKey } = await createKey(arena.product, ours, 'live')
    const post = poster(theServer(arena), apiKey)
    const sources = [{ from: 'header', name: 'x-user-id' }]
    await post('/api/v1/control/strategies', { key: 'by-user', name: 'By user', sources })
    for (const one of CASES) await post('/api/v1/control/policies', policyOf(one))
    for (const one of FRAMEWORKS.filter((one) => one === (framework ?? 'express'))) {
      const program = prepare(one, folder)
      const env = { USAGEFLOW_URL: urlOf(arena), USAGEFLOW_API_KEY: apiKey }
      for (let process = 0; process < PROCESSES; process += 1)
        running.push(await startHost(program, `limits-${process}`, env))
      const hosts = running.map(({ port }) => targetAt(port))
      const course = { arena, apiKey, hosts, perSecond }
      for (const case_ of CASES) findings.push(...(await runCase(course, case_)))
      printTable('Did', [
        ['processes', `${PROCESSES} of ${one}`],
        ['cases', `${CASES.length}, ${perSecond} requests a second`],
      ])
    }
    return findings
  } finally {
    await Promise.all(running.map((host) => host.stop()))
    await arena.close()
  }
}

/**
 * Where the server stays, nobody passes without its word: a machine that is too slow for it costs patience, and
 * says nothing about the limit. Where it goes away, whoever it does not answer passes, and is counted apart.
 */
function policyOf({ name, algorithm, isRestarted }: Case): object {
  return {
    ...{ key: name, name, url: `/free/${name}`, strategy: 'by-user' },
    ...(isRestarted ? { withoutAnswer: 'allow' } : { withoutAnswer: 'refuse', deadlineMs: 1_000 }),
    limits: [{ name: 'hourly', algorithm, limit: LIMIT, window: '1h' }],
  }
}

async function runCase(course: Course, one: Case): Promise<Finding[]> {
  await untilKnown(course, one)
  await untilWindowHasRoom()
  const startedAt = Date.now()
  const went: Went[] = []
  let restarting: Promise<string | null> | null = null
  const isOver = () =>
    count(went, 429) >= REFUSED || decidedOf(went) > BROKEN || went.length >= REQUESTS_MAX
  while (!isOver()) {
    if (one.isRestarted && decidedOf(went) >= LIMIT / 2) restarting ??= restart(course.arena)
    const sent = went.length
    await paced(WAVE, course.perSecond, async (nth) => {
      went.push(await send(targetOf(course, one, sent + nth), askFor(one, 'ann')))
    })
  }
  const problem = await restarting
  if (problem) throw new Error(problem)
  return findingsOf(one, went, Date.now() - startedAt)
}

/** Resolves to what went wrong, which is thrown where it is waited for. */
async function restart({ servers }: Arena): Promise<string | null> {
  return Promise.all(servers.map((server) => server.kill())).then(
    () => null,
    (error) => String(error),
  )
}

/** By somebody else, since that counts. */
async function untilKnown({ hosts }: Course, one: Case): Promise<void> {
  const endMs = Date.now() + KNOWN_MS_MAX
  for (const [nth, host] of hosts.entries())
    while (!(await send(host, askFor(one, `warm-${nth}`))).isDecided) {
      if (Date.now() > endMs) throw new Error(`${one.name}: a host does not know what holds`)
      await sleep(POLL_MS)
    }
}

async function untilWindowHasRoom(): Promise<void> {
  const leftMs = WINDOW_MS - (Date.now() % WINDOW_MS)
  if (leftMs < CASE_MS) await sleep(leftMs + POLL_MS)
}

function askFor({ name }: Case, customer: string) {
  return { method: 'GET' as const, path: `/free/${name}`, customer }
}

/** Spread evenly over time, each process as often as its share says. */
function targetOf({ hosts }: Course, { shares }: Case, nth: number): Target {
  const place = (nth * 0.618033988749895) % 1 // the golden ratio fills every interval evenly
  let upTo = 0
  const index = shares.findIndex((share) => {
    upTo += share
    return place < upTo
  })
  return hosts[Math.max(index, 0)] as Target // there is one for each share
}

function findingsOf(one: Case, went: readonly Went[], tookMs: number): Finding[] {
  const decided = decidedOf(went)
  const refused = count(went, 429)
  const apart = count(went, 200) - decided
  const undecided = count(went, 503)
  const others = went.length - decided - refused - apart - undecided
  const first = went.findIndex(({ status }) => status === 429)
  const beforeFirst = count(went.slice(0, Math.max(first, 0)), 200)
  const filled = one.algorithm === 'token_bucket' ? Math.ceil((tookMs * LIMIT) / WINDOW_MS) : 0
  const name = (what: string) => `${one.name}: ${what}`
  const findings: Finding[] = [
    {
      name: name('let through at most'),
      said: `${decided} of ${LIMIT + filled}; then ${refused} refused`,
      holds: decided <= LIMIT + filled && refused >= REFUSED,
      examples: [],
    },
    {
      name: name('without an answer'),
      said: `${apart} let through, ${undecided} not; ${others} answered otherwise`,
      holds: others === 0 && (one.isRestarted || apart === 0),
      examples: [],
    },
  ]
  if (one.shares !== EVEN || one.isRestarted) return findings
  return [
    ...findings,
    {
      name: name('let through before the first was refused'),
      said: `${beforeFirst} (at least ${LEAST})`,
      holds: beforeFirst >= LEAST,
      examples: [],
    },
  ]
}

function count(went: readonly Went[], status: number): number {
  return went.filter((one) => one.status === status).length
}

/** Those that passed by what was lent. */
function decidedOf(went: readonly Went[]): number {
  return went.filter(({ status, isDecided }) => status === 200 && isDecided).length
}

function theServer({ targets }: Arena): Server {
  return targets[0] as Server // there is one
}

function urlOf(arena: Arena): string {
  return `http://127.0.0.1:${theServer(arena).port}`
}
