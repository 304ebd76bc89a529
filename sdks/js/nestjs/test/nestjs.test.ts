import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { aPolicy, aStrategy } from '../../../../apps/server/src/control/test-control.ts'
import { asking, aWorld, reportedRoutes, type World } from '../../core/test/framework-world.ts'
import type { UsageFlowModuleOptions } from '../src/index.ts'
import { hostOf, VERSIONS } from './hosts.ts'

const HEALTH = [{ method: 'GET', url: '/api/v1/things/health' }]
const ANN = { 'x-user-id': 'ann' }
const IN_DOUBT = { deadlineMs: 1_000, withoutAnswer: 'refuse' } // a slow machine lets nobody through
const CASES = VERSIONS.flatMap((version) =>
  (['express', 'fastify'] as const).map((kind) => [version, kind] as const),
)

let world: World

beforeEach(async () => {
  world = await aWorld()
})

async function aLimit(limit: number, sources = aStrategy().sources): Promise<void> {
  await world.control.good('POST', '/strategies', { ...aStrategy(), sources })
  const limits = [{ name: 'yearly', limit, window: '366d' }]
  const policy = aPolicy({ strategy: 'by-user', limits, ...IN_DOUBT })
  await world.control.good('POST', '/policies', policy)
}

type Ask = ReturnType<typeof asking>

/** Waits until a limit is asked for, with nobody's name. */
async function holding(ask: Ask): Promise<void> {
  await expect.poll(async () => (await ask('/warm')).headers['ratelimit-policy']).toBeDefined()
}

/** How many go through before one is refused. */
async function passing(send: () => ReturnType<Ask>): Promise<number> {
  const statuses = [(await send()).status]
  while (statuses.at(-1) !== 429) statuses.push((await send()).status)
  return statuses.filter((status) => status === 200).length
}

describe.each(CASES)('%s on %s', (version, kind) => {
  let host: Awaited<ReturnType<typeof hostOf>>

  beforeAll(async () => {
    host = await hostOf(version)
  })

  async function served(options: UsageFlowModuleOptions = {}, isAsync = false): Promise<Ask> {
    const app = await host.start(kind, { ...world.options, ...options }, isAsync)
    onTestFinished(async () => {
      app.getHttpServer().closeAllConnections()
      await app.close()
    })
    return asking(app.getHttpServer())
  }

  test('holds a policy of the server before any guard, also where there is no route', async () => {
    await aLimit(3)
    const ask = await served({ whitelistRoutes: HEALTH })
    await holding(ask)
    expect(await passing(() => ask('/api/v1/things/7', { headers: ANN }))).toBe(3)
    expect((await ask('/api/v1/things/with/guard', { headers: ANN })).status).toBe(429)
    const refused = await ask('/nowhere', { headers: ANN })
    expect([refused.status, refused.headers['content-type']]).toEqual([
      ...[429, 'application/problem+json'],
    ])
    expect((await ask('/api/v1/things/health', { headers: ANN })).status).toBe(200)
  })

  test('calls each route by its template, with prefix and version, and by what became of it', async () => {
    const ask = await served({ routes: [{ method: '*', url: '*' }] }, true)
    const things = '/api/v1/things'
    for (const path of [
      '7?a=b',
      'is/a/teapot',
      'that/breaks',
      'live/events',
      'by/hand',
      'with/guard',
    ])
      await ask(`${things}/${path}`)
    const headers = { 'content-type': 'application/json' }
    await ask(things, { method: 'POST', headers, body: '{"a":1}' })
    await ask(things, { method: 'POST', headers, body: '{' })
    await ask('/nowhere')
    const expected = [
      ...['GET /api/v1/things/:id 200', 'GET /api/v1/things/by/hand 200'],
      ...['GET /api/v1/things/is/a/teapot 418', 'GET /api/v1/things/live/events 200'],
      ...['GET /api/v1/things/that/breaks 500', 'GET /api/v1/things/with/guard 401'],
      ...['GET null 404', 'POST /api/v1/things 201'],
    ]
    await expect.poll(() => reportedRoutes(world)).toEqual(expect.arrayContaining(expected))
  })

  test('meters answers and events, with what the host has put beside the request', async () => {
    await aLimit(1_000)
    const captures = ['/response/body/usage/total', '/metadata/team', '/request/body/model']
    world.server.rules = [{ id: 'mrl_1', when: ['2xx'], captures, isSummable: false }]
    const ask = await served()
    await holding(ask)
    await ask('/api/v1/things/7', { headers: ANN })
    await ask('/api/v1/things/live/events', { headers: ANN })
    const headers = { ...ANN, 'content-type': 'application/json' }
    await ask('/api/v1/things', { method: 'POST', headers, body: '{"model":"large"}' })
    await expect.poll(() => world.server.usage.length).toBe(3)
    expect(world.server.usage.map(({ route, fields }) => [route, fields])).toEqual([
      ['/api/v1/things/:id', { '/response/body/usage/total': 5, '/metadata/team': 'red' }],
      ['/api/v1/things/live/events', { '/response/body/usage/total': 7 }],
      ['/api/v1/things', { '/request/body/model': 'large' }],
    ])
  })

  test('tells callers apart by what is in the body, and by claims that a guard has found', async () => {
    await aLimit(2, [...[{ from: 'body', name: 'user' }], ...[{ from: 'claim', name: 'sub' }]])
    const ask = await served({ claims: ({ user }) => user })
    const as = (authorization: string) =>
      ask('/api/v1/things/with/guard', { headers: { authorization } })
    await expect.poll(async () => (await as('bob')).headers['ratelimit-policy']).toBeDefined()
    expect(await passing(() => as('ann'))).toBe(2)
    const refused = await as('ann')
    expect(refused.headers['content-type']).toBe('application/problem+json')
    expect(refused.headers['retry-after']).toMatch(/^\d+$/)
    expect(JSON.parse(refused.text)).toMatchObject({ 'violated-policies': ['yearly'] })
    expect((await ask('/api/v1/things/with/guard')).status).toBe(401)
    const body = JSON.stringify({ user: 'eve' })
    const headers = { 'content-type': 'application/json' }
    const post = () => ask('/api/v1/things', { method: 'POST', headers, body })
    await expect.poll(async () => (await post()).status).toBe(201)
    await expect.poll(async () => (await post()).status).toBe(429)
    await expect
      .poll(() => reportedRoutes(world))
      .toContainEqual('GET /api/v1/things/with/guard 401')
  })

  test('says all that there is to say when the application is closed', async () => {
    const app = await host.start(kind, world.options)
    await asking(app.getHttpServer())('/api/v1/things/7')
    await app.close()
    expect(reportedRoutes(world)).toEqual(['GET /api/v1/things/:id 200'])
  })
})

test.each(VERSIONS)(
  '%s: leaves a context without HTTP alone, in which usage can be tracked',
  async (version) => {
    const { trackAlone } = await hostOf(version)
    await trackAlone(world.options)
    expect(reportedRoutes(world)).toEqual([])
  },
)

test.each(VERSIONS)(
  '%s: patterns that make no sense stop the application as it starts',
  async (version) => {
    const { start } = await hostOf(version)
    const routes = [{ method: 'GET', url: 'api' }]
    await expect(start('express', { ...world.options, routes })).rejects.toThrow(/^routes: /)
  },
)
