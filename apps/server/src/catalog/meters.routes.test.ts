import { beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../platform/db/test-db.ts'
import { KEY, READER_KEY, serveForTest, type TestApp } from '../platform/http/test-app.ts'
import { createMeteredNames } from './metered-names.ts'
import { metersRoutes } from './meters.routes.ts'
import { plansRoutes } from './plans.routes.ts'

let app: TestApp
beforeEach(async () => {
  app = await serveForTest([...metersRoutes(), ...plansRoutes()])
})

async function ask(method: string, target: string, body?: unknown) {
  const answer = await app.send(method, `/api/v1${target}`, { headers: KEY, body })
  return { status: answer.status, json: answer.json, code: answer.json?.error?.code }
}

const PLAN = {
  key: 'pro',
  name: 'Pro',
  currency: 'USD',
  cycle: 'month',
  prices: [{ meter: 'API_CALL', model: 'per_unit', unitPrice: '1' }],
}

describe('POST /api/v1/meters', () => {
  test('a key is enough: the amounts of the events that bear it are added up', async () => {
    const { status, json } = await ask('POST', '/meters', { key: 'API_CALL' })
    expect(status).toBe(201)
    expect(json).toMatchObject({
      key: 'API_CALL',
      name: 'API_CALL',
      unit: '',
      eventName: 'API_CALL',
      aggregation: 'SUM',
      valueProperty: null,
      filter: null,
      groupBy: [],
      conversion: { factor: '1', divisor: '1' },
      complete: false,
      archivedAt: null,
    })
    expect(json.id).toMatch(/^mtr_/)
  })

  test('keeps everything that was said', async () => {
    const said = {
      key: 'gb',
      name: 'Traffic',
      unit: 'GB',
      eventName: 'http.request',
      aggregation: 'SUM',
      valueProperty: 'response.bytes',
      filter: {
        or: [
          { property: ['a.b'], operator: 'in', value: ['x', 1, true] },
          { property: 'c', operator: 'exists' },
        ],
      },
      groupBy: ['region', 'host.name'],
      conversion: { divisor: '1000000000' },
    }
    const { json } = await ask('POST', '/meters', said)
    const read = (await ask('GET', '/meters/gb')).json
    expect(read).toEqual(json)
    expect((await ask('GET', `/meters/${json.id}`)).json).toEqual(json)
    expect(json).toMatchObject({
      ...said,
      valueProperty: ['response', 'bytes'],
      filter: { or: [said.filter.or[0], { property: ['c'], operator: 'exists' }] },
      conversion: { factor: '1', divisor: '1000000000' },
    })
  })

  test.for<[string, object, number, string]>([
    ['UNIQUE of nothing', { aggregation: 'UNIQUE' }, 422, 'meter.value_missing'],
    ['COUNT of a value', { aggregation: 'COUNT', valueProperty: 'a' }, 422, 'meter.value_unread'],
    [
      'two conversions',
      { conversion: { factor: '2', divisor: '2' } },
      422,
      'meter.conversion_impossible',
    ],
    ['a division by nothing', { conversion: { divisor: '0' } }, 422, 'meter.conversion_impossible'],
    ['a key that looks like an id', { key: 'mtr_x' }, 400, 'request.malformed'],
    ['a key with a slash', { key: 'a/b' }, 400, 'request.malformed'],
    ['an unknown aggregation', { aggregation: 'MEDIAN' }, 400, 'request.malformed'],
    ['six groups', { groupBy: ['a', 'b', 'c', 'd', 'e', 'f'] }, 400, 'request.malformed'],
    ['a group twice', { groupBy: ['a', 'a'] }, 400, 'request.malformed'],
    ['a path of four keys', { valueProperty: 'a.b.c.d' }, 400, 'request.malformed'],
    ['a filter of nothing', { filter: {} }, 400, 'request.malformed'],
    ['an unknown field', { envId: 1 }, 400, 'request.malformed'],
  ])('refuses %s', async ([, meter, status, expected]) => {
    const answer = await ask('POST', '/meters', { key: 'm', ...meter })
    expect([answer.status, answer.code]).toEqual([status, expected])
  })

  test('a key is taken once, also by those who ask at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ask('POST', '/meters', { key: 'one' })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)])
    expect(answers.find(({ status }) => status === 409)?.code).toBe('meter.key_taken')
  })

  test('needs the scope catalog:write', async () => {
    const answer = await app.send('POST', '/api/v1/meters', {
      headers: READER_KEY,
      body: { key: 'm' },
    })
    expect(answer.status).toBe(403)
  })
})

test('GET /api/v1/meters goes through all in pages', async () => {
  for (const key of ['c', 'a', 'b']) await ask('POST', '/meters', { key })
  const first = (await ask('GET', '/meters?limit=2')).json
  const second = (await ask('GET', `/meters?limit=2&cursor=${first.nextCursor}`)).json
  const keys = [...first.data, ...second.data].map((meter: { key: string }) => meter.key)
  expect(keys).toEqual(['a', 'b', 'c'])
  expect(second.nextCursor).toBeNull()
})

test('PATCH changes what people read and nothing of what is counted', async () => {
  await ask('POST', '/meters', { key: 'm', unit: 'call' })
  expect((await ask('PATCH', '/meters/m', { name: 'Calls' })).json).toMatchObject({
    name: 'Calls',
    unit: 'call',
  })
  expect((await ask('PATCH', '/meters/m', { unit: '' })).json).toMatchObject({
    name: 'Calls',
    unit: '',
  })
  expect((await ask('PATCH', '/meters/m', { aggregation: 'COUNT' })).status).toBe(400)
  expect((await ask('PATCH', '/meters/nope', { name: 'x' })).code).toBe('meter.unknown')
})

describe('DELETE /api/v1/meters/:meter', () => {
  test('archives: it leaves the list, can still be read, and its key stays taken', async () => {
    await ask('POST', '/meters', { key: 'm' })
    const { status, json } = await ask('DELETE', '/meters/m')
    expect(status).toBe(200)
    expect(json.archivedAt).not.toBeNull()
    expect((await ask('DELETE', '/meters/m')).json).toEqual(json)
    expect((await ask('GET', '/meters/m')).json).toEqual(json)
    expect((await ask('GET', '/meters')).json.data).toEqual([])
    expect((await ask('POST', '/meters', { key: 'm' })).code).toBe('meter.key_taken')
  })

  test('is refused while a plan on sale has a price on it', async () => {
    await ask('POST', '/meters', { key: 'API_CALL' })
    expect((await ask('POST', '/plans', PLAN)).status).toBe(201)
    expect((await ask('DELETE', '/meters/API_CALL')).code).toBe('meter.priced')
    await ask('POST', '/plans/pro/archive')
    expect((await ask('DELETE', '/meters/API_CALL')).status).toBe(200)
  })
})

test('tells within a second whether some meter reads the events of a name', async () => {
  const { database } = await testDatabase()
  let now = new Date('2026-03-01T00:00:00Z')
  const { isMetered } = createMeteredNames(database, () => now)
  expect(await isMetered(app.envId, 'request')).toBe(false)
  await ask('POST', '/meters', { key: 'm', eventName: 'request' })
  now = new Date('2026-03-01T00:00:01Z')
  expect(await isMetered(app.envId, 'request')).toBe(true)
  expect(await isMetered(app.envId, 'm')).toBe(false)
  expect(await isMetered(app.envId + 1, 'request')).toBe(false)
})
