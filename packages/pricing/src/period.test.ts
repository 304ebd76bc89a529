import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ANCHOR_KINDS,
  type Anchor,
  type AnchorKind,
  anchorAt,
  CYCLES,
  type Cycle,
  isTimeZone,
  type Period,
  periodAt,
  periodContaining,
  periodsOf,
  prorateMinor,
  shareOf,
} from './index.ts'
import { cycle as anyCycle, RUNS } from './test-arbitraries.ts'
import { localMs, wantedMs, ZONES } from './test-period-oracle.ts'

const HOUR_MS = 3_600_000

function anAnchor(local: string, timeZone = 'Etc/UTC', kind: AnchorKind = 'day'): Anchor {
  return { kind, local, timeZone }
}

/** The starts of the first periods, in UTC. */
function starts(anchor: Anchor, cycle: Cycle, count: number): string[] {
  return Array.from({ length: count }, (_, n) => periodAt(anchor, cycle, n).start.toISOString())
}

describe('periods from the anchor', () => {
  test('return to the 31st after a short month', () => {
    expect(starts(anAnchor('2023-01-31T00:00:00'), 'month', 5)).toEqual([
      '2023-01-31T00:00:00.000Z',
      '2023-02-28T00:00:00.000Z',
      '2023-03-31T00:00:00.000Z',
      '2023-04-30T00:00:00.000Z',
      '2023-05-31T00:00:00.000Z',
    ])
    expect(starts(anAnchor('2024-01-31T00:00:00'), 'month', 3)[1]).toBe('2024-02-29T00:00:00.000Z')
    expect(starts(anAnchor('2023-11-30T00:00:00'), 'quarter', 3)).toEqual([
      '2023-11-30T00:00:00.000Z',
      '2024-02-29T00:00:00.000Z',
      '2024-05-30T00:00:00.000Z',
    ])
  })

  test('return to 29 February in every leap year', () => {
    expect(starts(anAnchor('2024-02-29T00:00:00'), 'year', 5)).toEqual([
      '2024-02-29T00:00:00.000Z',
      '2025-02-28T00:00:00.000Z',
      '2026-02-28T00:00:00.000Z',
      '2027-02-28T00:00:00.000Z',
      '2028-02-29T00:00:00.000Z',
    ])
  })

  test('are an hour shorter or longer where the clocks change, never a day off', () => {
    const newYork = anAnchor('2024-03-01T00:00:00', 'America/New_York')
    expect(hours(periodAt(newYork, 'month', 0))).toBe(743)
    expect(hours(periodAt(newYork, 'month', 8))).toBe(721)
    const lordHowe = anAnchor('2024-04-01T00:00:00', 'Australia/Lord_Howe')
    expect(hours(periodAt(lordHowe, 'month', 0))).toBe(720.5)
  })

  test.each([
    [
      'midnight that is left out',
      '2024-04-26T00:00:00',
      'Africa/Cairo',
      '2024-04-25T22:00:00.000Z',
    ],
    [
      'half past a midnight left out',
      '2024-04-26T00:30:00',
      'Africa/Cairo',
      '2024-04-25T22:00:00.000Z',
    ],
    [
      'midnight that is left out',
      '2018-11-04T00:00:00',
      'America/Sao_Paulo',
      '2018-11-04T03:00:00.000Z',
    ],
    ['midnight that is left out', '2024-03-31T00:00:00', 'Asia/Beirut', '2024-03-30T22:00:00.000Z'],
    [
      'a time that is left out',
      '2024-03-10T02:30:00',
      'America/New_York',
      '2024-03-10T07:00:00.000Z',
    ],
    ['a day that is left out', '2011-12-30T00:00:00', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
    [
      'noon of a day that is left out',
      '2011-12-30T12:00:00',
      'Pacific/Apia',
      '2011-12-30T10:00:00.000Z',
    ],
    [
      'midnight that comes twice',
      '2024-11-03T00:00:00',
      'America/Havana',
      '2024-11-03T04:00:00.000Z',
    ],
    [
      'a time that comes twice',
      '2024-11-03T01:30:00',
      'America/New_York',
      '2024-11-03T05:30:00.000Z',
    ],
    [
      'half an hour that comes twice',
      '2024-04-07T01:45:00',
      'Australia/Lord_Howe',
      '2024-04-06T14:45:00.000Z',
    ],
  ])('begin at the first instant of %s (%s %s)', (_what, local, timeZone, expected) => {
    expect(starts(anAnchor(local, timeZone), 'year', 1)).toEqual([expected])
  })

  test('agree with the calendar and the clocks of 60 zones, and tile time', () => {
    expect(new Set(ZONES).size).toBe(60)
    const civil = fc.sample(civilAnchors, { seed: 20_260_301, numRuns: 6 })
    for (const timeZone of ZONES)
      for (const { local, kind } of civil)
        for (const cycle of CYCLES) expectTiled({ kind, local, timeZone }, cycle, 24)
  })

  test('agree with them for every day of a year as the anchor', () => {
    for (const timeZone of ['Etc/UTC', 'Africa/Cairo', 'America/Havana', 'Europe/Dublin']) {
      for (let day = 0; day < 366; day++) {
        const local = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, -1)
        expectTiled(anAnchor(local, timeZone), 'month', 13)
      }
    }
  })

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('have no number %d', (n) => {
    expect(() => periodAt(anAnchor('2026-01-01T00:00:00'), 'month', n)).toThrow(RangeError)
  })

  test.each([
    '2026-02-30T00:00:00',
    '2026-01-01',
    '2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00+02:00',
    '2026-13-01T00:00:00',
    'yesterday',
  ])('refuse %s as an anchor instead of moving it', (local) => {
    expect(() => periodAt(anAnchor(local), 'month', 0)).toThrow(RangeError)
  })
})

describe('a day that a zone left out', () => {
  const apia = anAnchor('2011-12-28T00:00:00', 'Pacific/Apia')

  test('gives no daily period, no gap and no overlap', () => {
    const days = [...periodsOf(apia, 'day', span('2011-12-28T10:00Z', '2012-01-01T10:00Z'))]
    expect(days.map(({ index, start }) => [index, start.toISOString()])).toEqual([
      [0, '2011-12-28T10:00:00.000Z'],
      [1, '2011-12-29T10:00:00.000Z'],
      [3, '2011-12-30T10:00:00.000Z'],
      [4, '2011-12-31T10:00:00.000Z'],
    ])
    for (const [n, day] of days.entries()) expect(days[n + 1]?.start ?? day.end).toEqual(day.end)
  })

  test('is answered with the next period, whose number says so', () => {
    expect(periodAt(apia, 'day', 2)).toEqual(periodAt(apia, 'day', 3))
    expect(periodAt(apia, 'day', 2).index).toBe(3)
    expect(periodContaining(apia, 'day', new Date('2011-12-30T10:00Z')).index).toBe(3)
  })

  test('shortens a longer period and moves no other', () => {
    const month = periodAt(anAnchor('2011-12-01T00:00:00', 'Pacific/Apia'), 'month', 0)
    expect(hours(month)).toBe(30 * 24)
  })
})

describe('calendar periods', () => {
  test.each<[Cycle, string, string, string]>([
    ['day', '2026-05-14', '2026-05-14', '2026-05-15'],
    ['week', '2026-05-14', '2026-05-11', '2026-05-18'],
    ['month', '2026-05-14', '2026-05-01', '2026-06-01'],
    ['quarter', '2026-05-14', '2026-04-01', '2026-07-01'],
    ['year', '2026-05-14', '2026-01-01', '2027-01-01'],
  ])('of a %s begin with the rest of the current one', (cycle, start, fullStart, end) => {
    const anchor = anchorAt('calendar', new Date('2026-05-14T15:16:17Z'), 'Etc/UTC')
    expect(periodAt(anchor, cycle, 0)).toEqual({
      index: 0,
      start: new Date(start),
      end: new Date(end),
      fullStart: new Date(fullStart),
      fullEnd: new Date(end),
    })
    const second = periodAt(anchor, cycle, 1)
    expect([second.start, second.fullStart]).toEqual([new Date(end), new Date(end)])
  })

  test('bill a first month from the 14th as 18 days of 31', () => {
    const anchor = anchorAt('calendar', new Date('2026-05-14T15:16:17Z'), 'Etc/UTC')
    expect(prorateMinor(3100n, shareOf(periodAt(anchor, 'month', 0)))).toBe(1800n)
    expect(prorateMinor(3100n, shareOf(periodAt(anchor, 'month', 1)))).toBe(3100n)
  })

  test('have no stub when activated on the first', () => {
    const anchor = anchorAt('calendar', new Date('2026-05-31T22:30:00Z'), 'Europe/Berlin')
    const first = periodAt(anchor, 'month', 0)
    expect(first.start).toEqual(first.fullStart)
    expect(first.start.toISOString()).toBe('2026-05-31T22:00:00.000Z')
  })
})

describe('anchorAt', () => {
  const at = new Date('2026-01-31T23:30:15.120Z')

  test.each<[AnchorKind, string, string]>([
    ['day', 'Etc/UTC', '2026-01-31T00:00:00'],
    ['day', 'Asia/Kathmandu', '2026-02-01T00:00:00'],
    ['day', 'America/St_Johns', '2026-01-31T00:00:00'],
    ['calendar', 'Asia/Kathmandu', '2026-02-01T00:00:00'],
    ['instant', 'Asia/Kathmandu', '2026-02-01T05:15:15.120'],
  ])('of kind %s in %s is %s', (kind, timeZone, local) => {
    expect(anchorAt(kind, at, timeZone)).toEqual({ kind, local, timeZone })
  })

  test('of an exact instant begins the first period at it', () => {
    expect(periodAt(anchorAt('instant', at, 'Asia/Kathmandu'), 'month', 0).start).toEqual(at)
  })

  test('covers the instant of activation, whatever the zone, kind and cycle', () => {
    fc.assert(
      fc.property(activations, ({ kind, instant, timeZone, cycle }) => {
        const { start, end } = periodAt(anchorAt(kind, instant, timeZone), cycle, 0)
        expect(start <= instant && instant < end).toBe(true)
      }),
      RUNS,
    )
  })

  test('refuses an unknown zone', () => {
    expect(() => anchorAt('day', at, 'Mars/Olympus')).toThrow(RangeError)
  })
})

describe('periodContaining', () => {
  test('finds the one period that holds an instant, also a century after the anchor', () => {
    const laterMs = fc.integer({ min: 0, max: 100 * 366 * 24 * HOUR_MS })
    fc.assert(
      fc.property(activations, laterMs, ({ kind, instant, timeZone, cycle }, ms) => {
        const anchor = anchorAt(kind, instant, timeZone)
        const at = new Date(instant.getTime() + ms)
        const period = periodContaining(anchor, cycle, at)
        expect(period.start <= at && at < period.end).toBe(true)
        expect(periodAt(anchor, cycle, period.index)).toEqual(period)
      }),
      RUNS,
    )
  })

  test.each([
    ['the last millisecond', -1, 4],
    ['the first millisecond of the next', 0, 5],
  ])('is half-open: %s', (_where, offsetMs, index) => {
    const anchor = anAnchor('2024-01-31T00:00:00', 'Africa/Cairo')
    const border = periodAt(anchor, 'month', 5).start.getTime()
    expect(periodContaining(anchor, 'month', new Date(border + offsetMs)).index).toBe(index)
  })

  test('refuses an instant before the first period, also in the missing part of a stub', () => {
    const stub = anAnchor('2026-05-14T00:00:00', 'Etc/UTC', 'calendar')
    expect(() => periodContaining(stub, 'month', new Date('2026-05-13T23:59:59.999Z'))).toThrow(
      RangeError,
    )
    expect(periodContaining(stub, 'month', new Date('2026-05-14T00:00:00Z')).index).toBe(0)
  })
})

describe('periodsOf', () => {
  const anchor = anAnchor('2026-01-01T00:00:00')

  test.each([
    ['inside one period', '2026-02-03', '2026-02-04', [1]],
    ['exactly one period', '2026-02-01', '2026-03-01', [1]],
    ['across a border', '2026-02-28', '2026-03-02', [1, 2]],
    ['from before the first', '2020-01-01', '2026-02-01', [0]],
    ['all before the first', '2020-01-01', '2026-01-01', []],
    ['nothing', '2026-02-01', '2026-02-01', []],
  ])('gives the periods that share an instant: %s', (_what, from, to, expected) => {
    expect([...periodsOf(anchor, 'month', span(from, to))].map(({ index }) => index)).toEqual(
      expected,
    )
  })
})

describe('isTimeZone', () => {
  test.each([
    ...ZONES,
    'UTC',
    'America/Port-au-Prince',
    'America/Argentina/Buenos_Aires',
    'Etc/GMT+5',
  ])('knows %s', (text) => expect(isTimeZone(text)).toBe(true))

  test.each([
    '',
    'Mars/Olympus',
    '+02:00',
    '-05',
    'Z',
    '2020-01-01T00:00Z',
    'Etc/UTC[u-ca=iso8601]',
    '../etc',
  ])('does not take %j for one', (text) => expect(isTimeZone(text)).toBe(false))
})

const civilAnchors = fc
  .record({
    day: fc.oneof(
      fc.integer({ min: 19_358, max: 21_549 }), // 2023-01-01 to 2028-12-31
      fc.constantFrom(19_388, 19_753, 19_782, 20_057), // 31 January twice, 29 February, 30 November 2024
    ),
    timeMs: fc.integer({ min: 0, max: 24 * HOUR_MS - 1 }),
    kind: fc.constantFrom<AnchorKind>('day', 'instant'),
  })
  .map(({ day, timeMs, kind }) => {
    const civil = new Date(day * 24 * HOUR_MS + (kind === 'instant' ? timeMs : 0))
    return { kind, local: civil.toISOString().slice(0, -1) }
  })

const activations = fc.record({
  kind: fc.constantFrom(...ANCHOR_KINDS),
  // Since 2012: earlier, Newfoundland put its clocks back across midnight, and a day began twice.
  instant: fc
    .integer({ min: Date.UTC(2012, 0, 1), max: Date.UTC(2040, 0, 1) })
    .map((ms) => new Date(ms)),
  timeZone: fc.constantFrom(...ZONES),
  cycle: anyCycle,
})

/** Consecutive periods meet, none is empty, and each begins when the zone's clocks first show the civil time. */
function expectTiled(anchor: Anchor, cycle: Cycle, count: number): void {
  let before: Period | undefined
  for (let n = 0; n < count; n++) {
    const period = periodAt(anchor, cycle, n)
    const start = period.start.getTime()
    const wanted = wantedMs(anchor.local, cycle, n)
    const isFirst =
      localMs(start, anchor.timeZone) >= wanted &&
      localMs(start - 1, anchor.timeZone) < wanted &&
      localMs(start - HOUR_MS, anchor.timeZone) < wanted
    const follows = before === undefined || before.end.getTime() === start
    if (!isFirst || !follows || period.end.getTime() <= start || period.index !== n)
      expect.unreachable(`${JSON.stringify(anchor)}, ${cycle} ${n}: ${period.start.toISOString()}`)
    before = period
  }
}

function hours({ start, end }: Period): number {
  return (end.getTime() - start.getTime()) / HOUR_MS
}

function span(from: string, to: string): { from: Date; to: Date } {
  return { from: new Date(from), to: new Date(to) }
}
