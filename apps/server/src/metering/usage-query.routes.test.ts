import { beforeEach, describe, expect, test } from 'vitest'
import { metersRoutes } from '../catalog/meters.routes.ts'
import { KEY, serveForTest, type TestApp } from '../platform/http/test-app.ts'
import {
  aMeter,
  anEnv,
  backFillAll,
  correct,
  fold,
  index,
  store,
  type TestEvent,
} from './test-metering.ts'
import { usageQueryRoutes } from './usage-query.routes.ts'

let app: TestApp
beforeEach(async () => {
  app = await serveForTest([...usageQueryRoutes(), ...metersRoutes()])
})

async function get(query: Readonly<Record<string, string>>) {
  return app.send('GET', `/api/v1/usage?${new URLSearchParams(query)}`, { headers: KEY })
}

/** The quantities of the rows, in their order. */
async function quantities(query: Readonly<Record<string, string>>): Promise<(string | null)[]> {
  const { status, json, text } = await get(query)
  expect(status, text).toBe(200)
  return json.data.map((row: { quantity: string | null }) => row.quantity)
}

async function use(events: readonly TestEvent[]): Promise<void> {
  await store(app.envId, events)
  await fold()
  await backFillAll()
}

const MARCH = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' }
test.each(['COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'UNIQUE'] as const)(
  'a series of %s comes to what the span as a whole does',
  async (aggregation) => {
    const read = aggregation === 'COUNT' ? {} : { valueProperty: ['n'] }
    await aMeter(app.envId, { key: 'made', aggregation, ...read })
    await use([
      { customer: 'ann', at: '2026-03-02T10:00:00Z', metadata: { n: '0.000000000001' } },
      { customer: 'bob', at: '2026-03-02T23:59:59Z', metadata: { n: 7 } },
      { customer: 'ann', at: '2026-03-09T00:00:00Z', metadata: { n: '123456789.5' } },
      { customer: 'ann', at: '2026-03-31T23:59:59Z', metadata: { n: null } },
    ])
    const whole = await get({ meter: 'made', ...MARCH })
    const series = await get({ meter: 'made', ...MARCH, window: 'day' })
    expect(series.json.data).toHaveLength(31)
    expect(series.json.total).toEqual(whole.json.total)
    expect(series.json.complete).toBe(whole.json.complete)
    expect(BigInt(series.json.total.events)).toBeGreaterThan(0n)
  },
)

const FIRST = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' }

describe('GET /api/v1/usage', () => {
  test('says how much, as of when, and whether that is all', async () => {
    await aMeter(app.envId, {
      key: 'bytes',
      aggregation: 'SUM',
      valueProperty: ['bytes'],
      conversion: { divisor: '1000' },
    })
    await use([
      { customer: 'ann', metadata: { bytes: 1500 } },
      { customer: 'bob', metadata: { bytes: '0.5' } },
      { metadata: { bytes: null } },
    ])
    const { json } = await get({ meter: 'bytes', ...MARCH })
    expect(json).toMatchObject({
      meter: 'bytes',
      total: { quantity: '1.5005', events: '2', notCounted: '1', from: '2026-03-01T00:00:00.000Z' },
      lagSeconds: 0,
      complete: true,
    })
    expect(json.data).toEqual([json.total])
    expect(Date.now() - Date.parse(json.asOf)).toBeLessThan(5_000)
    expect(await quantities({ meter: 'bytes', ...MARCH, customerId: 'bob' })).toEqual(['0.0005'])
    expect(await quantities({ meter: 'bytes', ...MARCH, customerId: 'nobody' })).toEqual(['0'])
  })

  test('is not complete while older events are being counted, and behind while newer ones wait', async () => {
    await store(app.envId, [{}, {}])
    await fold()
    await aMeter(app.envId, { key: 'late', aggregation: 'COUNT' })
    await fold()
    expect((await get({ meter: 'late', ...MARCH })).json).toMatchObject({
      complete: false,
      lagSeconds: 0,
    })
    await backFillAll()
    await store(app.envId, [{}])
    const { json } = await get({ meter: 'late', ...MARCH })
    expect(json).toMatchObject({ complete: true, total: { quantity: '2' } })
    expect(json.lagSeconds).toBeGreaterThan(0)
  })

  test('a series has every hour, those without usage too', async () => {
    await aMeter(app.envId, { key: 'calls', aggregation: 'COUNT' })
    await aMeter(app.envId, { key: 'largest', aggregation: 'MAX' })
    await use([
      { at: '2026-03-01T00:00:00Z', amount: '5' },
      { at: '2026-03-01T01:59:59.999999Z', amount: '7' },
      { at: '2026-03-01T04:00:00Z', amount: '9' },
    ])
    const morning = { from: '2026-03-01T00:00:00Z', to: '2026-03-01T04:00:00Z', window: 'hour' }
    expect(await quantities({ meter: 'calls', ...morning })).toEqual(['1', '1', '0', '0'])
    expect(await quantities({ meter: 'largest', ...morning })).toEqual(['5', '7', null, null])
    const { json } = await get({ meter: 'largest', ...morning })
    expect(json.total).toMatchObject({ quantity: '7' })
    expect(json.data[1]).toMatchObject({
      from: '2026-03-01T01:00:00.000Z',
      to: '2026-03-01T02:00:00.000Z',
    })
  })

  test.for([
    ['UTC', ['2', '3']],
    ['Asia/Kolkata', ['1', '3', '1']], // a day begins at 18:30 UTC
    ['America/New_York', ['1', '2', '2']], // and here at 05:00 UTC
  ] as const)('days are those of %s', async ([timeZone, expected]) => {
    await aMeter(app.envId, { key: 'calls', aggregation: 'COUNT' })
    await use(
      ['01T04:59:59.999999', '01T18:30:00', '02T00:00:00', '02T18:29:59.999999', '02T23:00:00'].map(
        (at) => ({ at: `2026-03-${at}Z` }),
      ),
    )
    const query = {
      meter: 'calls',
      from: '2026-03-01T00:00:00Z',
      to: '2026-03-03T00:00:00Z',
      window: 'day',
      timeZone,
    }
    expect(await quantities(query)).toEqual(expected)
    await index()
    expect(await quantities(query)).toEqual(expected)
  })

  test('UNIQUE counts a value once a day, and once in the whole', async () => {
    await aMeter(app.envId, { key: 'paths', aggregation: 'UNIQUE', valueProperty: ['path'] })
    await use(
      ['01T01', '01T02', '02T01'].map((at) => ({
        at: `2026-03-${at}:00:00Z`,
        metadata: { path: '/' },
      })),
    )
    const { json } = await get({
      meter: 'paths',
      ...MARCH,
      window: 'day',
      to: '2026-03-03T00:00:00Z',
    })
    expect(json.data.map((row: { quantity: string }) => row.quantity)).toEqual(['1', '1'])
    expect(json.total.quantity).toBe('1')
  })

  test('groups by customer, the greatest first', async () => {
    await aMeter(app.envId, { key: 'sum', aggregation: 'SUM' })
    await use([
      { customer: 'ann', amount: '2' },
      { customer: 'bob', amount: '10' },
      { customer: 'eve', amount: '3' },
    ])
    const { json } = await get({ meter: 'sum', ...MARCH, groupBy: 'customer', limit: '2' })
    expect(json.data).toMatchObject([
      { customerId: 'bob', quantity: '10' },
      { customerId: 'eve', quantity: '3' },
    ])
    expect(json.total.quantity).toBe('15')
  })

  const models: TestEvent[] = [
    { metadata: { model: 'a', n: 1, deep: { er: true } }, amount: '4' },
    { metadata: { model: 'b', n: 1.0 }, amount: '2' },
    { metadata: { model: 'a', n: '1' }, amount: '5' },
    { metadata: { model: ['a'] }, amount: '1' },
    { amount: '1' },
  ]

  test('groups by a property, from buckets if the meter groups by it and else from the events', async () => {
    const groupBy = ['model', 'n', 'deep.er']
    await aMeter(app.envId, { key: 'grouped', aggregation: 'SUM', groupBy })
    await aMeter(app.envId, { key: 'plain', aggregation: 'SUM' })
    await use(models)
    const groups = async (meter: string, property: string) => {
      const { json } = await get({ meter, ...FIRST, groupBy: property })
      return json.data.map((row: { group: unknown; quantity: string }) => [row.group, row.quantity])
    }
    for (const meter of ['grouped', 'plain']) {
      expect(await groups(meter, 'model')).toEqual([
        ['a', '9'],
        ['b', '2'],
        [null, '2'],
      ])
      expect(await groups(meter, 'n')).toEqual([
        [1, '6'],
        ['1', '5'],
        [null, '2'],
      ])
      expect(await groups(meter, 'deep.er')).toEqual([
        [null, '9'],
        [true, '4'],
      ])
    }
  })

  test('the buckets of a group add up to the whole, also for values too long to be kept', async () => {
    await aMeter(app.envId, { key: 'grouped', aggregation: 'COUNT', groupBy: ['model', 'n'] })
    const long = (end: string) => 'é'.repeat(1_000) + end
    await use([
      ...models,
      ...['x', 'y', 'y'].map((end) => ({ metadata: { model: long(end), n: long(end) } })),
    ])
    const { json } = await get({ meter: 'grouped', ...MARCH, groupBy: 'model' })
    const counts = json.data.map((row: { quantity: string }) => Number(row.quantity))
    expect(counts.sort()).toEqual([1, 1, 2, 2, 2])
    expect(json.total.quantity).toBe('8')
  })

  test('a series by group has the groups of each window', async () => {
    await aMeter(app.envId, { key: 'sum', aggregation: 'SUM' })
    await use([
      { customer: 'ann', amount: '1', at: '2026-03-01T00:00:00Z' },
      { customer: 'bob', amount: '2', at: '2026-03-01T00:30:00Z' },
      { customer: 'ann', amount: '3', at: '2026-03-01T02:00:00Z' },
    ])
    const { json } = await get({ meter: 'sum', ...FIRST, groupBy: 'customer', window: 'hour' })
    expect(
      json.data.map((row: Record<string, string>) => [
        row.from?.slice(11, 13),
        row.customerId,
        row.quantity,
      ]),
    ).toEqual([
      ['00', 'bob', '2'],
      ['00', 'ann', '1'],
      ['02', 'ann', '3'],
    ])
  })

  test('sees corrections', async () => {
    await aMeter(app.envId, { key: 'sum', aggregation: 'SUM' })
    await use([{ key: 'wrong', amount: '1' }])
    await correct(app.envId, {
      key: 'wrong',
      kind: 'amend',
      amount: '2',
      at: '2026-03-05T00:00:00Z',
    })
    await fold()
    expect(await quantities({ meter: 'sum', ...FIRST })).toEqual(['0'])
    expect(await quantities({ meter: 'sum', ...MARCH })).toEqual(['2'])
  })

  test.for<[string, Record<string, string>, number, string]>([
    ['an unknown meter', { meter: 'nope' }, 404, 'meter.unknown'],
    ['nothing between from and to', { to: '2026-03-01T00:00:00Z' }, 422, 'usage.span_empty'],
    [
      'a zone that is none',
      { window: 'day', timeZone: 'Mars/Base' },
      422,
      'usage.time_zone_unknown',
    ],
    ['an offset as zone', { window: 'day', timeZone: '+02:00' }, 422, 'usage.time_zone_unknown'],
    [
      'too many hours',
      { window: 'hour', to: '2026-06-01T00:00:00Z' },
      422,
      'usage.too_many_windows',
    ],
    [
      'single events of half a year',
      { groupBy: 'model', to: '2026-09-01T00:00:00Z' },
      422,
      'usage.span_too_long',
    ],
    ['a window that is none', { window: 'week' }, 400, 'request.malformed'],
    ['a time without a zone', { from: '2026-03-01T00:00:00' }, 400, 'request.malformed'],
  ])('refuses %s', async ([, query, status, code]) => {
    await aMeter(app.envId, { key: 'calls', aggregation: 'COUNT' })
    const answer = await get({ meter: 'calls', ...MARCH, ...query })
    expect([answer.status, answer.json.error.code]).toEqual([status, code])
  })

  test("another tenant's meter is as unknown as one that does not exist", async () => {
    const other = await aMeter(await anEnv(), { key: 'theirs' })
    const unknown = 'mtr_00000000000000000000000000'
    const answers = [
      await get({ meter: other.id, ...MARCH }),
      await get({ meter: unknown, ...MARCH }),
    ]
    const texts = answers.map(({ json }) => JSON.stringify({ ...json.error, requestId: '' }))
    expect(texts[0]?.replace(other.id, '')).toBe(texts[1]?.replace(unknown, ''))
    expect(answers.map(({ status }) => status)).toEqual([404, 404])
  })
})

describe('POST /api/v1/meters/preview', () => {
  const preview = (body: unknown) =>
    app.send('POST', '/api/v1/meters/preview', { headers: KEY, body })

  test('says what the meter would have counted, before it exists and just as it does afterwards', async () => {
    const rule = {
      eventName: 'request',
      aggregation: 'COUNT',
      filter: {
        and: [
          { property: 'status', operator: 'lt', value: 400 },
          { property: 'path', operator: 'not_contains', value: '/health' },
        ],
      },
    }
    await use([
      { customer: 'ann', metadata: { status: 200, path: '/a' } },
      { customer: 'ann', metadata: { status: 404, path: '/a' } },
      { customer: 'bob', metadata: { status: 200, path: '/health' } },
      { customer: 'bob', metadata: { status: 200, path: '/b' } },
      { customer: 'ann', metadata: { status: 204, path: '/c' } },
      { customer: 'eve', metadata: { status: 200 } },
    ])
    const { status, json } = await preview({ ...rule, ...MARCH })
    expect(status).toBe(200)
    expect(json).toMatchObject({
      total: { quantity: '3', events: '3' },
      data: [
        { customerId: 'ann', quantity: '2' },
        { customerId: 'bob', quantity: '1' },
      ],
      complete: true,
    })
    expect((await app.send('GET', '/api/v1/meters', { headers: KEY })).json.data).toEqual([])

    const made = await app.send('POST', '/api/v1/meters', {
      headers: KEY,
      body: { key: 'good', ...rule },
    })
    expect(made.status).toBe(201)
    await fold()
    await backFillAll()
    expect(await quantities({ meter: 'good', ...MARCH })).toEqual(['3'])
  })

  test.for<[string, object, number, string]>([
    ['a rule that makes no sense', { aggregation: 'UNIQUE' }, 422, 'meter.value_missing'],
    ['no event name', { eventName: undefined }, 400, 'request.malformed'],
    ['too long a span', { to: '2026-05-01T00:00:00Z' }, 422, 'usage.span_too_long'],
    ['an unknown field', { save: true }, 400, 'request.malformed'],
  ])('refuses %s', async ([, rule, status, code]) => {
    const answer = await preview({ eventName: 'request', ...MARCH, ...rule })
    expect([answer.status, answer.json.error.code]).toEqual([status, code])
  })
})
