import { beforeEach, expect, test } from 'vitest'
import { KEY } from '../platform/http/test-app.ts'
import { aPolicy, aStrategy, type ControlApp, controlApp } from './test-control.ts'

const HOURLY = { name: 'hourly', limit: 100, window: '1h' }
const CALLS = { event: 'API_CALL' }
const HEADER = { from: 'header', name: 'x-user-id' }

let app: ControlApp

beforeEach(async () => {
  app = await controlApp()
})

test.for([
  ['/policies', aPolicy({ method: 'GET POST' }), '/method'],
  ['/policies', aPolicy({ url: 'api' }), '/url'],
  ['/policies', aPolicy({ limits: [HOURLY, { ...HOURLY, name: 'b', limit: 0 }] }), '/limits/1'],
  ['/policies', aPolicy({ limits: [HOURLY, HOURLY] }), '/limits/1'],
  [
    '/policies',
    aPolicy({ metering: [CALLS, { ...CALLS, quantity: '(' }] }),
    '/metering/1/quantity',
  ],
  ['/policies', aPolicy({ metering: [CALLS, CALLS] }), '/metering/1/quantity'],
  ['/policies', aPolicy({ key: 'taken' }), '/key'],
  ['/policies', aPolicy({ strategy: 'archived' }), '/strategy'],
  [
    '/strategies',
    aStrategy({ sources: [HEADER, { from: 'path', name: ':id' }] }),
    '/sources/1/name',
  ],
  ['/strategies', aStrategy({ sources: [HEADER, HEADER] }), '/sources/1/name'],
  ['/strategies', aStrategy({ key: 'archived' }), '/key'],
  ['/blocks', { kind: 'network', id: 'example.com' }, '/id'],
  ['/blocks', { kind: 'customer', id: 'ann', until: '2020-01-01T00:00:00Z' }, '/until'],
] as const)('%s of %j is refused with the place of what to change', async ([path, body, at]) => {
  await app.good('POST', '/policies', aPolicy({ key: 'taken' }))
  await app.good('POST', '/strategies', aStrategy({ key: 'archived' }))
  await app.good('POST', '/strategies/archived/archive')
  const { json } = await app.send('POST', `/api/v1/control${path}`, { headers: KEY, body })
  expect(json.error.details.issues).toEqual([{ at, message: expect.stringMatching(/./) }])
})
