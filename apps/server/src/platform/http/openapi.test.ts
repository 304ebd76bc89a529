import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Failure } from '../errors.ts'
import { exampleOf } from './failure-example.ts'
import { decimalField, pageOf, pageQuery } from './fields.ts'
import { decodeCursor } from './page.ts'
import { type Route, rawRoute, route } from './route.ts'
import { KEY, serveForTest } from './test-app.ts'

const thing = z.object({ id: z.string(), price: z.string() }).meta({ id: 'Thing' })
const failures = {
  taken: (key: string) => new Failure('conflict', 'thing.taken', `"${key}" is taken.`),
  tooMany: (thingsMax: number) => new Failure('limited', 'thing.too_many', `At most ${thingsMax}.`),
}

const routes: Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/things',
    tag: 'Things',
    summary: 'List things',
    scope: 'catalog:read',
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(thing) },
    async handle({ query }) {
      if (query.cursor) decodeCursor(query.cursor, 1)
      return { status: 200, body: { data: [], nextCursor: null } }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/things/:thingId/parts',
    tag: 'Things',
    summary: 'Add a part',
    description: 'Adds it.',
    scope: 'catalog:write',
    params: z.strictObject({ thingId: z.string() }),
    body: z.strictObject({ price: decimalField, at: z.iso.datetime().optional() }),
    replies: { 201: thing },
    failures: Object.values(failures),
    handle: async () => ({ status: 201, body: {} }),
  }),
  rawRoute({
    method: 'POST',
    path: '/api/track',
    tag: 'Usage',
    summary: 'Hot',
    scope: 'usage:write',
    isHot: true,
    body: z.strictObject({ metric: z.string().meta({ example: 'API_CALL' }) }),
    replies: { 201: z.object({ success: z.literal(true) }) },
    handleRaw: (_request, response) => response.end(),
  }),
]

// biome-ignore lint/suspicious/noExplicitAny: the document is JSON
type Document = any

async function documentOf(): Promise<Document> {
  const { send } = await serveForTest(routes)
  return (await send('GET', '/api/v1/openapi.json')).json
}

/** Every value under the key `$ref`, wherever it stands. */
function refs(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' ? [String(inner)] : refs(inner),
  )
}

describe('the OpenAPI document', () => {
  test('is of version 3.1 and lists the routes, and only them', async () => {
    const document = await documentOf()
    expect(document.openapi).toBe('3.1.0')
    const listed = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations as object).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(listed.sort()).toEqual([
      'GET /api/v1/things',
      'POST /api/track',
      'POST /api/v1/things/{thingId}/parts',
    ])
  })

  test('refers to nothing that it does not hold', async () => {
    const document = await documentOf()
    const found = refs(document)
    expect(found).toContain('#/components/schemas/Error')
    for (const ref of found) {
      const steps = ref.replace('#/', '').split('/')
      const target = steps.reduce((at: Document, step) => at?.[step], document)
      expect(target, ref).toBeTypeOf('object')
    }
  })

  test('says for every route how to authenticate, what it needs and every way it can fail', async () => {
    const document = await documentOf()
    const all = Object.keys(document.components.securitySchemes)
    const schemes = all.filter((scheme) => scheme !== 'portal') // which opens no environment
    for (const operations of Object.values<Document>(document.paths)) {
      for (const operation of Object.values<Document>(operations)) {
        expect(operation.security).toEqual(schemes.map((scheme) => ({ [scheme]: [] })))
        expect(operation.description).toMatch(/Needs the scope `[a-z]+:[a-z]+`\.$/)
        expect(operation.summary).toBeTruthy()
        for (const status of [400, 401, 403, 404, 409, 422, 429, 500, 503])
          expect(operation.responses[status].content['application/json'].schema.$ref).toBe(
            '#/components/schemas/Error',
          )
      }
    }
  })

  test('names the failures of a route at their status', async () => {
    const { responses } = (await documentOf()).paths['/api/v1/things/{thingId}/parts'].post
    expect(responses[409].description).toContain('`thing.taken`')
    expect(responses[429].description).toContain('`thing.too_many`')
    expect(responses[422].description).not.toContain('thing.')
  })

  test('describes what a caller sends: paths, queries, keys and bodies, with examples', async () => {
    const { paths } = await documentOf()
    const list = paths['/api/v1/things'].get.parameters
    expect(
      list.map(({ name, in: place, required }: Document) => ({ name, place, required })),
    ).toEqual([
      { name: 'limit', place: 'query', required: false },
      { name: 'cursor', place: 'query', required: false },
    ])
    expect(list[0].schema).toMatchObject({ type: 'integer', minimum: 1, maximum: 200 })
    const add = paths['/api/v1/things/{thingId}/parts'].post
    expect(
      add.parameters.map(({ name, in: place, required }: Document) => [name, place, required]),
    ).toEqual([
      ['thingId', 'path', true],
      ['idempotency-key', 'header', false],
    ])
    const body = add.requestBody.content['application/json'].schema
    expect(body).toMatchObject({ additionalProperties: false, required: ['price'] })
    expect(body.properties.price.example).toBe('0.01')
  })
})

describe('the reference page', () => {
  test('asks for nothing that does not come from this server', async () => {
    const { send } = await serveForTest(routes)
    const moved = await send('GET', '/docs/api')
    expect(moved).toMatchObject({ status: 301, headers: { location: '/docs/api/' } })
    const page = await send('GET', '/docs/api/')
    expect(page.status).toBe(200)
    expect(page.headers['content-type']).toContain('text/html')
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//)
    expect(page.text).toContain('"/api/v1/openapi.json"')
    expect(page.text).toContain('"withDefaultFonts": false')
    const csp = String(page.headers['content-security-policy'])
    const nonce = /script-src 'nonce-([^']+)'/.exec(csp)?.[1]
    expect(page.text.match(/<script/g)).toHaveLength(2)
    expect(page.text.match(/<script[^>]* nonce="([^"]*)"/g)?.join()).toContain(`nonce="${nonce}"`)
    expect(csp).toContain("connect-src 'self'")
    expect(csp).toContain("default-src 'none'")
    expect(csp).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/)
  })

  test('brings its script', async () => {
    const { send } = await serveForTest(routes)
    const script = await send('GET', '/docs/api/js/scalar.js')
    expect(script.status).toBe(200)
    expect(script.headers['content-type']).toContain('javascript')
    expect(script.headers['x-content-type-options']).toBe('nosniff')
    expect(script.text.length).toBeGreaterThan(1_000_000)
  })

  test.each([
    '/docs/api/other',
    '/docs/api/../../package.json',
    '/docs/api/js/..%2f..%2fpackage.json',
  ])('is nothing else: %s', async (target) => {
    const { send } = await serveForTest(routes)
    expect(await send('GET', target)).toMatchObject({
      status: 404,
      json: { error: { code: 'route.unknown' } },
    })
  })
})

test('every error answer points to the page that says what its code means', async () => {
  const { send } = await serveForTest(routes)
  const refusals = [
    await send('GET', '/nowhere'),
    await send('GET', '/api/v1/things?limit=0', { headers: KEY }),
    await send('GET', '/api/v1/things?cursor=x', { headers: KEY }),
  ]
  for (const { json } of refusals) {
    const [address, code] = json.error.docs.split('#')
    expect(code).toBe(json.error.code)
    const page = await send('GET', address)
    expect(page.status).toBe(200)
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(page.text).toContain(`id="${code}"`)
  }
  const { text } = await send('GET', '/docs/errors')
  expect(text).toContain(
    '<tr id="thing.taken"><td><code>thing.taken</code><td>409<td>&quot;{key}&quot; is taken.',
  )
})

test('an example of a failure tells its parameters apart, whatever they stand for', () => {
  const all = {
    text: (name: string) => new Failure('invalid', 'a.a', `No "${name}".`),
    list: (possible: readonly string[]) =>
      new Failure('invalid', 'a.b', `One of ${possible.join(', ')}.`),
    quoted: (possible: readonly string[]) =>
      new Failure('invalid', 'a.c', `One of ${possible.map((one) => `"${one}"`).join(', ')}.`),
    instant: (until: Date) => new Failure('invalid', 'a.d', `Until ${until.toISOString()}.`),
    size: (bytesMax: number) => new Failure('invalid', 'a.e', `More than ${bytesMax / 1024} KiB.`),
    two: (from: string, to: string) =>
      new Failure('invalid', 'a.f', `${from} to ${to}`, { from, to }),
    none: () => new Failure('invalid', 'a.g', 'No.'),
  }
  expect(Object.values(all).map((one) => exampleOf(one).message)).toEqual([
    'No "{name}".',
    'One of {possible}.',
    'One of "{possible}".',
    'Until {until}.',
    'More than 1024 KiB.',
    '{from} to {to}',
    'No.',
  ])
})
