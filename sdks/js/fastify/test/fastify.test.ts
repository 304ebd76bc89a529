import { type ClientRequest, request } from 'node:http'
import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { aPolicy, aStrategy } from '../../../../apps/server/src/control/test-control.ts'
import {
  asking,
  aWorld,
  closing,
  reportedRoutes,
  type World,
} from '../../core/test/framework-world.ts'
import { FastifyUsageFlowAPI, type FastifyUsageFlowOptions } from '../src/index.ts'

const require = createRequire(import.meta.url)
const FASTIFIES: readonly (readonly [name: string, make: (options?: object) => FastifyInstance])[] =
  [
    ['Fastify 4', require('fastify4')],
    ['Fastify 5', require('fastify')],
  ]
const ALL = [{ method: '*', url: '*' }]
const HEALTH = [{ method: 'GET', url: '/api/health' }]
const ANN = { 'x-user-id': 'ann' }
const JSON_BODY = { 'content-type': 'application/json' }
const IN_DOUBT = { deadlineMs: 1_000, withoutAnswer: 'refuse' } // a slow machine lets nobody through

let world: World

beforeEach(async () => {
  world = await aWorld()
})

function anApi(options: FastifyUsageFlowOptions = {}): FastifyUsageFlowAPI {
  return closing(new FastifyUsageFlowAPI({ ...world.options, ...options }))
}

/** Serves an instance until the test has ended. Returns how to ask it. */
async function served(app: FastifyInstance) {
  onTestFinished(async () => {
    app.server.closeAllConnections()
    await app.close()
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return asking(app.server)
}

async function aLimit(limit: number, strategy = aStrategy()): Promise<void> {
  await world.control.good('POST', '/strategies', strategy)
  const limits = [{ name: 'yearly', limit, window: '366d' }]
  await world.control.good(
    'POST',
    '/policies',
    aPolicy({ strategy: 'by-user', limits, ...IN_DOUBT }),
  )
}

function bySource(from: string, name: string) {
  return { ...aStrategy(), sources: [{ from, name }] }
}

type Ask = Awaited<ReturnType<typeof served>>

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

describe.each(FASTIFIES)('%s', (_name, fastify) => {
  test('holds a policy of the server: so many pass, and then none, and whom it exempts goes on', async () => {
    await aLimit(3)
    const app = fastify()
    await app.register(anApi().createPlugin(ALL, HEALTH))
    app.get('/api/:what', async () => ({ ok: true }))
    const ask = await served(app)
    await holding(ask)
    expect(await passing(() => ask('/api/users', { headers: ANN }))).toBe(3)
    const refused = await ask('/api/users', { headers: ANN })
    expect(refused.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'ratelimit-policy': '"yearly";q=3;w=31622400',
      'retry-after': expect.stringMatching(/^\d+$/),
    })
    expect(JSON.parse(refused.text)).toMatchObject({ 'violated-policies': ['yearly'] })
    const bob = { 'x-user-id': 'bob' }
    await expect.poll(async () => (await ask('/api/users', { headers: bob })).status).toBe(200)
    const health = await ask('/api/health', { headers: ANN })
    expect([health.status, health.headers.ratelimit]).toEqual([200, undefined])
  })

  test('tells callers apart by what stands in the body, also of one that the schema refuses', async () => {
    await aLimit(2, bySource('body', 'user.id'))
    const app = fastify()
    await app.register(anApi().createPlugin(ALL))
    const schema = { body: { type: 'object', required: ['text'] } }
    app.post('/chat', { schema }, async () => ({ ok: true }))
    const ask = await served(app)
    await holding(ask)
    const send = (id: string, more: object = { text: 'a' }) =>
      ask('/chat', {
        ...{ method: 'POST', headers: JSON_BODY },
        body: JSON.stringify({ user: { id }, ...more }),
      })
    expect(await passing(() => send('ann'))).toBe(2)
    await expect.poll(async () => (await send('bob', {})).status).toBe(400)
    expect(await passing(() => send('bob'))).toBeLessThan(2)
    expect((await ask('/chat', { method: 'POST', headers: JSON_BODY, body: '{' })).status).toBe(400)
    await expect.poll(() => reportedRoutes(world)).toContainEqual('POST /chat 400')
  })

  test('tells callers apart by claims that a hook has found before the handler', async () => {
    await aLimit(2, bySource('claim', 'sub'))
    const app = fastify()
    app.addHook('preHandler', async (request) => {
      Object.assign(request, { token: { sub: request.headers.authorization } })
    })
    await app.register(anApi({ claims: ({ token }) => token }).createPlugin(ALL))
    app.get('/a', async () => 'fine')
    const ask = await served(app)
    await holding(ask)
    const send = (authorization: string) => ask('/a', { headers: { authorization } })
    expect(await passing(() => send('ann'))).toBe(2)
    await expect.poll(async () => (await send('bob')).status).toBe(200)
  })

  test('counts a request once, however often it is registered', async () => {
    await aLimit(4)
    const api = anApi()
    const app = fastify()
    const plugin = api.createPlugin(ALL)
    await app.register(plugin)
    await app.register(plugin)
    await app.register(api.createPlugin([{ method: 'GET', url: '/api/*' }]))
    app.get('/api/users', async () => 'fine')
    const ask = await served(app)
    await holding(ask)
    expect(await passing(() => ask('/api/users', { headers: ANN }))).toBe(4)
  })

  test('calls each route by its template, and tells of those that nobody asks', async () => {
    const app = fastify()
    await app.register(anApi().createPlugin(ALL, HEALTH))
    await app.register(
      async (child) => {
        child.get('/items/:item', async () => 'fine')
        child.get('/throws', async () => {
          throw new Error('expected')
        })
        child.setErrorHandler((_error, _request, reply) => reply.code(503).send('sorry'))
      },
      { prefix: '/tenants/:tenant' },
    )
    app.get('/files/*', async () => 'fine')
    app.route({ method: ['PUT', 'PATCH'], url: '/unasked', handler: async () => 'fine' })
    app.get('/api/health', async () => 'fine')
    const ask = await served(app)
    for (const path of ['/tenants/7/items/8?a=b', '/tenants/9/throws', '/files/a/b', '/api/health'])
      await ask(path)
    await ask('/files/a', { method: 'HEAD' })
    await ask('/nowhere', { method: 'POST' })
    await expect.poll(() => reportedRoutes(world).length).toBe(5)
    expect(reportedRoutes(world).sort()).toEqual([
      'GET /files/* 200',
      'GET /tenants/:tenant/items/:item 200',
      'GET /tenants/:tenant/throws 503',
      'HEAD /files/* 200',
      'POST null 404',
    ])
    const routes = world.server.reports.flatMap(({ routes }) => (routes ?? []) as never[])
    expect(routes.map(({ method, route }) => `${method} ${route}`).sort()).toEqual([
      'GET /files/*',
      'GET /tenants/:tenant/items/:item',
      'GET /tenants/:tenant/throws',
      'HEAD /api/health',
      'HEAD /files/*',
      'HEAD /tenants/:tenant/items/:item',
      'HEAD /tenants/:tenant/throws',
      'PATCH /unasked',
      'PUT /unasked',
    ])
  })

  test('meters what rules ask for, of bodies, streams and what the host writes itself', async () => {
    await aLimit(1_000)
    const captures = ['/response/body/usage/total', '/request/body/model', '/metadata/team']
    world.server.rules = [
      { id: 'mrl_1', when: ['2xx'], captures: [...captures, '/request/params/id'] },
    ]
    const app = fastify()
    await app.register(anApi().createPlugin(ALL))
    app.addHook('preHandler', async (request) => {
      request.usageflow = { metadata: { team: 'red', password: 'x' } }
    })
    const events = () => Readable.from(['data: {"usage":', '{"total":7}}\n\n', 'data: [DONE]\n\n'])
    app.post('/json/:id', async () => ({ usage: { total: 5 } }))
    app.post('/stream/:id', (_request, reply) => reply.type('text/event-stream').send(events()))
    app.post('/raw/:id', (_request, reply) => {
      reply.hijack()
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' })
      events().pipe(reply.raw)
    })
    const ask = await served(app)
    await holding(ask)
    const headers = { ...ANN, ...JSON_BODY }
    const kinds = ['json', 'stream', 'raw']
    for (const kind of kinds) {
      const url = `/${kind}/9`
      const answer = await ask(url, { method: 'POST', headers, body: '{"model":"large"}' })
      expect(answer.headers['ratelimit-policy']).toBeDefined()
    }
    await expect.poll(() => world.server.usage.length).toBe(3)
    const fields = { '/request/body/model': 'large', '/metadata/team': 'red' }
    const total = (kind: string) => (kind === 'json' ? 5 : 7)
    expect(world.server.usage).toEqual(
      kinds.map((kind) =>
        expect.objectContaining({
          ...{ ruleId: 'mrl_1', customerId: 'ann', route: `/${kind}/:id` },
          fields: {
            ...{ ...fields, '/response/body/usage/total': total(kind) },
            '/request/params/id': '9',
          },
        }),
      ),
    )
  })

  test('counts what is uploaded, and who does not wait for an answer', async () => {
    const app = fastify()
    await app.register(anApi().createPlugin(ALL))
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    app.put('/files', async ({ body }) => {
      let bytes = 0
      for await (const chunk of body as Readable) bytes += chunk.length
      return { bytes }
    })
    const left: ClientRequest[] = []
    app.get('/never', () => {
      for (const leaving of left) leaving.destroy()
      return new Promise(() => {})
    })
    const ask = await served(app)
    const put = { method: 'PUT', headers: { 'content-type': 'application/octet-stream' } }
    const uploaded = await ask('/files', { ...put, body: 'x'.repeat(300_000) })
    expect(uploaded.text).toBe('{"bytes":300000}')
    const { port } = app.server.address() as { port: number }
    const leaving = request({ host: '127.0.0.1', port, path: '/never' })
    left.push(leaving.on('error', () => {}))
    leaving.end()
    await expect.poll(() => reportedRoutes(world)).toContainEqual('GET /never 499')
    const rows = world.server.reports.flatMap(({ statistics }) => (statistics ?? []) as object[])
    expect(rows).toContainEqual(expect.objectContaining({ route: '/files', requestBytes: 300_000 }))
  })

  test('leaves every answer as it is, to the byte', async () => {
    const build = async (plugin: ReturnType<FastifyUsageFlowAPI['createPlugin']> | null) => {
      const app = fastify()
      if (plugin) await app.register(plugin)
      app.get('/json', async () => ({ a: 'ö' }))
      app.get('/stream', (_request, reply) => {
        const parts = Array.from({ length: 50 }, (_, at) => `${at}`.repeat(5_000))
        return reply.send(Readable.from(parts, { objectMode: false }))
      })
      app.get('/raw', (_request, reply) => {
        reply.hijack()
        reply.raw.writeHead(201, 'Fine', { 'X-One': '1', 'Content-Type': 'application/json' })
        reply.raw.write('7b7d', 'hex')
        reply.raw.end(Buffer.from('more'))
      })
      app.get('/empty', (_request, reply) => reply.code(204).send())
      app.get('/away', (_request, reply) => reply.code(302).header('location', '/json').send())
      app.get('/throws', async () => {
        throw new Error('expected')
      })
      return served(app)
    }
    await world.control.good('POST', '/strategies', aStrategy())
    await world.control.good('POST', '/policies', aPolicy({ strategy: 'by-user' }))
    world.server.rules = [
      { id: 'mrl_1', when: ['2xx'], captures: ['/response/body/a'], isSummable: false },
    ]
    const plain = await build(null)
    const ours = await build(anApi().createPlugin(ALL))
    await expect
      .poll(async () => (await ours('/json', { headers: ANN })) && world.server.usage.length)
      .toBeGreaterThan(0)
    for (const path of ['/json', '/stream', '/raw', '/empty', '/away', '/throws', '/missing'])
      for (const method of ['GET', 'HEAD']) {
        const [one, other] = [
          await plain(path, { method }),
          await ours(path, { method, headers: ANN }),
        ]
        const bare = ({ status, headers: { date, ...headers }, text }: typeof one) => [
          ...[status, headers, text],
        ]
        expect(bare(other), `${method} ${path}`).toEqual(bare(one))
      }
  })

  test('sees what is injected, and says all when the last instance is closed', async () => {
    const api = anApi()
    const plugin = api.createPlugin(ALL)
    const [one, other] = [fastify(), fastify()]
    for (const app of [one, other]) {
      app.register(plugin)
      app.get('/a', async () => 'fine')
    }
    await Promise.all([one.ready(), other.ready()])
    await other.close()
    expect((await one.inject({ url: '/a', headers: ANN })).body).toBe('fine')
    await one.close()
    expect(reportedRoutes(world)).toContainEqual('GET /a 200')
  })

  test('lets everything pass while the server says nothing, and holds nobody up', async () => {
    world.server.isSilent = true
    const app = fastify()
    await app.register(
      anApi({ rateLimits: { '/a': { limit: 1, window: '1h' } } }).createPlugin(ALL),
    )
    app.get('/a', async () => 'fine')
    const ask = await served(app)
    for (let call = 0; call < 5; call += 1) expect((await ask('/a')).text).toBe('fine')
  })
})

test('patterns that make no sense stop the host where it is put together', () => {
  expect(() => anApi().createPlugin([{ method: 'GET', url: 'api' }])).toThrow(/^routes: /)
})
