/** What one contestant reached in one case, as the median of its runs. */
export type Figures = {
  readonly eventsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** From the end of the load until every event was counted. */
  readonly rollUpMs: number | null
  /** The most memory the server ever held. */
  readonly peakMemoryMb: number | null
}

/** The figures by the name of the case; only cases that ran are in it. */
export type Results = ReadonlyMap<string, Figures>

/** A promise of the bench. `measure` answers null when a case it needs did not run. */
export type Floor = {
  readonly name: string
  readonly unit: string
  readonly bound: { readonly atLeast: number } | { readonly atMost: number }
  readonly measure: (results: Results) => number | null
}

export const SINGLE = '1 a request'
export const HUNDRED = '100 a request'
export const THOUSAND = '1,000 a request'
export const REPEATS = '1,000 a request, 1 % repeats'
export const SINGLE_STORED = '1 a request, beside stored rows'
export const THOUSAND_STORED = '1,000 a request, beside stored rows'
export const NAIVE = 'naive server, 1 a request'
export const COPY = 'bare COPY, 2 connections'

/** On two cores with the load on the same cores. Absolute rates say something of one machine, ratios of any. */
export const FLOORS: readonly Floor[] = [
  { name: SINGLE, unit: 'events/s', bound: { atLeast: 14_000 }, measure: rate(SINGLE) },
  { name: SINGLE, unit: '× naive', bound: { atLeast: 3.5 }, measure: ratio(SINGLE, NAIVE) },
  {
    name: SINGLE,
    unit: 'ms p99',
    bound: { atMost: 20 },
    measure: (results) => results.get(SINGLE)?.p99Ms ?? null,
  },
  { name: THOUSAND, unit: 'events/s', bound: { atLeast: 90_000 }, measure: rate(THOUSAND) },
  { name: THOUSAND, unit: '× COPY', bound: { atLeast: 0.3 }, measure: ratio(THOUSAND, COPY) },
  {
    name: REPEATS,
    unit: `× ${THOUSAND}`,
    bound: { atLeast: 0.6 },
    measure: ratio(REPEATS, THOUSAND),
  },
  {
    name: THOUSAND_STORED,
    unit: `× ${THOUSAND}`,
    bound: { atLeast: 0.75 },
    measure: ratio(THOUSAND_STORED, THOUSAND),
  },
  {
    name: SINGLE_STORED,
    unit: `× ${SINGLE}`,
    bound: { atLeast: 0.75 },
    measure: ratio(SINGLE_STORED, SINGLE),
  },
  {
    name: 'until the last event is counted',
    unit: 's',
    bound: { atMost: 2 },
    measure: (results) => {
      const longestMs = largest(results, ({ rollUpMs }) => rollUpMs)
      return longestMs === null ? null : longestMs / 1_000
    },
  },
  {
    name: 'memory of the server, at its peak',
    unit: 'MB',
    bound: { atMost: 300 },
    measure: (results) => largest(results, ({ peakMemoryMb }) => peakMemoryMb),
  },
]

/** Whether `value` keeps the promise; null when nothing was measured. */
export function isMet(floor: Floor, value: number | null): boolean | null {
  if (value === null) return null
  return 'atLeast' in floor.bound ? value >= floor.bound.atLeast : value <= floor.bound.atMost
}

function rate(name: string): Floor['measure'] {
  return (results) => results.get(name)?.eventsPerSecond ?? null
}

function ratio(name: string, of: string): Floor['measure'] {
  return (results) => {
    const [rate, other] = [results.get(name), results.get(of)]
    return rate && other ? rate.eventsPerSecond / other.eventsPerSecond : null
  }
}

function largest(results: Results, of: (figures: Figures) => number | null): number | null {
  const values = [...results.values()].map(of).filter((value) => value !== null)
  return values.length === 0 ? null : Math.max(...values)
}
