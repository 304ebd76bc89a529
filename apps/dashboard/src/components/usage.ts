import { useQuery } from '@tanstack/react-query'
import { answered } from '../api/client.ts'
import { type Environment, useEnvironment } from '../api/environment.tsx'
import { clockQuery } from './EnvironmentSwitch.tsx'

export type UsageQuestion = {
  readonly meter: string
  readonly customerId?: string
  readonly from: string
  readonly to: string
  readonly window?: 'hour' | 'day' | 'month'
  readonly groupBy?: string
  readonly limit?: number
}

const REFRESH_MS = 10_000

/** What a meter says, from the roll-ups. */
export function usageQuery({ api, key }: Environment, question: UsageQuestion) {
  return {
    queryKey: [...key, 'usage', question],
    queryFn: () => answered(api.GET('/api/v1/usage', { params: { query: { ...question } } })),
    refetchInterval: REFRESH_MS,
  }
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export const RANGES = {
  '24h': { label: 'Last 24 hours', ms: DAY_MS, window: 'hour' },
  '7d': { label: 'Last 7 days', ms: 7 * DAY_MS, window: 'day' },
  '30d': { label: 'Last 30 days', ms: 30 * DAY_MS, window: 'day' },
  '90d': { label: 'Last 90 days', ms: 90 * DAY_MS, window: 'day' },
} as const

export type RangeName = keyof typeof RANGES

/** Whole hours or days up to the one that is under way, in UTC. */
export function rangeUpTo(now: string, name: RangeName) {
  const { ms, window } = RANGES[name]
  const stepMs = window === 'hour' ? HOUR_MS : DAY_MS
  const toMs = Math.ceil((new Date(now).getTime() + 1) / stepMs) * stepMs
  return {
    from: new Date(toMs - ms).toISOString(),
    to: new Date(toMs).toISOString(),
    window,
  }
}

/** The environment's time, which in a test environment is not ours; null until it is known. */
export function useEnvironmentNow(): string | null {
  const { data } = useQuery(clockQuery(useEnvironment()))
  return data?.now ?? null
}

/** The calendar month around `now` in UTC, and how it is called. */
export function monthAround(now: string): { from: string; to: string } {
  const day = new Date(now)
  const from = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1)
  const to = Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1)
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}
