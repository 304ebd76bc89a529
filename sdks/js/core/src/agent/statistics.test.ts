import { expect, test } from 'vitest'
import { type Seen, Statistics } from './statistics.ts'

const BODY_BYTES_MAX = 1024 * 1024 // what the server takes

function aRequest(more: Partial<Seen>): Seen {
  return {
    ...{ at: new Date('2026-03-14T09:26:53Z'), method: 'GET', route: '/users/:id', status: 200 },
    ...{ durationMs: 1, requestBytes: 0, responseBytes: 0, customerId: null, clientAddress: null },
    ...{ userAgent: null, queryNames: [], unmetered: 0, ...more },
  }
}

test('what waits through days without an answer has a bound, and goes in reports of which each has room', () => {
  const statistics = new Statistics()
  const name = '顾客'.repeat(60)
  for (let at = 0; at < 6_000; at += 1) {
    const minute = new Date(Date.UTC(2026, 2, 14, 9, Math.floor(at / 10)))
    const queryNames = Array.from({ length: 30 }, (_, each) => `${each}${name.slice(0, 90)}`)
    const request = { at: minute, route: `/${at % 10}`, customerId: `${name}${at}`, queryNames }
    statistics.seen(aRequest(request))
    statistics.blocked({ kind: 'customer', id: `${name}${at}` }, minute)
  }
  const counts = { statistics: 0, decisions: 0 }
  while (!statistics.isEmpty) {
    const report = statistics.take()
    expect(Buffer.byteLength(JSON.stringify(report))).toBeLessThan(BODY_BYTES_MAX)
    counts.statistics += report.statistics.length
    counts.decisions += report.decisions.length
  }
  expect(counts.statistics).toBe(4_000)
  expect(counts.decisions).toBe(2_400) // 2,000 of a caller each in 200 minutes, then one a minute
})

test('tells of each route once, asked or not, and of as many as reports have room for', () => {
  const statistics = new Statistics()
  const routes = Array.from({ length: 1_200 }, (_, at) => ({
    method: 'GET',
    url: `/${at}/${'x'.repeat(400)}`,
  }))
  expect(statistics.learn(routes)).toBe(true)
  expect(statistics.learn(routes)).toBe(false)
  statistics.seen(aRequest({ route: routes[0]?.url ?? '' }))
  const told: unknown[] = []
  while (!statistics.isEmpty) {
    const report = statistics.take()
    expect(Buffer.byteLength(JSON.stringify(report.routes))).toBeLessThan(150_000)
    told.push(...report.routes)
  }
  expect(told).toEqual(routes.slice(0, 1_000).map(({ method, url }) => ({ method, route: url })))
})
