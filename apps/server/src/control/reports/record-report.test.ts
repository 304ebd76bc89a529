import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { inOwnTransaction } from '../../platform/db/test-db.ts'
import { STRANGER } from '../test-control.ts'
import {
  aReport,
  aSample,
  DAY_MS,
  MINUTE_MS,
  NOW,
  NOW_MS,
  reportApp,
  someDecisions,
  someRequests,
} from './test-reports.ts'

describe('a report', () => {
  test('counts once, however often it is sent', async () => {
    const app = await reportApp()
    const statistics = [someRequests(3)]
    expect(await app.report({ statistics })).toBe('recorded')
    expect(await app.report({ statistics })).toBe('duplicate')
    expect(await app.report({ sequence: 2, statistics })).toBe('recorded')
    expect(await app.report({ statistics })).toBe('duplicate')
    expect(await app.report({ producer: 'two', statistics })).toBe('recorded')
    expect(await app.list('/endpoints')).toMatchObject([{ requests: 9 }])
    expect(await app.list('/warnings')).toEqual([])
  })

  test('counts once when it comes over many connections at the same time', async () => {
    const app = await reportApp()
    const one = {
      statistics: [someRequests(3)],
      decisions: [someDecisions(2, { policyId: 'pol_1' })],
      samples: [aSample()],
    }
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.report(one)))
    expect(answers.filter((answer) => answer === 'recorded')).toHaveLength(1)
    expect(await app.list('/endpoints')).toMatchObject([{ requests: 3 }])
    expect(await app.list('/samples')).toHaveLength(1)
  })

  test('of many processes at once, in any order of rows, is counted beside the others', async () => {
    const app = await reportApp()
    const routes = ['/a', '/b', '/c', null]
    const rows = routes.flatMap((route) =>
      ['ann', 'bob', null].map((customerId) => someRequests(1, { route, customerId })),
    )
    const reports = Array.from({ length: 16 }, (_, at) => ({
      producer: `process-${at}`,
      statistics: at % 2 ? rows : rows.toReversed(),
      decisions: ['x', 'y', 'z'].map((id) =>
        someDecisions(1, { pattern: '/', identity: { kind: 'customer', id } }),
      ),
    }))
    await Promise.all(reports.map(app.report))
    const endpoints = await app.list('/endpoints')
    expect(endpoints.map(({ route, requests }) => [route, requests])).toEqual([
      [null, 48],
      ['/a', 48],
      ['/b', 48],
      ['/c', 48],
    ])
    const customers = await app.list(`/endpoints/${endpoints[1].id}/customers`)
    expect(customers.map(({ customerId, requests }) => [customerId, requests])).toEqual([
      [null, 16],
      ['ann', 16],
      ['bob', 16],
    ])
    const hours = await app.list(`/endpoints/${endpoints[1].id}/statistics`)
    expect(hours).toMatchObject([{ requests: 48, customers: 2 }])
  })

  test('is seen by nobody of another environment', async () => {
    const app = await reportApp()
    await app.report({ statistics: [someRequests(1)] })
    const [{ id }] = await app.list('/endpoints')
    const read = (target: string) =>
      app.send('GET', `/api/v1/control${target}`, { headers: STRANGER })
    expect((await read('/endpoints')).json.data).toEqual([])
    expect((await read(`/endpoints/${id}/statistics`)).json.error.code).toBe('endpoint.unknown')
    expect((await read(`/endpoints/${id}/customers`)).json.error.code).toBe('endpoint.unknown')
  })

  test('of a process is missed when a later one comes', async () => {
    const app = await reportApp()
    await app.report({ sequence: 1 })
    await app.report({ sequence: 4 })
    await app.report({ producer: 'forgotten', sequence: 9 })
    expect(await app.list('/warnings')).toMatchObject([
      { kind: 'reports_missed', application: 'shop', endpoint: null, count: 2, at: NOW },
    ])
  })
})

describe('a row', () => {
  test.each([
    ['a day old', -DAY_MS, 1],
    ['older than a day', -DAY_MS - MINUTE_MS, 0],
    ['five minutes ahead', 5 * MINUTE_MS, 1],
    ['further ahead', 6 * MINUTE_MS, 0],
  ])('that is %s counts, or is left out by itself', async (_when, offsetMs, counted) => {
    const app = await reportApp()
    const minute = new Date(NOW_MS + offsetMs).toISOString()
    const statistics = [someRequests(1, { minute }), someRequests(1, { route: '/other' })]
    expect(await app.report({ statistics })).toBe('recorded')
    const window = `from=${minute}&to=${new Date(NOW_MS + DAY_MS).toISOString()}`
    const endpoints = await app.list(`/endpoints?${window}`)
    expect(endpoints.map(({ requests }) => requests)).toEqual(counted ? [1, 1] : [1])
    const warnings = await app.list('/warnings')
    expect(warnings.map(({ kind, count }) => [kind, count])).toEqual(
      counted ? [] : [['rows_left_out', 1]],
    )
  })

  test('with what some client made up is cut, and takes no other with it', async () => {
    const app = await reportApp()
    const strange = `${'x'.repeat(499)}\u{1f600}${'x'.repeat(5_000)}`
    const statistics = [someRequests(1, { method: strange, route: strange, customerId: strange })]
    const samples = [aSample({ userAgent: strange, clientAddress: strange, customerId: strange })]
    const identity = { kind: 'network', id: strange }
    const decisions = [someDecisions(1, { pattern: '/', identity })]
    expect(await app.report({ statistics, samples, decisions })).toBe('recorded')
    const [endpoint] = await app.list('/endpoints?q=x')
    expect(endpoint.route).toBe(`${'x'.repeat(499)}\ufffd`)
  })

  test('as long as any may be finds its place', async () => {
    const app = await reportApp()
    const long = '\u{20ac}'
    const named = { route: long.repeat(500), customerId: long.repeat(255) }
    const identity = { kind: 'customer', id: long.repeat(255) }
    const limit = long.repeat(600)
    const decisions = [someDecisions(1, { pattern: limit, limit, identity })]
    const rows = { statistics: [someRequests(1, named)], samples: [aSample(named)], decisions }
    expect(await app.report(rows)).toBe('recorded')
  })

  test('with the largest figures there are fails nothing, though they come again and again', async () => {
    const app = await reportApp()
    const bytes = { requestBytes: 1e12, responseBytes: 1e12 }
    const statistics = Array.from({ length: 500 }, () => someRequests(1e9, bytes))
    const sequences = Array.from({ length: 20 }, (_, at) => at + 1)
    for (const sequence of sequences) await app.report({ sequence, statistics })
    const [endpoint] = await app.list('/endpoints')
    expect(endpoint).toMatchObject({ requests: 1e13, requestBytes: Number.MAX_SAFE_INTEGER })
  })
})

describe('too much of one thing', () => {
  test('is refused with what to change', async () => {
    const app = await reportApp()
    const refused = (more: object) => app.refused('POST', '/reports', aReport(more))
    const many = <T>(count: number, one: T) => Array.from({ length: count }, () => one)
    const small = { minute: NOW, method: 'G', route: null, customerId: null, requests: 1 }
    const statistics = many(2_001, { ...small, statuses: {}, latency: {} })
    expect(await refused({ statistics })).toContain('2000')
    expect(await refused({ samples: many(101, aSample()) })).toContain('100')
    expect(await refused({ routes: many(1_001, { method: 'GET', route: '/' }) })).toContain('1000')
    expect(await refused({ decisions: many(2_001, someDecisions(1)) })).toContain('2000')
    expect(await refused({ sequence: 0 })).toContain('sequence')
    expect(await refused({ statistics: [someRequests(-1)] })).toContain('requests')
    expect(await refused({ statistics: [someRequests(1, { more: 1 })] })).toContain('more')
    expect(await refused({ statistics: [someRequests(1, { latency: { 896: 1 } })] })).toContain(
      'last bucket is 895',
    )
    const both = someDecisions(1, { policyId: 'pol_1', pattern: '/' })
    expect(await refused({ decisions: [both] })).toContain('a limit is of a policy, or of the code')
  })

  test('endpoints: beyond 500 they count as no route, and a warning says so', async () => {
    const app = await reportApp()
    const routes = (from: number, count: number) =>
      Array.from({ length: count }, (_, at) => ({ method: 'GET', route: `/${from + at}` }))
    await Promise.all([
      app.report({ producer: 'one', routes: routes(0, 300) }),
      app.report({ producer: 'two', routes: routes(300, 300) }),
    ])
    await app.report({
      producer: 'three',
      statistics: [someRequests(1, { route: '/new' }), someRequests(2, { route: '/other' })],
      samples: [aSample({ route: '/new' })],
    })
    const [noRoute] = await app.list('/endpoints')
    expect(noRoute).toMatchObject({ method: null, route: null, requests: 3 })
    expect(await app.list(`/samples?endpoint=${noRoute.id}`)).toMatchObject([{ route: '/new' }])
    expect(await app.list('/warnings')).toMatchObject([{ kind: 'endpoints_full', count: 500 }])
  })

  test('customers: beyond 5,000 in an hour they count together, and who was there before stays', async () => {
    const app = await reportApp()
    const rows = (from: number, count: number) =>
      Array.from({ length: count }, (_, at) => someRequests(1, { customerId: `c${from + at}` }))
    for (const [at, from] of [0, 1_800, 3_600].entries())
      await app.report({ sequence: at + 1, statistics: rows(from, 1_800) })
    await app.report({ producer: 'two', statistics: rows(0, 10) })
    const [{ id }] = await app.list('/endpoints')
    const [top, next] = await app.list(`/endpoints/${id}/customers?limit=2`)
    expect(top).toMatchObject({ customerId: null, requests: 1_800 })
    expect(next).toMatchObject({ requests: 2 })
    expect(await app.list('/endpoints')).toMatchObject([{ requests: 5_410 }])
  })

  test('sums: counts stay where JSON counts exactly', async () => {
    const most = Number.MAX_SAFE_INTEGER
    const { rows } = await inOwnTransaction((tx) =>
      sql<{ sum: object }>`
        select add_counts(${{ 200: most, 404: 1 }}::jsonb, ${{ 200: 5, 404: 2 }}::jsonb) as sum`.execute(
        tx,
      ),
    )
    expect(rows).toEqual([{ sum: { 200: most, 404: 3 } }])
  })

  test('decisions: beyond 5,000 in an hour identities are left away, and then what is new', async () => {
    const app = await reportApp()
    const { id: policyId } = await app.good('POST', '/policies', {
      ...{ key: 'all', name: 'All', url: '*' },
    })
    const byIdentity = (from: number) =>
      Array.from({ length: 2_000 }, (_, at) =>
        someDecisions(1, { policyId, identity: { kind: 'network', id: `${from + at}` } }),
      )
    for (const [at, from] of [0, 2_000, 4_000, 6_000].entries())
      await app.report({ sequence: at + 1, decisions: byIdentity(from) })
    const { limits } = await app.good('GET', '/policies/all/decisions')
    expect(limits).toMatchObject([{ limit: 'hourly', refused: 8_000 }])
    const madeUp = (from: number) =>
      Array.from({ length: 2_000 }, (_, at) => someDecisions(1, { limit: `${from + at}` }))
    for (const [at, from] of [0, 2_000, 4_000, 6_000].entries())
      await app.report({ producer: 'two', sequence: at + 1, decisions: madeUp(from) })
    expect((await app.list('/warnings')).map(({ kind }) => kind)).toEqual(['rows_left_out'])
  })

  test('samples: of a minute a hundred are kept', async () => {
    const app = await reportApp()
    const samples = Array.from({ length: 80 }, () => aSample())
    const later = { at: new Date(NOW_MS + MINUTE_MS).toISOString() }
    await app.report({ samples })
    await app.report({ sequence: 2, samples: [...samples, aSample(later)] })
    expect(await app.list('/samples?limit=200')).toHaveLength(101)
  })
})

test('a report changes nothing that others wait for', async () => {
  const app = await reportApp()
  const before = await app.version()
  await app.report({ statistics: [someRequests(1)] })
  expect(await app.version()).toBe(before)
  const rows = await inOwnTransaction((tx) =>
    tx.selectFrom('applications').where('env_id', '=', app.envId).select('name').execute(),
  )
  expect(rows).toEqual([{ name: 'shop' }])
})
