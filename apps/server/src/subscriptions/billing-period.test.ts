import { anchorAt } from '@usageflow/pricing'
import { describe, expect, test } from 'vitest'
import {
  type BillingPeriod,
  type Course,
  cutEnd,
  firstPeriod,
  nextPeriod,
} from './billing-period.ts'
import { aTerm } from './test-terms.ts'

function course(start: string, overrides: Partial<Course> = {}): Course {
  return { terms: [aTerm(start)], endsAt: null, ...overrides }
}

/** The first `count` periods, as days. */
function days(of: Course, count: number): string[] {
  const periods: BillingPeriod[] = []
  for (let next: BillingPeriod | null = firstPeriod(of); next && periods.length < count; ) {
    periods.push(next)
    next = nextPeriod(of, next)
  }
  return periods.map(({ start, end }) => `${day(start)}..${day(end)}`)
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10)
}

test('a month from 31 January is clamped once and comes back to the 31st', () => {
  expect(days(course('2026-01-31T09:00:00Z'), 4)).toEqual([
    '2026-01-31..2026-02-28',
    '2026-02-28..2026-03-31',
    '2026-03-31..2026-04-30',
    '2026-04-30..2026-05-31',
  ])
})

test('a calendar anchor begins with the rest of the month, as a part of the whole', () => {
  const anchor = anchorAt('calendar', new Date('2026-03-20T15:00:00Z'), 'UTC')
  const of = course('2026-03-20', { terms: [aTerm('2026-03-20', { anchor })] })
  expect(days(of, 2)).toEqual(['2026-03-20..2026-04-01', '2026-04-01..2026-05-01'])
  expect(firstPeriod(of)).toMatchObject({
    fullStart: new Date('2026-03-01T00:00:00Z'),
    fullEnd: new Date('2026-04-01T00:00:00Z'),
  })
})

describe('an end that is known', () => {
  test.each([
    [
      'in the middle of a period cuts it',
      '2026-03-15',
      ['2026-02-01..2026-03-01', '2026-03-01..2026-03-15'],
    ],
    ['on a boundary leaves whole periods', '2026-03-01', ['2026-02-01..2026-03-01']],
    ['in the first period cuts that', '2026-02-10', ['2026-02-01..2026-02-10']],
  ])('%s', (_where, end, expected) => {
    const of = course('2026-02-01T00:00:00Z', { endsAt: new Date(end) })
    expect(days(of, 5)).toEqual(expected)
  })

  test('never makes a period empty, as its invoice needs a time', () => {
    const period = firstPeriod(course('2026-02-01T00:00:00Z'))
    expect(cutEnd(period, period.start)).toEqual(new Date(period.start.getTime() + 1))
    expect(cutEnd(period, new Date('2026-01-01'))).toEqual(new Date(period.start.getTime() + 1))
    expect(cutEnd(period, new Date('2027-01-01'))).toEqual(period.end)
  })
})
