import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { ChangeWatch } from '../../../../apps/server/src/control/change-watch.ts'
import { controlRoutes } from '../../../../apps/server/src/control/control.routes.ts'
import { measuredUsageRoute } from '../../../../apps/server/src/control/measured-usage.route.ts'
import {
  aPolicy,
  aStrategy,
  NO_BALANCES,
} from '../../../../apps/server/src/control/test-control.ts'
import { silentLog } from '../../../../apps/server/src/platform/log.ts'
import { serveUsage, type TestUsage } from '../../../../apps/server/src/usage/test-usage.ts'
import { Agent, type AgentOptions, type Outgoing, type UsageFlowError } from '../src/index.ts'
import { aRequest, statusOf } from './agent-world.ts'

const CONTROL = '/api/v1/control'

let server: TestUsage
let errors: UsageFlowError[]

beforeEach(async () => {
  errors = []
  server = await serveUsage({}, ({ db, recording }) => {
    const changes = new ChangeWatch({ db, log: silentLog() })
    onTestFinished(() => changes.stop())
    const { authenticate, clock } = recording
    return [
      ...controlRoutes({ db, clock, authenticate, changes, balances: NO_BALANCES }),
      measuredUsageRoute({ db, recording }),
    ]
  })
  await good('POST', '/strategies', aStrategy())
})

async function good(method: string, target: string, body?: unknown) {
  const { status, text, json } = await server.send(method, `${CONTROL}${target}`, { body })
  if (status >= 300) throw new Error(`${method} ${target}: ${status} ${text}`)
  return json
}

async function anAgent(options: AgentOptions = {}): Promise<Agent> {
  const agent = new Agent({
    ...{ apiKey: 'all', baseUrl: `http://127.0.0.1:${server.port}`, application: 'shop' },
    onError: (error) => errors.push(error),
    ...options,
  })
  onTestFinished(() => agent.close(1))
  await expect.poll(() => agent.isReady).toBe(true)
  return agent
}

/** A request to a chat, of which the answer says how many tokens it took. */
async function chat(agent: Agent, customerId: string, tokens: number): Promise<number> {
  const incoming = aRequest(customerId, { method: 'POST', target: '/chat?model=small' })
  const begun = await agent.guard([{ method: '*', url: '*' }]).begin(incoming)
  const status = begun?.refusal?.status ?? 200
  const body = Buffer.from(JSON.stringify({ usage: { total_tokens: tokens } }))
  if (status === 200) begun?.watch('response', 'application/json', '')?.push(body)
  const outgoing: Outgoing = {
    ...{ status, route: '/chat', headers: {}, requestBytes: 10, responseBytes: body.length },
    metadata: { plan: 'free' },
  }
  begun?.end(outgoing)
  return status
}

test('what a process limited, metered and saw is read back from the server, to the request', async () => {
  const policy = aPolicy({
    ...{ key: 'chat', method: 'POST', url: '/chat', strategy: 'by-user', deadlineMs: 1_000 },
    limits: [{ name: 'daily', limit: 3, window: '366d' }],
    metering: [
      { event: 'API_CALL' },
      { event: 'AI_TOKEN', quantity: 'response.body.usage.total_tokens + response.durationMs * 0' },
    ],
  })
  const { id } = await good('POST', '/policies', {
    ...policy,
    mode: 'enforce',
    withoutAnswer: 'refuse',
  })
  const agent = await anAgent()
  const statuses: number[] = []
  for (let tokens = 1; tokens <= 5; tokens += 1) statuses.push(await chat(agent, 'ann', tokens))
  statuses.push(await chat(agent, 'bob', 12_345))
  expect(statuses).toEqual([200, 200, 200, 429, 429, 200])
  await agent.close()

  expect(errors).toEqual([])
  expect(agent.usage()).toEqual({ produced: 8, delivered: 8, queued: 0, refused: 0, dropped: 0 })
  expect(await eventsOf('ann')).toEqual({ API_CALL: ['3'], AI_TOKEN: ['1', '2', '3'] })
  expect(await eventsOf('bob')).toEqual({ API_CALL: ['1'], AI_TOKEN: ['12345'] })

  const [endpoint, ...others] = (await good('GET', '/endpoints')).data
  expect(others).toEqual([])
  expect(endpoint).toMatchObject({
    ...{ application: 'shop', method: 'POST', route: '/chat', requests: 6, unmetered: 0 },
    ...{ statuses: { '2xx': 4, '4xx': 2 }, requestBytes: 60, errorRate: 0 },
    latencyMs: { p50: expect.any(Number) },
  })
  const { data } = await good('GET', `/endpoints/${endpoint.id}/statistics?by=minute`)
  const sum = data.reduce((sum: number, { requests }: { requests: number }) => sum + requests, 0)
  expect(sum).toBe(6)
  const customers = (await good('GET', `/endpoints/${endpoint.id}/customers`)).data
  expect(customers).toMatchObject([
    { customerId: 'ann', requests: 5 },
    { customerId: 'bob', requests: 1 },
  ])
  const { limits } = await good('GET', `/policies/${id}/decisions`)
  expect(limits).toMatchObject([
    {
      ...{ limit: 'daily', mode: 'enforce', refused: 2 },
      identities: [{ kind: 'customer', id: 'ann', refused: 2 }],
    },
  ])
  const [sample] = (await good('GET', '/samples?status=429')).data
  expect(sample).toMatchObject({ status: 429, customerId: 'ann', queryNames: ['model'] })
  expect((await good('GET', '/warnings')).data).toEqual([])
})

/** The amounts of a customer's events by their names. */
async function eventsOf(customerId: string): Promise<Record<string, string[]>> {
  const { data } = (await server.get(`/api/v1/events?customerId=${customerId}&limit=100`)).json
  const amounts: Record<string, string[]> = {}
  const noted = { method: 'POST', route: '/chat', application: 'shop', plan: 'free' }
  for (const { name, amount, metadata } of data) {
    expect(metadata).toEqual(noted)
    amounts[name] = [...(amounts[name] ?? []), amount].sort()
  }
  return amounts
}

async function requestsTold(): Promise<number> {
  const { data } = await good('GET', '/endpoints')
  return data.reduce((sum: number, { requests }: { requests: number }) => sum + requests, 0)
}

test.each([
  ['NUL in a name', '/?%00=1&a%00b=2'],
  ['what is no UTF-8', '/?%ed%a0%80=1&%ff=2'],
  ['a long name', `/?${'x'.repeat(9_000)}=1`],
  ['many names', `/?${Array.from({ length: 1_000 }, (_, at) => `name${at}`).join('&')}`],
])('a request with %s is counted, and takes nothing of the others with it', async (_, target) => {
  const agent = await anAgent()
  const headers = { 'user-agent': '\xff'.repeat(8_000) }
  const clientAddress = 'x'.repeat(8_000)
  expect(await statusOf(agent, { method: 'GET', target, headers, clientAddress })).toBe(200)
  expect(await statusOf(agent)).toBe(200)
  await agent.close()
  expect(errors).toEqual([])
  expect(await requestsTold()).toBe(2)
})

test('nothing that looks like a secret stands in a sample', async () => {
  const agent = await anAgent()
  const secret = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.x1y2z3'
  const headers = { 'user-agent': `bot Authorization: Bearer ${secret}` }
  await statusOf(agent, { method: 'GET', target: `/verify?${secret}&page=1`, headers })
  await agent.close()
  const [sample] = (await good('GET', '/samples')).data
  expect(sample).toMatchObject({ queryNames: ['page'], userAgent: null })
})

test.each([
  ['what it is given', 'shop', 'shop'],
  ['the environment', undefined, 'billing'],
  ['as much of its name as the server takes', `${'x'.repeat(120)}`, 'x'.repeat(100)],
])('an application is called by %s', async (_, application, name) => {
  vi.stubEnv('USAGEFLOW_APPLICATION', 'billing')
  onTestFinished(() => void vi.unstubAllEnvs())
  const agent = await anAgent({ application })
  await statusOf(agent)
  await agent.close()
  expect((await good('GET', '/endpoints')).data).toMatchObject([{ application: name }])
  expect((await good('GET', '/applications')).data).toMatchObject([{ name }])
})

test('more callers in a second than a report has rows for are counted all the same', async () => {
  await good('POST', '/policies', aPolicy({ strategy: 'by-user' }))
  const agent = await anAgent()
  const longName = 'x'.repeat(250)
  for (let at = 0; at < 2_500; at += 1) await statusOf(agent, aRequest(`${longName}${at}`))
  await agent.close()
  expect(errors).toEqual([])
  expect(await requestsTold()).toBe(2_500)
})
