import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Failure } from '../errors.ts'
import { sendJson } from './answer.ts'
import { type Route, rawRoute, route } from './route.ts'
import { KEY, READER_KEY, serveForTest } from './test-app.ts'

const note = route({
  method: 'POST',
  path: '/api/notes',
  tag: 'Notes',
  summary: 'Make a note',
  scope: 'catalog:write',
  body: z.strictObject({ text: z.string().min(1), tags: z.array(z.string()).default([]) }),
  replies: { 201: z.object({ text: z.string(), tags: z.array(z.string()) }) },
  handle: async ({ body }) => ({ status: 201, body: { ...body, secret: 'not for the caller' } }),
})

const list = route({
  method: 'GET',
  path: '/api/notes',
  tag: 'Notes',
  summary: 'List',
  scope: 'usage:read',
  query: z.strictObject({ customerId: z.string().optional() }),
  replies: { 200: z.object({ data: z.array(z.string()) }) },
  handle: async () => ({ status: 200, body: { data: [] } }),
})

const one = route({
  method: 'GET',
  path: '/api/notes/:noteId',
  tag: 'Notes',
  summary: 'One',
  scope: 'usage:read',
  params: z.strictObject({ noteId: z.string() }),
  replies: { 200: z.object({ noteId: z.string() }) },
  handle: async ({ params }) => ({ status: 200, body: params }),
})

const archive = route({
  method: 'POST',
  path: '/api/notes/:noteId/archive',
  tag: 'Notes',
  summary: 'Takes no body',
  scope: 'catalog:write',
  params: z.strictObject({ noteId: z.string() }),
  replies: { 200: z.object({ noteId: z.string() }) },
  handle: async ({ params }) => ({ status: 200, body: params }),
})

const hot = rawRoute({
  method: 'POST',
  path: '/api/track',
  tag: 'Usage',
  summary: 'Hot',
  scope: 'usage:write',
  isHot: true,
  replies: { 201: z.object({}) },
  handleRaw: (request, response) => {
    const isKnown = request.headers['x-usageflow-api-key'] !== undefined
    sendJson(response, isKnown ? 201 : 401, {})
  },
})

const routes: Route[] = [note, list, one, archive, hot]

function failing(fail: () => unknown): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/fails',
      tag: 'Notes',
      summary: 'Fails',
      scope: 'usage:read',
      replies: { 200: z.object({}) },
      handle: async ({ tx }) => {
        await sql`select 1`.execute(tx)
        await fail()
        return { status: 200, body: {} }
      },
    }),
  ]
}

describe('every answer', () => {
  test.each([
    ['a result', 'GET', '/api/notes', KEY, 200],
    ['a refusal', 'GET', '/api/notes', {}, 401],
    ['an unknown address', 'GET', '/nowhere', KEY, 404],
    ['a broken address', 'GET', '/api/notes/%E0%A4%A', KEY, 400],
    ['the life sign', 'GET', '/live', {}, 200],
    ['the readiness', 'GET', '/ready', {}, 200],
    ['the OpenAPI document', 'GET', '/api/v1/openapi.json', {}, 200],
    ['the head of a list', 'HEAD', '/api/notes', KEY, 200],
  ])('names its request and forbids guessing, keeping and framing: %s', async (...row) => {
    const [, method, target, headers, status] = row
    const { send } = await serveForTest(routes)
    const answer = await send(method, target, { headers })
    expect(answer.status).toBe(status)
    expect(answer.headers['x-request-id']).toMatch(/^req_[0-9a-z]{26}$/)
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(answer.headers['content-type']).toMatch(/^application\/json; charset=utf-8$/i)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    if (answer.json?.error)
      expect(answer.json.error).toEqual({
        code: expect.stringMatching(/^[a-z_]+\.[a-z_]+$/),
        message: expect.any(String),
        details: expect.any(Object),
        requestId: answer.headers['x-request-id'],
        docs: expect.stringContaining(answer.json.error.code),
      })
  })

  test('holds what its schema names and nothing else', async () => {
    const { send } = await serveForTest(routes)
    const answer = await send('POST', '/api/notes', { headers: KEY, body: { text: 'a' } })
    expect(answer).toMatchObject({ status: 201, json: { text: 'a', tags: [] } })
    expect(answer.text).not.toContain('secret')
  })
})

describe('a request that has not the right shape', () => {
  const json = { 'content-type': 'application/json' }
  const cases: [string, string, string, object, unknown, string][] = [
    ['an unknown field', 'POST', '/api/notes', {}, { text: 'a', orgId: 'x' }, 'request.malformed'],
    ['a missing field', 'POST', '/api/notes', {}, {}, 'request.malformed'],
    ['a number for a text', 'POST', '/api/notes', {}, { text: 1 }, 'request.malformed'],
    ['a list for an object', 'POST', '/api/notes', {}, [], 'request.malformed'],
    ['no body', 'POST', '/api/notes', {}, undefined, 'request.malformed'],
    ['an empty body', 'POST', '/api/notes', json, undefined, 'json.empty'],
    ['broken JSON', 'POST', '/api/notes', json, '{"text":', 'json.syntax'],
    ['a key twice', 'POST', '/api/notes', json, '{"text":"a","text":"b"}', 'json.repeated_key'],
    ['no media type', 'POST', '/api/notes', {}, '{"text":"a"}', 'request.media_type'],
    [
      'a body where none is taken',
      'POST',
      '/api/notes/1/archive',
      {},
      { a: 1 },
      'request.malformed',
    ],
    ['an unknown query', 'GET', '/api/notes?orgId=1', {}, undefined, 'request.malformed'],
    [
      'an unknown query where none is taken',
      'GET',
      '/api/notes/1?a=1',
      {},
      undefined,
      'request.malformed',
    ],
    [
      'a query twice',
      'GET',
      '/api/notes?customerId=a&customerId=b',
      {},
      undefined,
      'request.malformed',
    ],
    ['a query as a list', 'GET', '/api/notes?customerId[]=a', {}, undefined, 'request.malformed'],
    [
      'a query called __proto__',
      'GET',
      '/api/notes?__proto__=a',
      {},
      undefined,
      'request.malformed',
    ],
    ['NUL in the address', 'GET', '/api/notes/a%00b', {}, undefined, 'request.nul'],
    ['NUL in the query', 'GET', '/api/notes?customerId=%00', {}, undefined, 'request.nul'],
    ['an address that is not UTF-8', 'GET', '/api/notes/%FF', {}, undefined, 'request.broken'],
  ]
  test.each(cases)('is refused, saying why: %s', async (...row) => {
    const [, method, target, headers, body, code] = row
    const { send } = await serveForTest(routes)
    const answer = await send(method, target, { headers: { ...KEY, ...headers }, body })
    expect(answer).toMatchObject({ status: 400, json: { error: { code } } })
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'application/json+x',
    'application/json\ta',
    'application/json, text/plain',
    'text/plain; application/json',
    'nonsense',
    '',
  ])('is refused when its media type is %j, so that no schema is passed by', async (type) => {
    const { send } = await serveForTest(routes)
    const headers = { ...KEY, 'content-type': type }
    const answer = await send('POST', '/api/notes', { headers, body: '{"unknown":1}' })
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'request.media_type' } } })
  })

  test.each([
    'application/json',
    ' application/json',
    'APPLICATION/JSON',
    'application/json;charset=utf-8',
    'application/json ; charset="utf-8"',
  ])('is checked by the same schema however the media type is written: %j', async (type) => {
    const { send } = await serveForTest(routes)
    const headers = { ...KEY, 'content-type': type }
    const unknown = await send('POST', '/api/notes', { headers, body: '{"text":"a","b":1}' })
    expect(unknown).toMatchObject({ status: 400, json: { error: { code: 'request.malformed' } } })
    const good = await send('POST', '/api/notes', { headers, body: '{"text":"a"}' })
    expect(good.status).toBe(201)
  })

  test('is refused when the body is larger than 1 MiB, told or not told beforehand', async () => {
    const { send } = await serveForTest(routes)
    const body = JSON.stringify({ text: 'a'.repeat(1024 * 1024) })
    const headers = { ...KEY, 'content-type': 'application/json' }
    const told = { ...headers, 'content-length': String(body.length) }
    for (const variant of [told, { ...headers, 'transfer-encoding': 'chunked' }]) {
      const answer = await send('POST', '/api/notes', { headers: variant, body })
      expect(answer).toMatchObject({ status: 400, json: { error: { code: 'request.too_large' } } })
    }
  })

  test('gets an answer of bounded size, whatever it made up', async () => {
    const { send } = await serveForTest(routes)
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`unknown-${n}`, 1]))
    const wrongTags = { text: 'a', tags: Array.from({ length: 20_000 }, () => 1) }
    for (const body of [many, wrongTags]) {
      const answer = await send('POST', '/api/notes', { headers: KEY, body })
      expect(answer.status).toBe(400)
      expect(answer.text.length).toBeLessThan(6_000)
    }
  })
})

describe('the way to a handler', () => {
  const disguises = [
    '//api/notes',
    '/api//notes',
    '/api/notes/',
    '/API/NOTES',
    '/api/notes;x',
    '/api%2Fnotes',
    '/api/./notes',
    '/x/../api/notes',
    '/%61pi/notes',
    '/api/notes%20',
    '/api/notes%2F',
    '/api/notes#x',
    'http://evil.example/api/notes',
    '/api/notes?',
    '/api/notes/?a=1',
  ]
  test.each(disguises)(
    'is barred without a key, however the address is written: %s',
    async (at) => {
      const { send } = await serveForTest(routes)
      for (const method of ['GET', 'HEAD', 'POST']) {
        const { status } = await send(method, at, { body: method === 'POST' ? {} : undefined })
        expect([400, 401, 404]).toContain(status)
      }
    },
  )

  test.each(disguises.map((at) => at.replaceAll('notes', 'track').replaceAll('NOTES', 'TRACK')))(
    'of the hot route is barred without a key: %s',
    async (at) => {
      const { send } = await serveForTest(routes)
      expect([400, 401, 404]).toContain((await send('POST', at, { body: {} })).status)
    },
  )

  test.each(['é'.repeat(255), '😀'.repeat(127), 'a/b', '../..', '%2F', '?x=1#y', ' '])(
    'leads to the thing that is named, however long its name becomes in an address: %s',
    async (name) => {
      const { send } = await serveForTest(routes)
      const target = `/api/notes/${encodeURIComponent(name)}`
      expect(await send('GET', target, { headers: KEY })).toMatchObject({
        status: 200,
        json: { noteId: name },
      })
    },
  )

  test('asks for the key before it reads anything', async () => {
    const { send } = await serveForTest(routes)
    const headers = { 'content-type': 'text/plain' }
    expect((await send('POST', '/api/notes', { headers, body: 'x' })).status).toBe(401)
  })

  test('is barred to a key without the scope, which is told so', async () => {
    const { send } = await serveForTest(routes)
    const answer = await send('POST', '/api/notes', { headers: READER_KEY, body: { text: 'a' } })
    expect(answer).toMatchObject({
      status: 403,
      json: { error: { code: 'auth.scope_missing', details: { scope: 'catalog:write' } } },
    })
  })

  test('ends at a status that says how to authenticate', async () => {
    const { send } = await serveForTest(routes)
    const answer = await send('GET', '/api/notes')
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
  })

  test('exists for no method that was not declared', async () => {
    const { send } = await serveForTest(routes)
    for (const method of ['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'])
      expect((await send(method, '/api/notes', { headers: KEY })).status).toBe(404)
  })
})

describe('a server does not start', () => {
  test('with a route that says not who may call it', async () => {
    const unguarded = { ...list, scope: undefined } as unknown as Route
    await expect(serveForTest([unguarded])).rejects.toThrow('GET /api/notes says neither')
  })

  test('with a route whose scope does not exist', async () => {
    const unguarded = { ...list, scope: 'usage:everything' } as unknown as Route
    await expect(serveForTest([unguarded])).rejects.toThrow('GET /api/notes says neither')
  })
})

describe('what goes wrong inside', () => {
  const duplicate = Object.assign(new Error('duplicate key value violates "one_secret_per_org"'), {
    code: '23505',
    detail: 'Key (secret)=(hunter2) already exists.',
  })
  const overflow = (): number => overflow() + 1
  test.each([
    ['a broken constraint', () => Promise.reject(duplicate)],
    ['an endless recursion', overflow],
    ['a rejection with no error', () => Promise.reject('hunter2')],
    [
      'an error that calls itself a client error of another library',
      () => {
        throw Object.assign(new Error('hunter2'), { code: 'E', status: 400 })
      },
    ],
  ])('stays inside: %s', async (_what, fail) => {
    const { send, logged } = await serveForTest(failing(fail))
    const answer = await send('GET', '/api/fails', { headers: KEY })
    expect(answer).toMatchObject({
      status: 500,
      json: { error: { code: 'internal', details: {} } },
    })
    expect(answer.text).not.toMatch(/hunter2|one_secret|call stack/i)
    expect(logged()).toMatch(/one_secret|hunter2|call stack/)
    expect(logged()).toContain(answer.json.error.requestId)
  })

  test('is an outage when the database is away, with the time after which to retry', async () => {
    const gone = Object.assign(new Error('terminating connection'), { code: '57P01' })
    const { send } = await serveForTest(failing(() => Promise.reject(gone)))
    const answer = await send('GET', '/api/fails', { headers: KEY })
    expect(answer).toMatchObject({ status: 503, json: { error: { code: 'unavailable' } } })
    expect(answer.headers['retry-after']).toBe('1')
  })

  test('is told as far as it is a failure of the caller, with its own time to wait', async () => {
    const limited = new Failure('limited', 'a.limit', 'Too many.', { retryAfter: 60 })
    const { send } = await serveForTest(failing(() => Promise.reject(limited)))
    const answer = await send('GET', '/api/fails', { headers: KEY })
    expect(answer).toMatchObject({ status: 429, json: { error: { code: 'a.limit' } } })
    expect(answer.headers['retry-after']).toBe('60')
  })
})
