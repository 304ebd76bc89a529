import { bucketOf } from '@usageflow/policy'
import { type ControlApp, controlApp } from '../test-control.ts'

/** The middle of a minute, an hour and a day. */
export const NOW = '2026-03-01T12:30:30.000Z'
export const NOW_MS = Date.parse(NOW)
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

export type ReportApp = ControlApp & {
  /** Sends a report of what a test does not care about otherwise, and returns its status. */
  report(more?: object): Promise<string>
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON came
  list(target: string): Promise<any[]>
  /** How many milliseconds ago it is from now on, with negative ones later. */
  ago(ms: number): void
}

export async function reportApp(): Promise<ReportApp> {
  const app = await controlApp()
  const ago = (ms: number) => app.at(new Date(NOW_MS - ms).toISOString())
  ago(0)
  return {
    ...{ ...app, ago },
    report: async (more = {}) => (await app.good('POST', '/reports', aReport(more))).status,
    list: async (target) => (await app.good('GET', target)).data,
  }
}

export function aReport(more: object = {}) {
  return { application: 'shop', producer: 'one', sequence: 1, agent: 'test/1', ...more }
}

/** Requests for which nothing else is known. */
export function someRequests(requests: number, more: object = {}) {
  return {
    ...{ minute: NOW, method: 'GET', route: '/users/:id', customerId: null, requests },
    ...{ statuses: { 200: requests }, latency: { [bucketOf(5_000)]: requests } },
    ...more,
  }
}

export function someDecisions(refused: number, more: object = {}) {
  return { minute: NOW, limit: 'hourly', mode: 'shadow', identity: null, refused, ...more }
}

export function aSample(more: object = {}) {
  return { at: NOW, method: 'GET', route: '/users/:id', status: 200, durationMs: 1.5, ...more }
}
