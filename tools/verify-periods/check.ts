import {
  type Anchor,
  CYCLES,
  type Cycle,
  type Period,
  periodAt,
} from '../../packages/pricing/src/index.ts'
import { type Calendar, civilMidnight } from './postgres-calendar.ts'
import { PERIODS } from './spans.ts'

/** A period that is not what PostgreSQL says. */
export type Difference = {
  readonly anchor: Anchor
  readonly cycle: Cycle
  readonly n: number
  readonly ours: string
  readonly theirs: string
}

export type Findings = {
  readonly periods: number
  readonly differences: number
  /** The first few. */
  readonly examples: readonly Difference[]
}

const EXAMPLES_MAX = 5

/**
 * Compares the periods of every anchor of a calendar with what PostgreSQL says of them: where each begins
 * and ends, that it begins where the one before it ended, and that a period that would be empty is passed by.
 */
export function checkPeriods(
  timeZone: string,
  calendar: Calendar,
  periodOf: typeof periodAt = periodAt,
): Findings {
  const examples: Difference[] = []
  let periods = 0
  let differences = 0
  for (const { anchor, cycle, borders } of anchorsOf(timeZone, calendar)) {
    for (let n = 0; n < PERIODS; n++) {
      const theirs = expected(borders, n)
      if (theirs === null) continue
      const ours = periodOf(anchor, cycle, n)
      periods++
      if (isSame(ours, theirs)) continue
      differences++
      if (examples.length < EXAMPLES_MAX)
        examples.push({ anchor, cycle, n, ours: shown(ours), theirs: shown(theirs) })
    }
  }
  return { periods, differences, examples }
}

function* anchorsOf(timeZone: string, { anchors, origin, starts, midnights }: Calendar) {
  for (let day = 0; day < anchors; day++) {
    const anchor: Anchor = { kind: 'day', local: civilMidnight(origin, day), timeZone }
    for (const cycle of CYCLES) {
      const days = starts[cycle].slice(day * (PERIODS + 1), (day + 1) * (PERIODS + 1))
      const borders = days.map((each) => new Date((midnights[each] ?? Number.NaN) * 1000))
      yield { anchor, cycle, borders }
    }
  }
}

/** Null where the rest of the borders is one instant, so that the period that is meant lies beyond them. */
function expected(borders: readonly Date[], n: number): Period | null {
  for (let index = n; ; index++) {
    const [start, end] = [borders[index], borders[index + 1]]
    if (start === undefined || end === undefined) return null
    if (start.getTime() !== end.getTime())
      return { index, start, end, fullStart: start, fullEnd: end }
  }
}

function isSame(ours: Period, theirs: Period): boolean {
  return (
    ours.index === theirs.index &&
    (['start', 'end', 'fullStart', 'fullEnd'] as const).every(
      (border) => ours[border].getTime() === theirs[border].getTime(),
    )
  )
}

function shown({ index, start, end, fullStart, fullEnd }: Period): string {
  const [from, to, fullFrom, fullTo] = [start, end, fullStart, fullEnd].map((at) =>
    Number.isNaN(at.getTime()) ? 'nowhere' : at.toISOString(),
  )
  const whole = from === fullFrom && to === fullTo ? '' : `, of ${fullFrom} to ${fullTo}`
  return `number ${index}, ${from} to ${to}${whole}`
}
