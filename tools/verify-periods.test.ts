import { describe, expect, inject, test } from 'vitest'
import { withClient } from '../apps/server/src/platform/db/embedded-postgres/probe.ts'
import { type Anchor, type Cycle, type Period, periodAt } from '../packages/pricing/src/index.ts'
import { checkPeriods } from './verify-periods/check.ts'
import { type Calendar, calendarOf } from './verify-periods/postgres-calendar.ts'
import { type AnchorSpan, PAST, PRESENT } from './verify-periods/spans.ts'

const CAIRO = { timeZone: 'Africa/Cairo', from: '2024-01-25', to: '2024-02-01' }

function calendar(span: AnchorSpan): Promise<Calendar> {
  return withClient(inject('testServerUrl'), (client) => calendarOf(client, span))
}

describe('the periods of packages/pricing and PostgreSQL', () => {
  const few = PAST.filter(({ from, to }) => Date.parse(to) - Date.parse(from) < 46 * 86_400_000)

  test.each([...few, CAIRO])('agree in $timeZone from $from to $to', async (span) => {
    const { periods, examples } = checkPeriods(span.timeZone, await calendar(span))
    expect(examples).toEqual([])
    expect(periods).toBeGreaterThan(900)
  })

  test.each<[string, (anchor: Anchor, cycle: Cycle, n: number) => Period]>([
    [
      'are counted from the border before',
      (anchor, cycle, n) => {
        let local = anchor.local
        for (let step = 0; step < n; step++) {
          const { end } = periodAt({ ...anchor, local, timeZone: 'Etc/UTC' }, cycle, 0)
          local = end.toISOString().slice(0, 19)
        }
        return { ...periodAt({ ...anchor, local }, cycle, 0), index: n }
      },
    ],
    [
      'keep the offset of the first',
      (anchor, cycle, n) => {
        const { start: first } = periodAt(anchor, cycle, 0)
        const { start: civil } = periodAt({ ...anchor, timeZone: 'Etc/UTC' }, cycle, 0)
        const ahead = civil.getTime() - first.getTime()
        const { start, end } = periodAt({ ...anchor, timeZone: 'Etc/UTC' }, cycle, n)
        const [from, to] = [start, end].map((at) => new Date(at.getTime() - ahead)) as [Date, Date]
        return { index: n, start: from, end: to, fullStart: from, fullEnd: to }
      },
    ],
  ])('differ where periods %s', async (_how, periodOf) => {
    const { differences, examples } = checkPeriods(CAIRO.timeZone, await calendar(CAIRO), periodOf)
    expect(differences).toBeGreaterThan(0)
    expect(examples).toHaveLength(Math.min(differences, 5))
  })
})

test.each([
  ['a midnight that is left out', 'Africa/Cairo', '2024-04-26', '2024-04-25T22:00:00Z'],
  ['a midnight that comes twice', 'America/Havana', '2024-11-03', '2024-11-03T04:00:00Z'],
  ['a day that is left out', 'Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z'],
  ['a gap that ends at a quarter', 'Asia/Kathmandu', '1986-01-01', '1985-12-31T18:30:00Z'],
])('PostgreSQL finds the first instant of %s (%s, %s)', async (_what, timeZone, day, instant) => {
  const { midnights } = await calendar({ timeZone, from: day, to: day })
  expect(midnights[0]).toBe(Date.parse(instant) / 1000)
})

test('PostgreSQL counts from the anchor, through a short month and back', async () => {
  const { starts } = await calendar({ timeZone: 'Etc/UTC', from: '2023-01-31', to: '2023-01-31' })
  expect(starts.month.slice(0, 5)).toEqual([0, 28, 59, 89, 120])
})

test('every day of 2023 to 2028 is an anchor, in 60 zones', async () => {
  expect(new Set(PRESENT.map(({ timeZone }) => timeZone)).size).toBe(60)
  const [span] = PRESENT
  expect(span && (await calendar(span)).anchors).toBe(2192)
})
