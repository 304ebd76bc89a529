import { beforeEach, describe, expect, test } from 'vitest'
import { KEY, READER_KEY } from '../platform/http/test-app.ts'
import { aStrategy, type ControlApp, controlApp } from './test-control.ts'

let app: ControlApp

beforeEach(async () => {
  app = await controlApp()
})

const made = (more?: object) => app.good('POST', '/strategies', aStrategy(more))

describe('a strategy', () => {
  test('is kept with its sources in their order, names of headers in lower case', async () => {
    const sources = [
      { from: 'header', name: 'X-User-Id' },
      { from: 'cookie', name: 'User_Id' },
      { from: 'claim', name: 'https://example.com/sub' },
      { from: 'path', name: 'userId' },
      { from: 'body', name: 'user.id' },
      { from: 'query', name: 'Kunde Nr.' },
    ]
    const { id } = await made({ sources })
    const read = await app.good('GET', '/strategies/by-user')
    expect(read).toMatchObject({ id, key: 'by-user', name: 'By user', archivedAt: null })
    expect(read.sources).toEqual([{ from: 'header', name: 'x-user-id' }, ...sources.slice(1)])
  })

  test('is changed by what is sent alone, and every change is counted', async () => {
    await made()
    expect(await app.version()).toBe(1)
    const named = await app.good('PATCH', '/strategies/by-user', { name: 'Other' })
    expect(named).toMatchObject({ name: 'Other', sources: [{ name: 'x-user-id' }] })
    expect(await app.version()).toBe(2)
    const sources = [{ from: 'query', name: 'user' }]
    const changed = await app.good('PATCH', '/strategies/by-user', { sources })
    expect(changed).toMatchObject({ name: 'Other', sources })
    expect(await app.version()).toBe(3)
  })

  test('is archived once, however often it is asked for', async () => {
    await made()
    const first = await app.good('POST', '/strategies/by-user/archive')
    expect(first.archivedAt).not.toBeNull()
    expect(await app.good('POST', '/strategies/by-user/archive')).toEqual(first)
    expect(await app.version()).toBe(2)
  })

  test('is made once for a key of idempotency, however often it is sent', async () => {
    const once = () =>
      app.send('POST', '/api/v1/control/strategies', {
        headers: { ...KEY, 'idempotency-key': 'k1' },
        body: aStrategy(),
      })
    const [first, second] = [await once(), await once()]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.json).toEqual(first.json)
    expect(await app.version()).toBe(1)
  })

  test('has a key of its own', async () => {
    await made()
    expect(await app.refused('POST', '/strategies', aStrategy())).toMatch(/^strategy\.key_taken/)
    expect(await app.version()).toBe(1)
  })

  test('is listed by key, page by page', async () => {
    for (const key of ['c', 'a', 'b']) await made({ key })
    const first = await app.good('GET', '/strategies?limit=2')
    expect(first.data.map(({ key }: { key: string }) => key)).toEqual(['a', 'b'])
    const rest = await app.good('GET', `/strategies?cursor=${first.nextCursor}`)
    expect(rest.data.map(({ key }: { key: string }) => key)).toEqual(['c'])
    expect(rest.nextCursor).toBeNull()
  })
})

test.for([
  ['header', 'x user', '"x user" names no header: such a name is letters, digits and dashes'],
  ['header', '', '"" names no header'],
  ['cookie', 'a;b', '"a;b" names no cookie'],
  ['path', ':id', '":id" names no path: such a name is what stands behind the colon'],
  ['query', 'a\nb', 'names no query: such a name has 1 to 200 characters'],
  ['body', 'x'.repeat(201), 'names no body'],
  ['claim', '', 'names no claim'],
])('refuses a %s called %j and says why', async ([from = '', name = '', why = '']) => {
  const refusal = await app.refused('POST', '/strategies', aStrategy({ sources: [{ from, name }] }))
  expect(refusal).toContain('strategy.source_impossible Correct `sources`: ')
  expect(refusal).toContain(why)
})

test('refuses a source that is named twice, also in other letters', async () => {
  const sources = [
    { from: 'header', name: 'x-user' },
    { from: 'query', name: 'x-user' },
    { from: 'header', name: 'X-User' },
  ]
  expect(await app.refused('POST', '/strategies', aStrategy({ sources }))).toBe(
    'strategy.source_impossible Correct `sources`: the header "x-user" is named twice.',
  )
})

test.for([
  [{ sources: [] }],
  [{ sources: Array.from({ length: 11 }, (_, at) => ({ from: 'query', name: `n${at}` })) }],
  [{ sources: [{ from: 'moon', name: 'x' }] }],
  [{ key: 'str_x' }],
  [{ key: 'with space' }],
])('400 for %j', async ([more]) => {
  expect(await app.refused('POST', '/strategies', aStrategy(more))).toMatch(/^request\.malformed/)
})

test('404 for one that is not there, 403 for a key that may not', async () => {
  for (const [method, target, body] of [
    ['GET', '/strategies/none'],
    ['PATCH', '/strategies/none', {}],
    ['POST', '/strategies/none/archive'],
  ] as const)
    expect(await app.refused(method, target, body)).toBe(
      'strategy.unknown There is no strategy "none".',
    )
  const path = '/api/v1/control/strategies'
  expect((await app.send('GET', path, { headers: READER_KEY })).status).toBe(403)
})
