import { bucketOf, quantile } from '@usageflow/policy'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aReport, HOUR_MS, MINUTE_MS, NOW_MS, type ReportApp, reportApp } from './test-reports.ts'

const ROUTES = ['/a', '/b/:id', null]
const CUSTOMERS = ['ann', 'bob', null]
const STATUSES = [200, 404, 503]

/** One request, as a process sees it. */
type Seen = {
  readonly minutesAgo: number
  readonly route: string | null
  readonly customerId: string | null
  readonly status: number
  readonly latencyUs: number
  readonly isUnmetered: boolean
  readonly bytes: number
}

const seen: fc.Arbitrary<Seen> = fc.record({
  minutesAgo: fc.integer({ min: 0, max: 90 }),
  route: fc.constantFrom(...ROUTES),
  customerId: fc.constantFrom(...CUSTOMERS),
  status: fc.constantFrom(...STATUSES),
  latencyUs: fc.integer({ min: 0, max: 5_000_000 }),
  isUnmetered: fc.boolean(),
  bytes: fc.integer({ min: 0, max: 1_000_000 }),
})

const processes = fc.array(
  fc.array(fc.array(seen, { maxLength: 12 }), { minLength: 1, maxLength: 3 }),
  { minLength: 1, maxLength: 4 },
)

function rowOf({ minutesAgo, route, customerId, status, latencyUs, isUnmetered, bytes }: Seen) {
  return {
    minute: new Date(NOW_MS - minutesAgo * MINUTE_MS).toISOString(),
    ...{ method: 'GET', route, customerId, requests: 1, unmetered: isUnmetered ? 1 : 0 },
    ...{ statuses: { [status]: 1 }, latency: { [bucketOf(latencyUs)]: 1 } },
    ...{ requestBytes: bytes, responseBytes: 2 * bytes },
  }
}

/** Each process sends its reports in turn, some of them twice; all processes do so at once. */
async function tell(app: ReportApp, all: readonly (readonly Seen[][])[]): Promise<void> {
  await Promise.all(
    all.map(async (reports, producer) => {
      for (const [at, rows] of reports.entries()) {
        const report = { producer: `p${producer}`, sequence: at + 1, statistics: rows.map(rowOf) }
        await Promise.all([app.report(aReport(report)), app.report(aReport(report))])
      }
    }),
  )
}

/** What should be told of these requests, counted one by one. */
function expected(requests: readonly Seen[]) {
  const count = (fits: (request: Seen) => boolean) => requests.filter(fits).length
  const bytes = requests.reduce((sum, request) => sum + request.bytes, 0)
  const counts = new Map<number, number>()
  for (const { latencyUs } of requests)
    counts.set(bucketOf(latencyUs), (counts.get(bucketOf(latencyUs)) ?? 0) + 1)
  const at = (percent: number) => (quantile(counts, percent) ?? 0) / 1_000
  const classes = { '2xx': 200, '4xx': 404, '5xx': 503 }
  const statuses = Object.entries(classes)
    .map(([name, status]) => [name, count((request) => request.status === status)] as const)
    .filter(([, n]) => n > 0)
  return {
    requests: requests.length,
    unmetered: count(({ isUnmetered }) => isUnmetered),
    statuses: Object.fromEntries(statuses),
    errorRate: count(({ status }) => status === 503) / requests.length,
    latencyMs: { p50: at(50), p95: at(95), p99: at(99) },
    ...{ requestBytes: bytes, responseBytes: 2 * bytes },
  }
}

function groupBy<K>(requests: readonly Seen[], keyOf: (request: Seen) => K): Map<K, Seen[]> {
  const groups = new Map<K, Seen[]>()
  for (const request of requests)
    groups.set(keyOf(request), [...(groups.get(keyOf(request)) ?? []), request])
  return groups
}

function startOf({ minutesAgo }: Seen, spanMs: number): string {
  const ms = NOW_MS - minutesAgo * MINUTE_MS
  return new Date(ms - (ms % spanMs)).toISOString()
}

test('every figure is what was reported, however it was split over processes, reports and repeats', {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(processes, async (all) => {
      const app = await reportApp()
      await tell(app, all)
      const byRoute = groupBy(all.flat(2), ({ route }) => route)
      const endpoints = await app.list('/endpoints')
      expect(endpoints).toHaveLength(byRoute.size)
      for (const { id, route, ...figures } of endpoints) {
        const requests = byRoute.get(route) ?? []
        expect(figures).toMatchObject(expected(requests))
        for (const [by, spanMs] of Object.entries({ minute: MINUTE_MS, hour: HOUR_MS })) {
          const series = await app.list(`/endpoints/${id}/statistics?by=${by}`)
          const spans = groupBy(requests, (request) => startOf(request, spanMs))
          const wanted = [...spans].map(([startsAt, group]) => ({ startsAt, ...expected(group) }))
          wanted.sort((one, other) => (one.startsAt < other.startsAt ? -1 : 1))
          expect(series).toMatchObject(wanted)
        }
        const customers = await app.list(`/endpoints/${id}/customers`)
        const perCustomer = groupBy(requests, ({ customerId }) => customerId)
        expect(customers).toHaveLength(perCustomer.size)
        for (const { customerId, ...sums } of customers)
          expect(sums).toMatchObject(expected(perCustomer.get(customerId) ?? []))
      }
    }),
    { numRuns: 12 },
  )
})
