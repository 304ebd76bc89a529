import { beforeEach, describe, expect, test } from 'vitest'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { KEY } from '../platform/http/test-app.ts'
import { limitOf } from './find-limit.ts'
import { archivePolicy, makePolicy, type WantedPolicy } from './set-policy.ts'
import { aPolicy, aStrategy, type ControlApp, controlApp } from './test-control.ts'

let app: ControlApp

beforeEach(async () => {
  app = await controlApp()
})

const made = (more?: object) => app.good('POST', '/policies', aPolicy(more))
const HOURLY = { name: 'hourly', limit: 100, window: '1h' }
const READ_HOURLY = { ...HOURLY, algorithm: 'fixed_window', per: 'identity' }

describe('a policy', () => {
  test('holds openly and for everybody where nothing else is said', async () => {
    const { id, createdAt, ...policy } = await made()
    expect(await app.good('GET', `/policies/${id}`)).toEqual({ id, createdAt, ...policy })
    expect(policy).toEqual({
      ...{ key: 'all', name: 'All', application: null, method: '*', url: '*', priority: 0 },
      ...{ strategyId: null, mode: 'enforce', withoutAnswer: 'allow', deadlineMs: 50 },
      ...{ limits: [], metering: [], archivedAt: null },
    })
  })

  test('keeps all that is said', async () => {
    const strategy = await app.good('POST', '/strategies', aStrategy())
    const limits = [
      HOURLY,
      { name: 'burst', algorithm: 'token_bucket', limit: 5, window: '1s', per: 'all' },
    ]
    const said = { application: 'shop', url: '/api/users/:id', priority: 7, mode: 'shadow' }
    const rest = { withoutAnswer: 'refuse', deadlineMs: 1000 }
    const policy = await made({ ...said, ...rest, method: 'post', strategy: 'by-user', limits })
    expect(policy).toMatchObject({ ...said, ...rest, method: 'POST', strategyId: strategy.id })
    expect(policy.limits).toEqual([READ_HOURLY, limits[1]])
  })

  test('is changed by what is sent alone, and every change is counted', async () => {
    await app.good('POST', '/strategies', aStrategy())
    const before = await made({ strategy: 'by-user', application: 'shop', limits: [HOURLY] })
    expect(await app.version()).toBe(2)
    for (const change of [
      { mode: 'off' },
      { limits: [] },
      { application: null },
      { url: '/v2/*', method: 'GET', priority: -1 },
      { deadlineMs: 1 },
    ]) {
      const version = await app.version()
      const was = await app.good('GET', '/policies/all')
      expect(await app.good('PATCH', '/policies/all', change)).toEqual({ ...was, ...change })
      expect(await app.version()).toBe(version + 1)
    }
    const { strategyId } = await app.good('PATCH', `/policies/${before.id}`, { strategy: null })
    expect(strategyId).toBeNull()
  })

  test('is archived once, however often it is asked for', async () => {
    await made()
    const first = await app.good('POST', '/policies/all/archive')
    expect(await app.good('POST', '/policies/all/archive')).toEqual(first)
    expect(first.archivedAt).not.toBeNull()
    expect(await app.version()).toBe(2)
    expect(await app.refused('POST', '/policies', aPolicy())).toMatch(/^policy\.key_taken/)
  })

  test('cannot be given a strategy that is archived or not there, and keeps one that it has', async () => {
    await app.good('POST', '/strategies', aStrategy())
    await app.good('POST', '/strategies', aStrategy({ key: 'old' }))
    await made({ strategy: 'by-user' })
    for (const key of ['by-user', 'old']) await app.good('POST', `/strategies/${key}/archive`)
    const version = await app.version()
    const unknown = 'strategy.unknown There is no strategy "none".'
    const archived = 'strategy.archived The strategy "old" is archived; name another one.'
    const other = (strategy: string) => aPolicy({ key: 'other', strategy })
    expect(await app.refused('POST', '/policies', other('none'))).toBe(unknown)
    expect(await app.refused('POST', '/policies', other('old'))).toBe(archived)
    expect(await app.refused('PATCH', '/policies/all', { strategy: 'none' })).toBe(unknown)
    expect(await app.refused('PATCH', '/policies/all', { strategy: 'old' })).toBe(archived)
    expect(await app.version()).toBe(version)
    await app.good('PATCH', '/policies/all', { strategy: 'by-user', name: 'Still' })
  })

  test('is listed by key, of one application, in one mode', async () => {
    await made({ key: 'c', application: 'shop', mode: 'shadow' })
    await made({ key: 'a', application: 'shop' })
    await made({ key: 'b' })
    const keys = async (query: string) =>
      (await app.good('GET', `/policies${query}`)).data.map(({ key }: { key: string }) => key)
    expect(await keys('')).toEqual(['a', 'b', 'c'])
    expect(await keys('?application=shop')).toEqual(['a', 'c'])
    expect(await keys('?application=shop&mode=shadow')).toEqual(['c'])
    const { nextCursor } = await app.good('GET', '/policies?limit=1')
    expect(await keys(`?limit=1&cursor=${nextCursor}`)).toEqual(['b'])
  })

  test('is made once for a key of idempotency, however often it is sent', async () => {
    const once = () =>
      app.send('POST', '/api/v1/control/policies', {
        headers: { ...KEY, 'idempotency-key': 'k1' },
        body: aPolicy(),
      })
    const [first, second] = [await once(), await once()]
    expect(second).toMatchObject({ status: 201, json: first.json })
    expect(await app.version()).toBe(1)
  })
})

test.for([
  [{ url: 'api' }, 'route', '"api" is no route pattern: it begins with / or is "*"'],
  [{ url: '/a/*/b' }, 'route', '"*" only as the last'],
  [{ method: 'GET POST' }, 'route', '"GET POST" is no method'],
  [{ limits: [{ ...HOURLY, limit: 0 }] }, 'limit', 'limit must be a whole number from 1'],
  [{ limits: [{ ...HOURLY, limit: 1.5 }] }, 'limit', 'Correct the limit "hourly": limit must'],
  [{ limits: [{ ...HOURLY, window: '1 h' }] }, 'limit', '"1 h" is no duration'],
  [{ limits: [{ ...HOURLY, window: '400d' }] }, 'limit', 'is too long'],
  [{ limits: [{ ...HOURLY, period: 'month' }] }, 'limit', 'a window or a period, not both'],
  [{ limits: [{ name: 'hourly', limit: 100 }] }, 'limit', 'or the period "day" or "month"'],
  [
    { limits: [HOURLY, HOURLY] },
    'limit',
    'Correct the limit "hourly": another limit has this name',
  ],
] as const)('422 for %j, with what to change', async ([more, about, why]) => {
  const refusal = await app.refused('POST', '/policies', aPolicy(more))
  expect(refusal).toContain(`policy.${about}_impossible Correct `)
  expect(refusal).toContain(why)
  await made()
  expect(await app.refused('PATCH', '/policies/all', more)).toBe(refusal)
  expect(await app.version()).toBe(1)
})

test.for([
  [{ deadlineMs: 0 }],
  [{ deadlineMs: 1001 }],
  [{ mode: 'on' }],
  [{ priority: 0.5 }],
  [{ limits: Array.from({ length: 6 }, (_, at) => ({ ...HOURLY, name: `n${at}` })) }],
  [{ limits: [{ ...HOURLY, name: 'with "quotes"' }] }],
  [{ limits: [{ ...HOURLY, algorithm: 'leaky' }] }],
  [{ key: 'pol_x' }],
  [{ meter: 'x' }],
])('400 for %j', async ([more]) => {
  expect(await app.refused('POST', '/policies', aPolicy(more))).toMatch(/^request\.malformed/)
})

test('404 for one that is not there', async () => {
  const unknown = 'policy.unknown There is no policy "none".'
  expect(await app.refused('GET', '/policies/none')).toBe(unknown)
  expect(await app.refused('PATCH', '/policies/none', {})).toBe(unknown)
  expect(await app.refused('POST', '/policies/none/archive')).toBe(unknown)
})

test('a change that is rolled back is not counted', async () => {
  await made()
  const wanted: WantedPolicy = {
    ...{ key: 'x', name: 'x', application: null, method: '*', url: '*', priority: 0 },
    ...{ strategy: null, mode: 'enforce', withoutAnswer: 'allow', deadlineMs: 50, limits: [] },
    metering: [],
  }
  const broken = inOwnTransaction(async (tx) => {
    await makePolicy(tx, app.envId, wanted, new Date())
    throw new Error('killed')
  })
  await expect(broken).rejects.toThrow('killed')
  expect(await app.version()).toBe(1)
})

test('of many changes at once each is counted', async () => {
  const keys = Array.from({ length: 20 }, (_, at) => `p${at}`)
  await Promise.all(keys.map((key) => made({ key })))
  expect(await app.version()).toBe(20)
})

describe('the limit of a policy', () => {
  const found = (policyId: string, name: string, envId = app.envId) =>
    inOwnTransaction((tx) => limitOf(tx, envId, policyId, name))

  test('is found by its name, as it holds now', async () => {
    const { id } = await made({ limits: [HOURLY, { ...HOURLY, name: 'all', per: 'all' }] })
    const hourly = { algorithm: 'fixed_window', limit: 100, windowMs: 3_600_000 }
    expect(await found(id, 'hourly')).toEqual({ ...hourly, per: 'identity' })
    expect(await found(id, 'all')).toEqual({ ...hourly, per: 'all' })
    await app.good('PATCH', '/policies/all', { limits: [{ ...HOURLY, limit: 7 }] })
    expect(await found(id, 'hourly')).toMatchObject({ limit: 7 })
    expect(await found(id, 'all')).toBeNull()
  })

  test('is none where the policy is off, archived, of another environment or not there', async () => {
    const { id } = await made({ limits: [HOURLY] })
    expect(await found(id, 'hourly', app.envId + 1)).toBeNull()
    expect(await found('pol_none', 'hourly')).toBeNull()
    await app.good('PATCH', '/policies/all', { mode: 'off' })
    expect(await found(id, 'hourly')).toBeNull()
    await app.good('PATCH', '/policies/all', { mode: 'shadow' })
    expect(await found(id, 'hourly')).not.toBeNull()
    await inOwnTransaction((tx) => archivePolicy(tx, app.envId, id, new Date()))
    expect(await found(id, 'hourly')).toBeNull()
  })
})
