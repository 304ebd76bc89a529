import { expect, test } from 'vitest'
import { openService } from './service.ts'

const NOW = new Date('2026-03-14T10:20:30Z')
const HOUR_MS = 3_600_000

type Row = {
  readonly minute: string
  readonly requests: number
  readonly statuses: Readonly<Record<string, number>>
  readonly latency: Readonly<Record<string, number>>
}

type Report = { readonly sequence: number; readonly statistics?: readonly Row[] }

async function reportsOf(moments: readonly Date[]): Promise<readonly Report[]> {
  const reports: Report[] = []
  const call = async (_method: string, path: string, body?: unknown) => {
    if (path === '/control/reports') reports.push(body as Report)
    return { id: path }
  }
  const service = await openService(call, NOW)
  for (const moment of moments) await service.reportMoment(moment)
  return reports
}

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, count) => total + count, 0)

test('the service reports one after the other, at the most what one report takes, and nothing too old', async () => {
  const reports = await reportsOf([new Date(NOW.getTime() + 1_500)])
  expect(reports.map(({ sequence }) => sequence)).toEqual(reports.map((_, at) => at + 1))
  const rows = reports.flatMap(({ statistics = [] }) => statistics)
  expect(rows.length).toBeGreaterThan(1_000)
  for (const { statistics = [] } of reports) expect(statistics.length).toBeLessThanOrEqual(2_000)
  for (const { minute } of rows)
    expect(NOW.getTime() - Date.parse(minute)).toBeLessThan(24 * HOUR_MS)
})

test('each request has a status and a latency, and the same hours look the same', async () => {
  const reports = await reportsOf([])
  for (const { requests, statuses, latency } of reports.flatMap(
    ({ statistics = [] }) => statistics,
  )) {
    expect(sum(statuses)).toBe(requests)
    expect(sum(latency)).toBe(requests)
  }
  expect(await reportsOf([])).toEqual(reports)
})
