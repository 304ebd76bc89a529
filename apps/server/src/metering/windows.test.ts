import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WINDOWS, windowsOf } from './windows.ts'

const MAX = 1_000

function windows(
  window: (typeof WINDOWS)[number],
  timeZone: string,
  from: string,
  to: string,
): string[] {
  const span = { from: new Date(from), to: new Date(to) }
  return windowsOf(span, { window, timeZone }, MAX).map(
    (one) => `${one.from.toISOString().slice(5, 16)} ${one.to.toISOString().slice(5, 16)}`,
  )
}

describe('days', () => {
  test('begin at local midnight, in a zone of half hours too', () => {
    expect(windows('day', 'Asia/Kolkata', '2026-02-28T18:30:00Z', '2026-03-02T18:30:00Z')).toEqual([
      '02-28T18:30 03-01T18:30',
      '03-01T18:30 03-02T18:30',
    ])
  })

  test('have 23 hours in spring and 25 in autumn', () => {
    expect(windows('day', 'Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-30T22:00:00Z')).toEqual(
      ['03-28T23:00 03-29T22:00', '03-29T22:00 03-30T22:00'],
    )
    expect(windows('day', 'Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')).toEqual(
      ['10-24T22:00 10-25T23:00'],
    )
  })

  test('begin later where midnight is left out', () => {
    expect(windows('day', 'Africa/Cairo', '2024-04-24T22:00:00Z', '2024-04-26T21:00:00Z')).toEqual([
      '04-24T22:00 04-25T22:00',
      '04-25T22:00 04-26T21:00',
    ])
  })

  test('are cut to the span', () => {
    expect(windows('day', 'UTC', '2026-03-01T10:00:00Z', '2026-03-02T00:00:00.001Z')).toEqual([
      '03-01T10:00 03-02T00:00',
      '03-02T00:00 03-02T00:00', // one millisecond
    ])
  })
})

test('months have their own lengths', () => {
  expect(windows('month', 'UTC', '2026-01-15T00:00:00Z', '2026-03-01T00:00:00Z')).toEqual([
    '01-15T00:00 02-01T00:00',
    '02-01T00:00 03-01T00:00',
  ])
})

describe('hours', () => {
  test('begin when the clocks of the zone show a whole one', () => {
    expect(
      windows('hour', 'Asia/Kathmandu', '2026-03-01T00:00:00Z', '2026-03-01T01:30:00Z'),
    ).toEqual(['03-01T00:00 03-01T00:15', '03-01T00:15 03-01T01:15', '03-01T01:15 03-01T01:30'])
  })

  test('come twice when the clocks are set back by one', () => {
    expect(
      windows('hour', 'Europe/Berlin', '2026-10-25T00:00:00Z', '2026-10-25T02:00:00Z'),
    ).toHaveLength(2)
  })

  test('take 90 minutes when the clocks are set back by half of one', () => {
    expect(
      windows('hour', 'Australia/Lord_Howe', '2026-04-04T14:00:00Z', '2026-04-04T16:30:00Z'),
    ).toEqual(['04-04T14:00 04-04T15:30', '04-04T15:30 04-04T16:30'])
  })
})

test('windows tile every span in every zone', () => {
  const zone = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/St_Johns',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Africa/Cairo',
    'America/Havana',
    'Pacific/Chatham',
    'Africa/Casablanca',
  )
  const instant = fc.date({
    min: new Date('2011-12-01'),
    max: new Date('2026-12-31'),
    noInvalidDate: true,
  })
  const length = fc.integer({ min: 1, max: 40 * 86_400_000 })
  fc.assert(
    fc.property(
      zone,
      fc.constantFrom(...WINDOWS),
      instant,
      length,
      (timeZone, window, from, ms) => {
        const span = { from, to: new Date(from.getTime() + ms) }
        const tiles = windowsOf(span, { window, timeZone }, MAX)
        expect(tiles[0]?.from).toEqual(span.from)
        expect(tiles.at(-1)?.to).toEqual(span.to)
        for (const [n, tile] of tiles.entries()) {
          expect(tile.from < tile.to).toBe(true)
          if (n > 0) expect(tile.from).toEqual(tiles[n - 1]?.to)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('stops one beyond the most that is wanted', () => {
  const span = { from: new Date('2026-01-01'), to: new Date('2026-12-31') }
  expect(windowsOf(span, { window: 'hour', timeZone: 'UTC' }, 10)).toHaveLength(11)
})
