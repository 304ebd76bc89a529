import type { IncomingMessage } from 'node:http'
import { connect, createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { aPolicy, aStrategy } from '../../../../apps/server/src/control/test-control.ts'
import { reportedRoutes } from '../../core/test/framework-world.ts'
import { aWorld, EXPRESSES, served, type World } from './world.ts'

const ALL = [{ method: '*', url: '*' }]
const HEALTH = [{ method: 'GET', url: '/api/health' }]
const ANN = { 'x-user-id': 'ann' }

type Inherited = { readonly heir: { readonly params: object; readonly route: { path: string } } }

let world: World

beforeEach(async () => {
  world = await aWorld()
})

describe.each(EXPRESSES)('%s', (_name, express) => {
  test('counts a client that has left before it was decided', async () => {
    const limits = [{ name: 'yearly', limit: 3, window: '366d' }]
    await world.control.good('POST', '/policies', aPolicy({ limits, deadlineMs: 1_000 }))
    const app = express()
    app.use((request: IncomingMessage, _response: never, next: () => void) => {
      next()
      if (request.url === '/left') request.socket.destroy() // while it waits for the lease
    })
    app.use(world.api().createMiddleware(ALL))
    app.get('/left', (_request: never, response: { end(): void }) => response.end())
    const ask = await served(app)
    await expect.poll(async () => (await ask('/warm')).headers['ratelimit-policy']).toBeDefined()
    await ask('/left').catch(() => {})
    await expect.poll(() => reportedRoutes(world)).toContainEqual(expect.stringMatching(/499$/))
  })

  test('holds a policy of the server: so many pass, and then none, and whom it exempts goes on', async () => {
    const { control } = world
    await control.good('POST', '/strategies', aStrategy())
    const limits = [{ name: 'yearly', limit: 3, window: '366d' }]
    const inDoubt = { deadlineMs: 1_000, withoutAnswer: 'refuse' } // a slow machine lets nobody through
    await control.good('POST', '/policies', aPolicy({ strategy: 'by-user', limits, ...inDoubt }))
    const app = express()
    app.use(world.api().createMiddleware(ALL, HEALTH))
    app.get('/api/:what', (_request: never, response: { json(body: object): void }) =>
      response.json({ ok: true }),
    )
    const ask = await served(app)
    await expect.poll(async () => (await ask('/warm')).headers['ratelimit-policy']).toBeDefined()
    const answers = [await ask('/api/users', { headers: ANN })]
    while (answers.at(-1)?.status !== 429) answers.push(await ask('/api/users', { headers: ANN }))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
    expect(answers.at(-1)?.headers['ratelimit-policy']).toBe('"yearly";q=3;w=31622400')
    expect(answers.at(-1)?.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'retry-after': expect.stringMatching(/^\d+$/),
    })
    expect(JSON.parse(answers.at(-1)?.text ?? '')).toMatchObject({
      'violated-policies': ['yearly'],
    })
    const bob = { 'x-user-id': 'bob' }
    await expect.poll(async () => (await ask('/api/users', { headers: bob })).status).toBe(200)
    const health = await ask('/api/health', { headers: ANN })
    expect([health.status, health.headers.ratelimit]).toEqual([200, undefined])
  })

  test('holds a limit that stands in the code', async () => {
    const rateLimits = { '/api/users': { limit: 2, window: '1h' } }
    const app = express()
    app.use(world.api({ rateLimits }).createMiddleware(ALL))
    app.get('/api/users', (_: never, response: { end(): void }) => response.end())
    const ask = await served(app)
    await expect.poll(async () => (await ask('/api/users')).status).toBe(429)
    expect((await ask('/api/other')).status).toBe(404)
  })

  test('counts a request once, however many of its middlewares are in the way', async () => {
    await world.control.good('POST', '/strategies', aStrategy())
    const limits = [{ name: 'yearly', limit: 4, window: '366d' }]
    const inDoubt = { deadlineMs: 1_000, withoutAnswer: 'refuse' }
    const policy = aPolicy({ strategy: 'by-user', limits, ...inDoubt })
    await world.control.good('POST', '/policies', policy)
    const api = world.api()
    const app = express()
    const inner = express.Router()
    inner.use(api.createMiddleware(ALL))
    inner.get('/users', (_: never, response: { end(): void }) => response.end())
    app.use(api.createMiddleware([{ method: 'GET', url: '/api/users' }]))
    app.use('/api', api.createMiddleware(ALL), inner)
    const ask = await served(app)
    await expect.poll(async () => (await ask('/api/w')).headers['ratelimit-policy']).toBeDefined()
    const statuses = [(await ask('/api/users', { headers: ANN })).status]
    while (statuses.at(-1) !== 429)
      statuses.push((await ask('/api/users', { headers: ANN })).status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(4)
  })

  test('shows who is blocked the door', async () => {
    await world.control.good('POST', '/strategies', aStrategy())
    await world.control.good('POST', '/policies', aPolicy({ strategy: 'by-user' }))
    await world.control.good('POST', '/blocks', { kind: 'customer', id: 'ann' })
    const app = express()
    app.use(world.api().createMiddleware(ALL))
    const ask = await served(app)
    await expect.poll(async () => (await ask('/a', { headers: ANN })).status).toBe(403)
    expect((await ask('/a', { headers: { 'x-user-id': 'bob' } })).status).toBe(404)
  })

  test('calls each route by its whole template, also of routers, after a throw, and of none', async () => {
    const app = express()
    app.use(world.api().createMiddleware(ALL))
    const inner = express.Router()
    inner.get('/items/:item', (_: never, response: { end(): void }) => response.end())
    inner.get('/', (_: never, response: { end(): void }) => response.end())
    inner.get('/throws', () => {
      throw new Error('expected')
    })
    app.use('/tenants/:tenant', inner)
    app.get(['/one', '/two'], (_: never, response: { end(): void }) => response.end())
    app.get(/^\/x\d+$/, (_: never, response: { end(): void }) => response.end())
    app.use((_e: never, _r: never, response: { status(n: number): { end(): void } }, _n: never) =>
      response.status(500).end(),
    )
    const ask = await served(app)
    for (const path of [
      '/tenants/7/items/8?a=b',
      '/TENANTS/7/items/9',
      '/tenants/9',
      '/tenants/9/throws',
      '/two',
      '/x12',
    ])
      await ask(path)
    await ask('/nowhere', { method: 'POST' })
    await expect.poll(() => reportedRoutes(world).length).toBe(6)
    expect(reportedRoutes(world).sort()).toEqual([
      'GET /^\\/x\\d+$/ 200',
      'GET /one 200',
      'GET /tenants/:tenant 200',
      'GET /tenants/:tenant/items/:item 200',
      'GET /tenants/:tenant/throws 500',
      'POST null 404',
    ])
  })

  test('tells the route to each of two, and to what inherits from the request what it would find', async () => {
    const app = express()
    app.use(world.api().createMiddleware(ALL), world.api().createMiddleware(ALL))
    app.use((request: object, _response: never, next: () => void) => {
      Object.assign(request, { heir: Object.create(request) })
      next()
    })
    app.get('/items/:item', (request: Inherited, response: { json(body: unknown): void }) =>
      response.json([request.heir.params, request.heir.route.path]),
    )
    const ask = await served(app)
    expect(JSON.parse((await ask('/items/8')).text)).toEqual([{ item: '8' }, '/items/:item'])
    const route = 'GET /items/:item 200'
    await expect.poll(() => reportedRoutes(world)).toEqual([route, route])
  })

  test('meters what rules ask for, of bodies and streams, and sums what it may', async () => {
    const { server, control } = world
    await control.good('POST', '/strategies', aStrategy())
    await control.good('POST', '/policies', aPolicy({ strategy: 'by-user' }))
    const captures = ['/response/body/usage/total', '/request/body/model', '/metadata/team']
    server.rules = [
      { id: 'mrl_1', when: ['2xx'], captures, isSummable: false },
      { id: 'mrl_2', when: ['2xx', '4xx'], captures: [], isSummable: true },
    ]
    const app = express()
    app.use(world.api().createMiddleware(ALL))
    app.use(express.json())
    app.use((request: { usageflow: object }, _: never, next: () => void) => {
      request.usageflow = { metadata: { team: 'red', password: 'x' } }
      next()
    })
    app.post('/chat', (_: never, response: NodeJS.WritableStream & { type(t: string): void }) => {
      response.type('text/event-stream')
      Readable.from(['data: {"usage":', '{"total":7}}\n\n', 'data: [DONE]\n\n']).pipe(response)
    })
    const ask = await served(app)
    await expect.poll(async () => (await ask('/warm')) && server.reports.length).toBeGreaterThan(0)
    const headers = { ...ANN, 'content-type': 'application/json' }
    await ask('/chat', { method: 'POST', headers, body: '{"model":"large"}' })
    for (let call = 0; call < 3; call += 1) await ask('/none', { headers: ANN })
    await expect
      .poll(() => server.usage.reduce((sum, { requests }) => sum + Number(requests), 0))
      .toBe(5)
    const about = { customerId: 'ann', metadata: { team: 'red' } }
    const key = { idempotencyKey: expect.any(String), timestamp: expect.any(String) }
    const chat = { ...about, ...key, method: 'POST', route: '/chat', requests: 1 }
    expect(server.usage.filter(({ ruleId }) => ruleId === 'mrl_1')).toEqual([
      {
        ...{ ...chat, ruleId: 'mrl_1' },
        fields: {
          '/response/body/usage/total': 7,
          '/request/body/model': 'large',
          '/metadata/team': 'red',
        },
      },
    ])
    expect(server.usage).toContainEqual({ ...chat, ruleId: 'mrl_2', fields: {} })
    expect(server.usage.filter(({ route }) => route === null).length).toBeLessThan(3)
  })

  test('leaves every answer as it is, to the byte', async () => {
    const build = (middleware: unknown) => {
      const app = express()
      if (middleware) app.use(middleware)
      app.get('/json', (_: never, response: { json(b: object): void }) => response.json({ a: 'ö' }))
      app.get(
        '/head',
        (_: never, response: NodeJS.WritableStream & { writeHead(...given: unknown[]): void }) => {
          response.writeHead(201, 'Fine', { 'X-One': '1', 'Content-Type': 'application/json' })
          response.write('7b7d', 'hex' as never)
          response.end(Buffer.from('more'))
        },
      )
      app.get('/stream', (_: never, response: NodeJS.WritableStream) => {
        Readable.from(Array.from({ length: 50 }, (_, at) => `${at}`.repeat(5_000))).pipe(response)
      })
      app.get('/empty', (_: never, response: { status(n: number): { end(): void } }) =>
        response.status(204).end(),
      )
      app.get('/away', (_: never, response: { redirect(to: string): void }) =>
        response.redirect('/json'),
      )
      return served(app)
    }
    const { server, control } = world
    await control.good('POST', '/strategies', aStrategy())
    await control.good('POST', '/policies', aPolicy({ strategy: 'by-user' }))
    server.rules = [
      { id: 'mrl_1', when: ['2xx'], captures: ['/response/body/a'], isSummable: false },
    ]
    const plain = await build(null)
    const ours = await build(world.api().createMiddleware(ALL))
    await expect.poll(async () => (await ours('/warm')) && server.reports.length).toBeGreaterThan(0)
    for (const path of ['/json', '/head', '/stream', '/empty', '/away', '/missing'])
      for (const method of ['GET', 'HEAD']) {
        const [one, other] = [
          await plain(path, { method }),
          await ours(path, { method, headers: ANN }),
        ]
        const bare = ({ status, headers: { date, ...headers }, text }: typeof one) => [
          status,
          headers,
          text,
        ]
        expect(bare(other), `${method} ${path}`).toEqual(bare(one))
      }
  })

  test('lets everything pass while the server says nothing, and holds nobody up', async () => {
    world.server.isSilent = true
    const rateLimits = { '/a': { limit: 1, window: '1h' } }
    const app = express()
    app.use(world.api({ rateLimits }).createMiddleware(ALL))
    app.get('/a', (_: never, response: { end(text: string): void }) => response.end('fine'))
    const ask = await served(app)
    for (let call = 0; call < 5; call += 1) expect((await ask('/a')).text).toBe('fine')
  })
})

test('serves HTTP/2, and counts its bytes once', async () => {
  const middleware = world.api().createMiddleware(ALL)
  const server = createServer((request, response) => {
    middleware(request, response, () => response.end('twelve bytes'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  onTestFinished(() => {
    client.destroy()
    server.close()
  })
  const chunks: Buffer[] = []
  for await (const chunk of client.request({ ':path': '/a' })) chunks.push(chunk)
  expect(`${Buffer.concat(chunks)}`).toBe('twelve bytes')
  await expect
    .poll(() => world.server.reports.flatMap(({ statistics }) => statistics))
    .toMatchObject([{ statuses: { 200: 1 }, responseBytes: 12 }])
})

test('without a key it says so once, and everything passes', async () => {
  const [[, express] = []] = EXPRESSES
  const api = world.api({ apiKey: '' })
  const app = express()
  app.use(api.createMiddleware(ALL))
  app.get('/a', (_: never, response: { end(text: string): void }) => response.end('fine'))
  const ask = await served(app)
  expect([(await ask('/a')).text, (await ask('/a')).text]).toEqual(['fine', 'fine'])
  expect(world.errors.map(({ kind }) => kind)).toEqual(['config'])
})

test('patterns and limits that make no sense stop the host where it is put together', () => {
  const rateLimits = { '/api/*/x': { limit: 1, window: '1h' } }
  expect(() => world.api({ rateLimits }).createMiddleware(ALL)).toThrow(
    /rateLimits.*no route pattern/,
  )
  expect(() => world.api().createMiddleware([{ method: 'GET', url: 'api' }])).toThrow(/^routes: /)
})
