import { describe, expect, test } from 'vitest'
import { STRANGER } from '../test-control.ts'
import {
  aReport,
  aSample,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  NOW,
  NOW_MS,
  reportApp,
  someDecisions,
  someRequests,
} from './test-reports.ts'

const USAGE = { produced: 9, delivered: 4, queued: 0, refused: 0, dropped: 0 }

describe('endpoints', () => {
  test('are those that the framework declares and those that are seen, each told from the other', async () => {
    const app = await reportApp()
    await app.report({ routes: [{ method: 'POST', route: '/users' }] })
    await app.report({ sequence: 2, statistics: [someRequests(1, { route: null })] })
    const [noRoute, declared] = await app.list('/endpoints')
    expect(declared).toMatchObject({
      ...{ application: 'shop', method: 'POST', route: '/users', requests: 0 },
      ...{ firstSeenAt: NOW, declaredAt: NOW, lastSeenAt: null, errorRate: null, latencyMs: null },
    })
    expect(noRoute).toMatchObject({ method: null, route: null, declaredAt: null, lastSeenAt: NOW })
  })

  test('come page by page, of one application and with a text of the route', async () => {
    const app = await reportApp()
    const routes = ['/users', '/users/:id', '/100%_sure'].map((route) => ({ method: 'GET', route }))
    await app.report({ routes })
    await app.report({ application: 'bakery', producer: 'two', routes })
    const first = await app.good('GET', '/endpoints?limit=4')
    const second = await app.good('GET', `/endpoints?limit=4&cursor=${first.nextCursor}`)
    const told = [...first.data, ...second.data].map(
      ({ application, route }) => application + route,
    )
    expect(told).toEqual([
      ...['bakery/100%_sure', 'bakery/users', 'bakery/users/:id'],
      ...['shop/100%_sure', 'shop/users', 'shop/users/:id'],
    ])
    expect(second.nextCursor).toBeNull()
    const found = async (query: string) =>
      (await app.list(`/endpoints?${query}`)).map(({ application, route }) => application + route)
    expect(await found('application=shop&q=USERS/')).toEqual(['shop/users/:id'])
    expect(await found(`q=${encodeURIComponent('%_s')}&application=shop`)).toEqual([
      'shop/100%_sure',
    ])
    expect(await found('q=nothing')).toEqual([])
    expect(await app.refused('GET', '/endpoints?cursor=x')).toContain('page.cursor_malformed')
  })

  test('have figures of whole hours, which the answer names', async () => {
    const app = await reportApp()
    const minuteAt = (ms: number) => ({ minute: new Date(ms).toISOString() })
    const noon = Date.parse('2026-03-01T12:00:00.000Z')
    const rows = [noon - MINUTE_MS, noon, noon + 59 * MINUTE_MS].map(minuteAt)
    app.ago(-HOUR_MS)
    await app.report({ statistics: rows.map((row) => someRequests(1, row)) })
    const asked = await app.good(
      'GET',
      '/endpoints?from=2026-03-01T12:10:00Z&to=2026-03-01T12:20:00Z',
    )
    expect(asked).toMatchObject({
      ...{ from: '2026-03-01T12:00:00.000Z', to: '2026-03-01T13:00:00.000Z' },
      data: [{ requests: 2 }],
    })
    const [{ id }] = asked.data
    const hour = 'from=2026-03-01T11:00:00Z&to=2026-03-01T12:00:00Z'
    expect(await app.list(`/endpoints?${hour}`)).toMatchObject([{ requests: 1 }])
    expect(await app.list(`/endpoints/${id}/statistics?${hour}`)).toMatchObject([{ requests: 1 }])
    expect(await app.list(`/endpoints/${id}/customers?${hour}`)).toMatchObject([{ requests: 1 }])
    const all = await app.good('GET', `/endpoints/${id}/statistics`)
    expect(all.data).toHaveLength(2)
    expect(all.total).toMatchObject({
      ...{ requests: 3, statuses: { '2xx': 3 }, errorRate: 0 },
      latencyMs: all.data[0].latencyMs,
    })
    const before = 'from=2026-02-01T11:00:00Z&to=2026-02-01T12:00:00Z'
    const none = await app.good('GET', `/endpoints/${id}/statistics?${before}`)
    expect(none.total).toMatchObject({ requests: 0, errorRate: null, latencyMs: null })
  })

  test('are asked for over a stretch of time that there is', async () => {
    const app = await reportApp()
    await app.report({ statistics: [someRequests(1)] })
    const [{ id }] = await app.list('/endpoints')
    const from = (days: number) => `from=${new Date(NOW_MS - days * DAY_MS).toISOString()}`
    expect(await app.refused('GET', `/endpoints?${from(8)}`)).toContain('report.window_too_long')
    expect(await app.refused('GET', `/endpoints?${from(0)}`)).toContain('report.window_empty')
    const series = `/endpoints/${id}/statistics`
    expect(await app.refused('GET', `${series}?${from(3)}&by=minute`)).toContain('at most 2 days')
    expect(await app.refused('GET', `${series}?${from(91)}`)).toContain('at most 90 days')
    expect(await app.list(`${series}?${from(90)}`)).toHaveLength(1)
    expect(await app.refused('GET', '/endpoints/ep_none/statistics')).toContain('endpoint.unknown')
    expect(await app.refused('GET', '/endpoints/ep_none/customers')).toContain('endpoint.unknown')
  })
})

describe('samples', () => {
  test('come with the latest first, by what they are asked for', async () => {
    const app = await reportApp()
    const whole = {
      ...{ requestBytes: 10, responseBytes: 20, customerId: 'ann', clientAddress: '192.0.2.1' },
      ...{ userAgent: 'curl/8', queryNames: ['page'], durationMs: 1.234, status: 503 },
    }
    const at = (ms: number) => ({ at: new Date(NOW_MS - ms).toISOString() })
    await app.report({
      samples: [aSample(at(2_000)), aSample({ ...at(1_000), ...whole }), aSample({ route: null })],
    })
    await app.report({ application: 'bakery', producer: 'two', samples: [aSample()] })
    const pages = [await app.good('GET', '/samples?limit=3')]
    pages.push(await app.good('GET', `/samples?limit=3&cursor=${pages[0].nextCursor}`))
    expect(pages.map(({ data }) => data.length)).toEqual([3, 1])
    const [failed] = await app.list('/samples?status=5xx')
    expect(failed).toMatchObject({
      ...whole,
      ...at(1_000),
      application: 'shop',
      route: '/users/:id',
    })
    for (const query of [
      'status=503',
      'customerId=ann',
      `customerId=ann&endpoint=${failed.endpointId}`,
    ])
      expect(await app.list(`/samples?${query}`)).toEqual([failed])
    expect(await app.list('/samples?application=shop')).toHaveLength(3)
    expect(await app.list(`/samples?endpoint=${failed.endpointId}`)).toHaveLength(2)
    for (const query of ['status=504', 'customerId=bob', 'application=none', 'endpoint=ep_none'])
      expect(await app.list(`/samples?${query}`)).toEqual([])
    expect(await app.refused('GET', '/samples?status=5x')).toContain('send a status')
  })
})

test('decisions of a policy tell whom its limits refuse, of how many requests', async () => {
  const app = await reportApp()
  const policy = { key: 'users', name: 'Users', method: 'GET', url: '/users/*', mode: 'shadow' }
  const { id: policyId } = await app.good('POST', '/policies', policy)
  const of = (id: string) => ({ policyId, identity: { kind: 'customer', id } })
  await app.report({
    statistics: [someRequests(1_000), someRequests(7, { route: '/other' })],
    decisions: [
      someDecisions(1, of('ann')),
      someDecisions(2, of('bob')),
      someDecisions(1, { ...of('bob'), minute: new Date(NOW_MS - HOUR_MS).toISOString() }),
      someDecisions(0, {
        ...of('bob'),
        mode: 'enforce',
        allowedWithoutAnswer: 4,
        refusedWithoutAnswer: 5,
      }),
      someDecisions(9, { pattern: '/users/*', limit: '/users/*' }),
      someDecisions(8, { limit: 'block', mode: 'enforce' }),
    ],
  })
  const none = { allowedWithoutAnswer: 0, refusedWithoutAnswer: 0 }
  const without = { refused: 0, allowedWithoutAnswer: 4, refusedWithoutAnswer: 5 }
  const decisions = {
    requests: 1_000,
    limits: [
      {
        ...{ limit: 'hourly', mode: 'enforce', ...without },
        identities: [{ kind: 'customer', id: 'bob', ...without }],
      },
      {
        ...{ limit: 'hourly', mode: 'shadow', refused: 4, ...none },
        identities: [
          { kind: 'customer', id: 'bob', refused: 3, ...none },
          { kind: 'customer', id: 'ann', refused: 1, ...none },
        ],
      },
    ],
    hours: [
      { startsAt: '2026-03-01T11:00:00.000Z', mode: 'shadow', refused: 1, ...none },
      { startsAt: '2026-03-01T12:00:00.000Z', mode: 'enforce', ...without },
      { startsAt: '2026-03-01T12:00:00.000Z', mode: 'shadow', refused: 3, ...none },
    ],
  }
  expect(await app.good('GET', '/policies/users/decisions')).toMatchObject(decisions)
  expect(await app.good('GET', `/policies/${policyId}/decisions`)).toMatchObject(decisions)
  expect(await app.refused('GET', '/policies/none/decisions')).toContain('policy.unknown')
  await app.good('POST', '/policies', { ...policy, key: 'unused', url: '/unused' })
  const unused = await app.good('GET', '/policies/unused/decisions')
  expect(unused).toMatchObject({ requests: null, limits: [], hours: [] })

  const users = {
    ...{ policyId, requests: 1_000 },
    modes: [
      { mode: 'enforce', ...without },
      { mode: 'shadow', refused: 4, ...none },
    ],
  }
  await app.good('POST', '/policies', { ...policy, key: 'bakery', url: '*', application: 'bakery' })
  const all = await app.list('/decisions')
  expect(all).toMatchObject([{ requests: null, modes: [] }, { requests: null, modes: [] }, users])
  const page = await app.good('GET', '/decisions?limit=2')
  expect(await app.list(`/decisions?cursor=${page.nextCursor}`)).toEqual([all[2]])
  const before = 'from=2026-02-28T00:00:00Z&to=2026-02-28T12:00:00Z'
  expect((await app.list(`/decisions?${before}`))[2]).toMatchObject({ requests: 0, modes: [] })
  expect(await app.refused('GET', '/decisions?from=2026-01-01T00:00:00Z')).toContain('at most 7')
  const strangers = await app.send('GET', '/api/v1/control/decisions', { headers: STRANGER })
  expect(strangers.json.data).toEqual([])
})

test('decisions of limits in code and of blocks tell whom they refuse, by application', async () => {
  const app = await reportApp()
  const ann = { identity: { kind: 'customer', id: 'ann' } }
  const inCode = { pattern: '/users/*', limit: '/users/*', ...ann }
  const blocked = { limit: 'block', identity: { kind: 'network', id: '192.0.2.1' } }
  await app.report({ decisions: [someDecisions(9, inCode), someDecisions(4, blocked)] })
  await app.report({
    ...{ producer: 'other', application: 'desk' },
    decisions: [someDecisions(7, inCode), someDecisions(2, { ...inCode, identity: null })],
  })
  const { id: policyId } = await app.good('POST', '/policies', {
    ...{ key: 'all', name: 'All', url: '*' },
  })
  await app.report({ producer: 'third', decisions: [someDecisions(5, { policyId })] })

  const code = { pattern: '/users/*', limit: '/users/*' }
  const shop = [
    { application: 'shop', ...code, refused: 9, identities: [{ ...ann.identity, refused: 9 }] },
    { application: 'shop', pattern: null, limit: 'block', refused: 4 },
  ]
  const desk = { application: 'desk', ...code, refused: 9, identities: [{ refused: 7 }] }
  const { limits } = await app.good('GET', '/decisions/other')
  expect(limits).toMatchObject([desk, ...shop])
  expect(await app.good('GET', '/decisions/other?application=shop')).toMatchObject({ limits: shop })
  expect(await app.good('GET', '/decisions/other?application=none')).toMatchObject({ limits: [] })
})

describe('warnings', () => {
  test('tell of requests that were to be metered and had no customer', async () => {
    const app = await reportApp()
    await app.report({
      statistics: [someRequests(5, { unmetered: 3 }), someRequests(1, { route: '/' })],
    })
    const [warning, ...others] = await app.list('/warnings')
    expect(others).toEqual([])
    expect(warning).toMatchObject({ kind: 'unmetered', application: 'shop', count: 3 })
    expect(warning.endpoint).toMatchObject({ method: 'GET', route: '/users/:id' })
    expect(warning.message).toContain('3 requests')
    app.ago(-2 * DAY_MS)
    expect(await app.list('/warnings')).toEqual([])
  })

  test('tell of usage that was lost in a process, when more of it is', async () => {
    const app = await reportApp()
    await app.report({ usage: USAGE })
    expect(await app.list('/warnings')).toEqual([])
    await app.report({ sequence: 2, usage: { ...USAGE, refused: 2, dropped: 3 } })
    await app.report({ sequence: 3 })
    const lost = [{ kind: 'usage_lost', count: 5, at: NOW }]
    expect(await app.list('/warnings')).toMatchObject(lost)
    app.ago(-HOUR_MS)
    await app.report({ sequence: 4, usage: { ...USAGE, refused: 2, dropped: 3 } })
    expect(await app.list('/warnings')).toMatchObject(lost)
    await app.report({ sequence: 5, usage: { ...USAGE, refused: 2, dropped: 4 } })
    const at = new Date(NOW_MS + HOUR_MS).toISOString()
    expect(await app.list('/warnings')).toMatchObject([{ kind: 'usage_lost', count: 6, at }])
  })

  test('tell of what was lost in the last day, and not of all that a process has lost', async () => {
    const app = await reportApp()
    await app.report({ usage: { ...USAGE, refused: 2, dropped: 4 } })
    await app.report({ sequence: 4 })
    app.ago(-2 * DAY_MS)
    expect(await app.list('/warnings')).toEqual([])
    await app.report({ sequence: 6, usage: { ...USAGE, refused: 2, dropped: 5 } })
    expect(await app.list('/warnings')).toMatchObject([
      { kind: 'reports_missed', count: 1 },
      { kind: 'usage_lost', count: 1 },
    ])
  })

  test.each([
    ['had traffic on each of three days and has none for a day', [3.5, 2.5, 1.5], true],
    ['had none on one of those days', [3.5, 1.5], false],
    ['has had some today', [3.5, 2.5, 1.5, 0.5], false],
    ['was seen on one day alone', [1.5], false],
  ])('tell of an endpoint that %s: or do not', async (_what, daysAgo, isTold) => {
    const app = await reportApp()
    for (const [at, days] of daysAgo.entries()) {
      app.ago(days * DAY_MS)
      const minute = new Date(NOW_MS - days * DAY_MS).toISOString()
      await app.report({ sequence: at + 1, statistics: [someRequests(2, { minute })] })
    }
    app.ago(0)
    const told = (await app.list('/warnings')).map(({ kind, count }) => [kind, count])
    expect(told).toEqual(isTold ? [['endpoint_vanished', 6]] : [])
  })
})

test('an endpoint names the policies that cover its route, and whether they meter', async () => {
  const app = await reportApp()
  const policy = { name: 'Any', method: '*', url: '/users/*' }
  const limits = [{ name: 'hourly', limit: 5, window: '1h' }]
  const metering = [{ event: 'API_CALL' }]
  await app.good('POST', '/policies', { ...policy, key: 'all', url: '*', limits })
  await app.good('POST', '/policies', { ...policy, key: 'off', url: '/users/:id', mode: 'off' })
  await app.good('POST', '/policies', { ...policy, key: 'other', application: 'bakery' })
  await app.good('POST', '/policies', { ...policy, key: 'users', application: 'shop', metering })
  await app.report({ statistics: [someRequests(1), someRequests(1, { route: null })] })
  const [noRoute, users] = await app.list('/endpoints')
  const { policies, ...endpoint } = await app.good('GET', `/endpoints/${users.id}`)
  expect(users).toMatchObject(endpoint)
  expect(policies).toMatchObject([
    { key: 'users', name: 'Any', mode: 'enforce', limits: 0, meters: true },
  ])
  await app.good('POST', '/policies/users/archive')
  expect((await app.good('GET', `/endpoints/${users.id}`)).policies).toMatchObject([
    { key: 'all', limits: 1, meters: false },
  ])
  expect((await app.good('GET', `/endpoints/${noRoute.id}`)).policies).toEqual([])
  expect(await app.refused('GET', '/endpoints/ep_none')).toContain('endpoint.unknown')
})

test('an application tells of its processes: what runs in them, and what was lost', async () => {
  const app = await reportApp()
  await app.report({ producer: 'old', agent: 'express/0.1.0 node/20' })
  app.ago(-5 * MINUTE_MS)
  await app.report({ producer: 'new', agent: 'express/0.2.0 node/22', usage: USAGE })
  await app.report({ producer: 'new', sequence: 4, agent: 'express/0.2.0 node/22' })
  await app.report({ producer: 'other', application: 'bakery' })
  const shop = { name: 'shop', processes: 1, agents: ['express/0.2.0 node/22'] }
  expect(await app.list('/applications')).toMatchObject([{ name: 'bakery', processes: 1 }, shop])
  expect(await app.good('GET', '/applications/shop')).toMatchObject(shop)
  expect(await app.list('/applications/shop/processes')).toEqual([
    {
      ...{ producer: 'new', agent: 'express/0.2.0 node/22', missed: 2, leftOut: 0, usage: USAGE },
      firstReportedAt: new Date(NOW_MS + 5 * MINUTE_MS).toISOString(),
      lastReportedAt: new Date(NOW_MS + 5 * MINUTE_MS).toISOString(),
    },
    expect.objectContaining({ producer: 'old', missed: 0, usage: null, lastReportedAt: NOW }),
  ])
  app.ago(-DAY_MS)
  expect(await app.good('GET', '/applications/shop')).toMatchObject({ processes: 0, agents: [] })
  for (const path of ['/applications/none', '/applications/none/processes'])
    expect(await app.refused('GET', path)).toContain('application.unknown')
})

test('a report of nothing is an application that reports', async () => {
  const app = await reportApp()
  expect(await app.good('POST', '/reports', aReport())).toEqual({ status: 'recorded' })
  expect(await app.list('/applications')).toMatchObject([{ name: 'shop' }])
})
