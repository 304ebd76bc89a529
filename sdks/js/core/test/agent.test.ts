import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { aPolicy, aStrategy } from '../../../../apps/server/src/control/test-control.ts'
import type { Agent } from '../src/index.ts'
import { type AgentWorld, anAgentWorld, aRequest, statusOf } from './agent-world.ts'
import { runHost } from './run-host.ts'

/** Nobody passes because the machine is slow. */
const IN_DOUBT = { deadlineMs: 1_000, withoutAnswer: 'refuse' }

let world: AgentWorld

beforeEach(async () => {
  world = await anAgentWorld()
  await world.control.good('POST', '/strategies', aStrategy())
})

async function aLimit(limit: object, more: object = {}): Promise<void> {
  const limits = [{ name: 'all', limit: 10, window: '366d', ...limit }]
  const policy = aPolicy({ strategy: 'by-user', limits, ...IN_DOUBT, ...more })
  await world.control.good('POST', '/policies', policy)
}

async function ready(...agents: readonly Agent[]): Promise<void> {
  for (const agent of agents) await expect.poll(() => agent.isReady).toBe(true)
}

/** Asks until the answer is no, and says how often it was yes, and how often none came in time. */
async function asked(agent: Agent, incoming = aRequest()) {
  for (let [passed, unanswered] = [0, 0]; ; ) {
    const status = await statusOf(agent, incoming)
    if (status === 429) return { passed, unanswered }
    if (status === 200) passed += 1
    else unanswered += 1
  }
}

const sum = <K extends string>(all: readonly Readonly<Record<K, number>>[], of: K) =>
  all.reduce((total, each) => total + each[of], 0)

const passing = async (agent: Agent, incoming = aRequest()) => (await asked(agent, incoming)).passed

describe('a limit', () => {
  test.each(['fixed_window', 'sliding_window'])(
    'of a %s is used up by three processes together, and never exceeded',
    async (algorithm) => {
      await aLimit({ limit: 60, algorithm })
      const agents = [world.agent(), world.agent(), world.agent()]
      await ready(...agents)
      const each = await Promise.all(agents.map((agent) => asked(agent)))
      const [passed, unanswered] = [sum(each, 'passed'), sum(each, 'unanswered')]
      expect(passed).toBeLessThanOrEqual(60)
      expect(passed + unanswered).toBeGreaterThanOrEqual(60) // the server counts what it answers too late
    },
  )

  test('of a month is used up by two processes together, and says when the month ends', async () => {
    await aLimit({ limit: 20, window: undefined, period: 'month' })
    const [one, other] = [world.agent(), world.agent()]
    await ready(one, other)
    const begun = await one.guard([{ method: '*', url: '*' }]).begin(aRequest())
    const monthEnd = new Date()
    monthEnd.setUTCMonth(monthEnd.getUTCMonth() + 1, 1)
    const leftS = Math.ceil((monthEnd.setUTCHours(0, 0, 0, 0) - Date.now()) / 1_000)
    expect(begun?.headers['RateLimit-Policy']).toBe('"all";q=20;w=2678400')
    const [, toldS] = /t=(\d+)/.exec(begun?.headers.RateLimit ?? '') ?? []
    expect(Number(toldS) - leftS).toBeLessThan(60)
    expect((await passing(one)) + (await passing(other))).toBe(19)
  })

  test('is not exceeded by requests that come at one time, and the first of them share one ask', async () => {
    await aLimit({ limit: 20 })
    const agent = world.agent()
    await ready(agent)
    const statuses = await Promise.all(Array.from({ length: 60 }, () => statusOf(agent)))
    const more = await passing(agent)
    expect(statuses.filter((status) => status === 200).length + more).toBe(20)
  })

  test('of a sliding window loses nothing to requests that another limit refuses', async () => {
    const limits = [
      { name: 'each', limit: 5, window: '366d' },
      { name: 'together', limit: 30, window: '366d', algorithm: 'sliding_window', per: 'all' },
    ]
    const policy = aPolicy({ strategy: 'by-user', limits, ...IN_DOUBT })
    await world.control.good('POST', '/policies', policy)
    const agent = world.agent()
    await ready(agent)
    const atOnce = await Promise.all(Array.from({ length: 60 }, () => statusOf(agent)))
    const first = atOnce.filter((status) => status === 200).length + (await passing(agent))
    const others = ['bob', 'cid', 'dan', 'eve', 'fay', 'gil']
    const passed = []
    for (const name of others) passed.push(await passing(agent, aRequest(name)))
    expect([first, ...passed]).toEqual([5, 5, 5, 5, 5, 5, 0])
  })

  test('goes on with what a process has given back at its end', async () => {
    await aLimit({ limit: 80, window: '1d', algorithm: 'token_bucket' })
    const first = world.agent()
    await ready(first)
    await expect.poll(() => statusOf(first)).toBe(200)
    await first.close()
    const second = world.agent()
    await ready(second)
    expect(await passing(second)).toBe(79)
  })

  test('of a policy that only shadows lets everything through, at once', async () => {
    await aLimit({ limit: 1 }, { mode: 'shadow' })
    const agent = world.agent()
    await ready(agent)
    const guard = agent.guard([{ method: '*', url: '*' }])
    for (let call = 0; call < 5; call += 1) {
      const begun = guard.begin(aRequest())
      expect(begun).not.toBeInstanceOf(Promise)
      expect(begun).toMatchObject({ refusal: null, headers: {} })
    }
  })

  test('that one policy refuses costs the others nothing', async () => {
    await aLimit({ limit: 3 }, { key: 'few', method: 'GET' })
    const rateLimits = { '/api/users': { limit: 5, window: '366d' } }
    const agent = world.agent({ rateLimits })
    await ready(agent)
    expect(await passing(agent)).toBe(3)
    const post = () => statusOf(agent, aRequest('ann', { method: 'POST' }))
    await expect.poll(post).toBe(429)
  })
})

test('what changes on the server holds soon after', async () => {
  const agent = world.agent()
  await ready(agent)
  expect(await statusOf(agent)).toBe(200)
  await world.control.good('POST', '/policies', aPolicy({ strategy: 'by-user' }))
  const block = { kind: 'customer', id: 'ann' }
  const { blockId } = await world.control.good('POST', '/blocks', block)
  await expect.poll(() => statusOf(agent)).toBe(403)
  await world.control.good('DELETE', `/blocks/${blockId}`)
  await expect.poll(() => statusOf(agent)).toBe(200)
})

test('a program that ends reports what it has seen before it does', async () => {
  const paths: (string | undefined)[] = []
  const server = createServer(({ url }, response) => {
    paths.push(url)
    response.end('{}')
  })
  const { end } = await runHost('decides', { USAGEFLOW_URL: await listening(server) })
  expect(end).toBe(0)
  expect(paths).toContain('/api/v1/control/reports')
})

test('a request is read as every server might read it', async () => {
  await aLimit({ limit: 1 }, { url: '/api/users' })
  const agent = world.agent()
  await ready(agent)
  expect(await passing(agent)).toBe(1)
  for (const target of ['/API/users', '/api//users', '/api/%75sers', '/x/../api/users'])
    expect(await statusOf(agent, aRequest('ann', { target }))).toBe(429)
})

describe('a server that never answers', () => {
  const silence = () => listening(createServer(() => {}))

  test('is waited for until the deadline, and by nobody once it has failed five times', async () => {
    const rateLimits = { '/api/users': { limit: 1, window: '1h' } }
    const agent = world.agent({ baseUrl: await silence(), rateLimits, timeoutMs: 20 })
    const guard = agent.guard([{ method: '*', url: '*' }])
    expect(await statusOf(agent)).toBe(200)
    await expect
      .poll(() => {
        const begun = guard.begin(aRequest())
        return begun instanceof Promise
      })
      .toBe(false)
  })

  test('does not hold a process that has nothing left to do', async () => {
    const { end } = await runHost('decides', { USAGEFLOW_URL: await silence() })
    expect(end).toBe(0)
  })

  test('does not keep a process from closing', async () => {
    const agent = world.agent({ baseUrl: await silence() })
    await statusOf(agent)
    await agent.close(10)
    expect(agent.guard([{ method: '*', url: '*' }]).begin(aRequest())).toBeNull()
  })
})

test('what waited for a decision while the server failed is not asked afterwards', async () => {
  const asked: number[] = []
  const known = JSON.stringify({ now: new Date(), strategies: [], policies: [], blocks: [] })
  let isFailing = true
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (!request.url?.endsWith('/leases')) return void response.end(known)
    if (isFailing) return void response.writeHead(503).end()
    const { ask } = JSON.parse(`${Buffer.concat(chunks)}`)
    asked.push(ask.length)
    const yes = { isAllowed: true, remaining: 1, resetMs: 1, retryAfterMs: 0 }
    response.end(
      JSON.stringify({ results: ask.map(({ id }: object & { id: string }) => ({ id, ...yes })) }),
    )
  })
  const limit = { limit: 1_000, window: '1h', algorithm: 'sliding_window' } as const
  const agent = world.agent({
    baseUrl: await listening(server),
    rateLimits: { '/api/users': limit },
  })
  await ready(agent)
  for (let call = 0; call < 100; call += 1) expect(await statusOf(agent)).toBe(200)
  isFailing = false
  await expect.poll(async () => (await statusOf(agent)) && asked.at(-1), { timeout: 5_000 }).toBe(1)
  expect(Math.max(...asked)).toBe(1)
})

/** Where it listens until the test has ended. */
async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
