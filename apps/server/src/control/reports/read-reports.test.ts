import { describe, expect, test } from 'vitest'
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
  }
  expect(await app.good('GET', '/policies/users/decisions')).toMatchObject(decisions)
  expect(await app.good('GET', `/policies/${policyId}/decisions`)).toMatchObject(decisions)
  expect(await app.refused('GET', '/policies/none/decisions')).toContain('policy.unknown')
  await app.good('POST', '/policies', { ...policy, key: 'unused', url: '/unused' })
  const unused = await app.good('GET', '/policies/unused/decisions')
  expect(unused).toMatchObject({ requests: null, limits: [] })
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

test('a report of nothing is an application that reports', async () => {
  const app = await reportApp()
  expect(await app.good('POST', '/reports', aReport())).toEqual({ status: 'recorded' })
  expect(await app.list('/applications')).toMatchObject([{ name: 'shop' }])
})
