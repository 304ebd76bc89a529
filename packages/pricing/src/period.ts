import { Temporal } from 'temporal-polyfill'

/** How often a plan is billed. */
export const CYCLES = ['day', 'week', 'month', 'quarter', 'year'] as const
export type Cycle = (typeof CYCLES)[number]

/**
 * Where the periods of a subscription hang: `day` at local midnight of the day of activation,
 * `instant` at the very time of activation, `calendar` at the first of the month (quarter, year; a
 * week begins on Monday), after a first period that is only the rest of the current one.
 */
export const ANCHOR_KINDS = ['day', 'instant', 'calendar'] as const
export type AnchorKind = (typeof ANCHOR_KINDS)[number]

/**
 * A civil time and its zone, not an instant: "the 31st at midnight in Cairo" stays that when the
 * rules of Cairo's clocks change, a fixed offset would not.
 */
export type Anchor = {
  readonly kind: AnchorKind
  /** Like `2026-01-31T00:00:00`, with at most three digits of a second. */
  readonly local: string
  /** An IANA name, like `Africa/Cairo`. */
  readonly timeZone: string
}

/** `[start, end)`, never empty, and the whole period `[fullStart, fullEnd)` that it is a part of. */
export type Period = {
  readonly index: number
  readonly start: Date
  readonly end: Date
  readonly fullStart: Date
  readonly fullEnd: Date
}

const STEPS: Readonly<Record<Cycle, (count: number) => Temporal.DurationLike>> = {
  day: (count) => ({ days: count }),
  week: (count) => ({ weeks: count }),
  month: (count) => ({ months: count }),
  quarter: (count) => ({ months: 3 * count }),
  year: (count) => ({ years: count }),
}

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?$/
const ZONE = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/

/** Whether `text` names a time zone of the IANA data base. A bare offset like `+02:00` does not: it knows no summer. */
export function isTimeZone(text: string): boolean {
  if (!ZONE.test(text)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** The anchor of a subscription that is activated at `at`. Throws RangeError for an unknown time zone. */
export function anchorAt(kind: AnchorKind, at: Date, timeZone: string): Anchor {
  if (!isTimeZone(timeZone))
    throw new RangeError(`${JSON.stringify(timeZone)} is not a time zone such as "Europe/Berlin"`)
  const local = localAt(at, timeZone)
  const civil = kind === 'instant' ? local : midnight(local)
  return { kind, local: civil.toString({ smallestUnit: subsecond(civil) }), timeZone }
}

/**
 * The `n`-th period, from 0, computed from the anchor alone: a short month shortens one period and
 * leaves no trace in the next (31 January, 28 February, 31 March).
 *
 * Where a zone left out a whole day (Samoa had no 30 December 2011), a daily period would be empty;
 * it does not exist, its number stays unused, and the period returned is the next one. So continue
 * from `index + 1` of what was returned. Throws RangeError for a negative or broken `n`.
 */
export function periodAt(anchor: Anchor, cycle: Cycle, n: number): Period {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`there is no period ${n}`)
  return periodFrom(gridOf(anchor, cycle), n)
}

/**
 * The period that holds the instant `at`, found without walking through those before it.
 * Throws RangeError if `at` is before the first period.
 */
export function periodContaining(anchor: Anchor, cycle: Cycle, at: Date): Period {
  const grid = gridOf(anchor, cycle)
  if (at < startOf(grid)) throw new RangeError(`${at.toISOString()} is before the first period`)
  // Whole steps of civil time never lead past `at`: a border is the first instant that shows its time.
  // They fall short where that time is shown twice, or where a short month has no such day.
  let period = periodFrom(grid, stepsBetween(grid.origin, localAt(at, anchor.timeZone), cycle))
  while (period.end <= at) period = periodFrom(grid, period.index + 1)
  return period
}

/** The periods, in order, that share an instant with `[from, to)`. */
export function* periodsOf(
  anchor: Anchor,
  cycle: Cycle,
  { from, to }: { readonly from: Date; readonly to: Date },
): Generator<Period, void, void> {
  const grid = gridOf(anchor, cycle)
  const first = startOf(grid)
  if (from >= to || to <= first) return
  let period = from < first ? periodFrom(grid, 0) : periodContaining(anchor, cycle, from)
  while (period.start < to) {
    yield period
    period = periodFrom(grid, period.index + 1)
  }
}

/** The civil times at which whole periods begin: `origin`, then a step further each. */
type Grid = {
  readonly origin: Temporal.PlainDateTime
  /** Later than `origin` only if the first period is the rest of a calendar period. */
  readonly first: Temporal.PlainDateTime
  readonly cycle: Cycle
  readonly timeZone: string
}

function gridOf({ kind, local, timeZone }: Anchor, cycle: Cycle): Grid {
  if (!LOCAL.test(local))
    throw new RangeError(`${JSON.stringify(local)} is not a civil time like "2026-01-31T00:00:00"`)
  const first = Temporal.PlainDateTime.from(local)
  const origin = kind === 'calendar' ? calendarStart(first, cycle) : first
  return { origin, first, cycle, timeZone }
}

function calendarStart(local: Temporal.PlainDateTime, cycle: Cycle): Temporal.PlainDateTime {
  const day = midnight(local)
  switch (cycle) {
    case 'day':
      return day
    case 'week':
      return day.subtract({ days: day.dayOfWeek - 1 })
    case 'month':
      return day.with({ day: 1 })
    case 'quarter':
      return day.with({ day: 1, month: day.month - ((day.month - 1) % 3) })
    case 'year':
      return day.with({ day: 1, month: 1 })
    default:
      throw new TypeError(`unknown cycle: ${JSON.stringify(cycle satisfies never)}`)
  }
}

function periodFrom(grid: Grid, n: number): Period {
  let index = n
  let period = stepAt(grid, index)
  while (period.start >= period.end) period = stepAt(grid, ++index)
  return period
}

function stepAt(grid: Grid, index: number): Period {
  const fullStart = boundary(grid, index)
  const end = boundary(grid, index + 1)
  return { index, start: index === 0 ? startOf(grid) : fullStart, end, fullStart, fullEnd: end }
}

/** When the very first period begins. */
function startOf({ first, timeZone }: Grid): Date {
  return firstInstant(first, timeZone)
}

function boundary({ origin, cycle, timeZone }: Grid, count: number): Date {
  return firstInstant(origin.add(STEPS[cycle](count)), timeZone)
}

function stepsBetween(
  origin: Temporal.PlainDateTime,
  local: Temporal.PlainDateTime,
  cycle: Cycle,
): number {
  switch (cycle) {
    case 'day':
      return origin.until(local, { largestUnit: 'day' }).days
    case 'week':
      return origin.until(local, { largestUnit: 'week' }).weeks
    case 'month':
      return origin.until(local, { largestUnit: 'month' }).months
    case 'quarter':
      return Math.floor(origin.until(local, { largestUnit: 'month' }).months / 3)
    case 'year':
      return origin.until(local, { largestUnit: 'year' }).years
    default:
      throw new TypeError(`unknown cycle: ${JSON.stringify(cycle satisfies never)}`)
  }
}

/**
 * The first instant at which the clocks of the zone show `local` or later: the earlier one of a time
 * that comes twice, the end of the gap for a time that is left out. None of Temporal's own choices
 * gives the end of the gap: they move by its length, and 02:30 becomes 01:30 or 03:30, never 03:00.
 */
function firstInstant(local: Temporal.PlainDateTime, timeZone: string): Date {
  const asked = `${timeZone} ${local}`
  const known = firstInstants.get(asked)
  if (known !== undefined) return new Date(known)
  if (firstInstants.size >= FIRST_INSTANTS_MAX) firstInstants.clear()
  const found = findFirstInstant(local, timeZone)
  firstInstants.set(asked, found)
  return new Date(found)
}

/** Subscriptions share most of them, and to find one takes longer than all else about a period. */
const firstInstants = new Map<string, number>()
const FIRST_INSTANTS_MAX = 20_000 // some megabytes

function findFirstInstant(local: Temporal.PlainDateTime, timeZone: string): number {
  const earlier = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  const exists = earlier.toPlainDateTime().equals(local)
  const instant = exists ? earlier : earlier.getTimeZoneTransition('next')
  if (instant === null) throw new Error(`${timeZone} leaves out ${local} without a transition`)
  return instant.epochMilliseconds
}

function localAt(at: Date, timeZone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
}

function midnight(local: Temporal.PlainDateTime): Temporal.PlainDateTime {
  return local.toPlainDate().toPlainDateTime()
}

function subsecond(civil: Temporal.PlainDateTime): 'second' | 'millisecond' {
  return civil.millisecond === 0 ? 'second' : 'millisecond'
}
