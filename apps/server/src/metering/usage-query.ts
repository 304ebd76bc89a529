import { type Decimal, isTimeZone } from '@usageflow/pricing'
import { findMeter } from '../catalog/find-meter.ts'
import type { Meter, MeterRule } from '../catalog/meter.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { selectFreshness } from './cursors.store.ts'
import { failures } from './failures.ts'
import type { Span } from './slice.ts'
import { NO_USAGE, quantityOf, type Total } from './total.ts'
import {
  type Answer,
  type AskedSlice,
  type Grouping,
  type Shape,
  selectTotals,
  selectUnsaved,
  type TotalRow,
  UNSAVED_METER_NO,
} from './totals.store.ts'
import { isKnownFromParts, wholeOf } from './whole-of.ts'
import { type Window, windowsOf } from './windows.ts'

export type UsageQuestion = Span & {
  /** Null: every customer. */
  readonly customer: string | null
  /** Null: the span as a whole. */
  readonly window: Window | null
  /** What windows go by. */
  readonly timeZone: string
  /** `customer`, or a metadata property as a dotted path. */
  readonly groupBy: string | null
  /** How many groups, the greatest first. */
  readonly limit: number
}

/** Usage between two instants; `quantity` is null where nothing was counted that could be greatest, least or last. */
export type UsageRow = Span & {
  readonly quantity: Decimal | null
  readonly events: bigint
  readonly notCounted: bigint
  /** A customer's name, or the property as JSON text; null when not grouped. */
  readonly group: string | null
}

export type UsageAnswer = {
  readonly total: UsageRow
  /** By window, then the greatest group first. Ungrouped windows have one row each, also without usage. */
  readonly rows: readonly UsageRow[]
  readonly asOf: Date
  readonly lagSeconds: number
  /** Whether events that are older than the meter are all in it. */
  readonly isComplete: boolean
}

const WINDOWS_MAX = 1_000
const ROWS_MAX = 10_000
const EVENT_DAYS_MAX = 35
const DAY_MS = 86_400_000

/**
 * What a meter has counted. Throws `meter.unknown`, `usage.span_empty`, `usage.too_many_windows`,
 * `usage.too_many_rows`, `usage.time_zone_unknown` and, for a property that the meter does not group by,
 * `usage.span_too_long`.
 */
export async function queryUsage(
  tx: Tx,
  envId: number,
  ref: string,
  question: UsageQuestion,
): Promise<{ readonly meter: Meter; readonly answer: UsageAnswer }> {
  const meter = await findMeter(tx, envId, ref)
  const place = question.groupBy === null ? -1 : meter.groupBy.indexOf(question.groupBy)
  const isDeclared = question.groupBy === null || question.groupBy === 'customer' || place >= 0
  const answer = isDeclared
    ? await ask(question, {
        rule: meter,
        meterNo: meter.meterNo,
        grouping: groupingOf(question.groupBy, place),
        read: (asked, shape) => selectTotals(tx, envId, asked, shape),
      })
    : await askEvents(tx, envId, { ...meter, groupBy: [question.groupBy] }, question)
  const { lagSeconds } = await selectFreshness(tx)
  return { meter, answer: { ...answer, lagSeconds } }
}

/**
 * What a meter with this rule would count in the events that are stored, by the customers that would have
 * most. Nothing is saved. Throws as `queryUsage` does.
 */
export async function previewRule(
  tx: Tx,
  envId: number,
  rule: MeterRule,
  question: UsageQuestion,
): Promise<UsageAnswer> {
  const answer = await askEvents(tx, envId, rule, question)
  const { lagSeconds } = await selectFreshness(tx)
  return { ...answer, lagSeconds }
}

type Reader = {
  readonly rule: MeterRule
  readonly meterNo: number
  readonly grouping: Grouping
  read(asked: readonly AskedSlice[], shape: Shape): Promise<Answer>
}

async function askEvents(
  tx: Tx,
  envId: number,
  rule: MeterRule,
  question: UsageQuestion,
): Promise<Omit<UsageAnswer, 'lagSeconds'>> {
  if (question.to.getTime() - question.from.getTime() > EVENT_DAYS_MAX * DAY_MS)
    throw failures.spanTooLong(EVENT_DAYS_MAX)
  return ask(question, {
    rule,
    meterNo: UNSAVED_METER_NO,
    grouping: groupingOf(question.groupBy, 0),
    read: (asked, shape) => selectUnsaved(tx, envId, rule, { asked, shape }),
  })
}

async function ask(
  question: UsageQuestion,
  reader: Reader,
): Promise<Omit<UsageAnswer, 'lagSeconds'>> {
  const { from, to, customer } = question
  if (from >= to) throw failures.spanEmpty()
  const windows = windowsIn(question)
  const slice = { from, to, customer, except: [], meterNo: reader.meterNo, askedNo: 0 }
  if (question.window !== null && question.groupBy === null && isKnownFromParts(reader.rule))
    return askSeries(question, windows, slice, reader)
  const whole = await reader.read([slice], { grouping: 'none' })
  const total = rowOf(reader.rule, { from, to }, whole.rows[0])
  const base = { total, asOf: whole.asOf, isComplete: whole.incompleteMeters.length === 0 }
  if (question.window === null && question.groupBy === null) return { ...base, rows: [total] }

  const { limit, isTop } = limitOf(question)
  const { rows } = await reader.read([slice], {
    grouping: reader.grouping,
    borders: [...windows.map((window) => window.from), to],
    top: { aggregation: reader.rule.aggregation, limit: limit + (isTop ? 0 : 1) },
  })
  if (!isTop && rows.length > limit) throw failures.tooManyRows(limit)
  return { ...base, rows: arranged(question, windows, reader.rule, rows) }
}

/** All is read once: of months and thousands of customers, that is what it costs. */
async function askSeries(
  question: UsageQuestion,
  windows: readonly Span[],
  slice: AskedSlice,
  { rule, read }: Reader,
): Promise<Omit<UsageAnswer, 'lagSeconds'>> {
  const { from, to } = question
  const borders = [...windows.map((window) => window.from), to]
  const { rows, asOf, incompleteMeters } = await read([slice], { grouping: 'none', borders })
  return {
    total: rowOf(rule, { from, to }, wholeOf(rows)),
    ...{ asOf, isComplete: incompleteMeters.length === 0 },
    rows: arranged(question, windows, rule, rows),
  }
}

/** One list of groups is cut to the greatest; in a table of windows nothing may be missing. */
function limitOf(question: UsageQuestion): { limit: number; isTop: boolean } {
  const isTop = question.window === null
  return { limit: isTop ? question.limit : ROWS_MAX, isTop }
}

function windowsIn(question: UsageQuestion): readonly Span[] {
  const { from, to, window, timeZone } = question
  if (window === null) return [{ from, to }]
  if (!isTimeZone(timeZone)) throw failures.timeZoneUnknown(timeZone)
  const windows = windowsOf({ from, to }, { window, timeZone }, WINDOWS_MAX)
  if (windows.length > WINDOWS_MAX) throw failures.tooManyWindows(WINDOWS_MAX)
  return windows
}

function groupingOf(groupBy: string | null, property: number): Grouping {
  if (groupBy === null) return 'none'
  return groupBy === 'customer' ? 'customer' : { property }
}

/** Rows by window; a window without usage has a row of its own, unless there are groups. */
function arranged(
  question: UsageQuestion,
  windows: readonly Span[],
  rule: MeterRule,
  rows: readonly TotalRow[],
): UsageRow[] {
  if (question.groupBy !== null)
    return rows.flatMap((row) => {
      const window = windows[row.askedNo - 1]
      return window ? [{ ...rowOf(rule, window, row), group: row.group }] : []
    })
  const byWindow = new Map(rows.map((row) => [row.askedNo, row]))
  return windows.map((window, n) => rowOf(rule, window, byWindow.get(n + 1)))
}

const ADDS_UP = new Set<MeterRule['aggregation']>(['COUNT', 'SUM', 'UNIQUE'])

function rowOf(rule: MeterRule, { from, to }: Span, total: Total = NO_USAGE): UsageRow {
  const isKnown = total.events > 0n || ADDS_UP.has(rule.aggregation)
  const { events, notCounted } = total
  return {
    from,
    to,
    quantity: isKnown ? quantityOf(rule, total) : null,
    events,
    notCounted,
    group: null,
  }
}
