import type { EndpointStatistics } from '../../api/records.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

export const RANGES = {
  '1h': { label: '1 hour', ms: HOUR_MS, by: 'minute' },
  '24h': { label: '24 hours', ms: 24 * HOUR_MS, by: 'hour' },
  '7d': { label: '7 days', ms: 7 * 24 * HOUR_MS, by: 'hour' },
} as const

export type RangeName = keyof typeof RANGES

/** A minute or an hour, with what was seen in it; undefined: no requests. */
export type Moment = {
  readonly id: string
  readonly label: string
  readonly isOpen: boolean
  readonly figures: EndpointStatistics['data'][number] | undefined
}

/** Every minute or hour of the answer, also those that it leaves out since nothing happened. Labels are in the reader's zone. */
export function momentsOf(
  { from, to, data }: Pick<EndpointStatistics, 'from' | 'to' | 'data'>,
  range: RangeName,
  now: Date,
): readonly Moment[] {
  const stepMs = RANGES[range].by === 'minute' ? MINUTE_MS : HOUR_MS
  const firstMs = new Date(from).getTime()
  const count = Math.ceil((new Date(to).getTime() - firstMs) / stepMs)
  const known = new Map(data.map((figures) => [figures.startsAt, figures]))
  const format = new Intl.DateTimeFormat(undefined, FORMATS[range])
  return Array.from({ length: count }, (_, at) => {
    const start = new Date(firstMs + at * stepMs)
    return {
      id: start.toISOString(),
      label: format.format(start),
      isOpen: start.getTime() + stepMs > now.getTime(),
      figures: known.get(start.toISOString()),
    }
  })
}

const TIME = { hour: '2-digit', minute: '2-digit' } as const
const FORMATS: Readonly<Record<RangeName, Intl.DateTimeFormatOptions>> = {
  '1h': TIME,
  '24h': TIME,
  '7d': { day: 'numeric', month: 'short', ...TIME },
}
