import { describe, expect, test } from 'vitest'
import { COPY, NAIVE, SINGLE, THOUSAND } from './floors.ts'
import { type Measurement, percentiles } from './measure.ts'
import { missedFloors, reportText, resultsOf, type Series } from './report.ts'

function aRun(overrides: Partial<Measurement> = {}): Measurement {
  return {
    eventsPerSecond: 100_000,
    p50Ms: 2,
    p99Ms: 10,
    serverUs: 30,
    postgresUs: 20,
    loadUs: 10,
    rollUpMs: 500,
    behindMs: 400,
    peakMemoryMb: 200,
    ...overrides,
  }
}

function aSeries(name: string, runs: readonly Partial<Measurement>[]): Series {
  return { name, runs: runs.map(aRun) }
}

describe('figures', () => {
  test('are medians, so that one slow round changes nothing', () => {
    const rates = [90, 10, 80, 100, 70].map((eventsPerSecond) => ({ eventsPerSecond }))
    expect(resultsOf([aSeries(SINGLE, rates)]).get(SINGLE)?.eventsPerSecond).toBe(80)
    const even = [90, 80].map((eventsPerSecond) => ({ eventsPerSecond }))
    expect(resultsOf([aSeries(SINGLE, even)]).get(SINGLE)?.eventsPerSecond).toBe(85)
  })

  test('are the worst of all rounds where something must never happen', () => {
    const runs = [{ peakMemoryMb: 100 }, { peakMemoryMb: 190 }, { peakMemoryMb: null }]
    expect(resultsOf([aSeries(SINGLE, runs)]).get(SINGLE)?.peakMemoryMb).toBe(190)
  })

  test('name the latency that 99 of 100 requests stay below', () => {
    const latencies = Array.from({ length: 101 }, (_, nth) => 100 - nth)
    expect(percentiles(latencies)).toEqual({ p50Ms: 50, p99Ms: 99 })
  })
})

describe('floors', () => {
  test('are met at the border and missed below it', () => {
    const copy = aSeries(COPY, [{ eventsPerSecond: 300_000, rollUpMs: null }])
    const at = aSeries(THOUSAND, [{ eventsPerSecond: 90_000 }])
    const below = aSeries(THOUSAND, [{ eventsPerSecond: 89_999 }])
    expect(missedFloors([copy, at])).toEqual([])
    expect(missedFloors([copy, below])).toEqual([
      '1,000 a request (events/s)',
      '1,000 a request (× COPY)',
    ])
  })

  test('look at the latency, the lag and the memory too', () => {
    const naive = aSeries(NAIVE, [{ eventsPerSecond: 1_000, rollUpMs: null }])
    const slow = aSeries(SINGLE, [{ p99Ms: 21, rollUpMs: 2_001, peakMemoryMb: 301 }])
    expect(missedFloors([naive, slow])).toEqual([
      '1 a request (ms p99)',
      'until the last event is counted (s)',
      'memory of the server, at its peak (MB)',
    ])
  })

  test('that were not measured are neither met nor missed', () => {
    expect(missedFloors([])).toEqual([])
    expect(reportText([], [])).toContain('not measured')
  })
})
