/**
 * What customers used between two instants: the one source of quantities for invoices, previews and
 * usage queries. Counts exactly the events whose transactions are below `position`, with the content of
 * their newest correction below it.
 */
import { type Decimal, type DimensionValue, decimal, divideRounded } from '@usageflow/pricing'
import type { MeterRule, Rounding } from '../catalog/meter.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { type CountedEvent, selectCountedEvents } from './counted-events.store.ts'
import { selectFreshness } from './cursors.store.ts'
import type { Slice } from './slice.ts'
import {
  type AskedSlice,
  type Shape,
  selectRecount,
  selectTotals,
  type TotalRow,
} from './totals.store.ts'

export type { CountedEvent } from './counted-events.store.ts'
export type { Slice } from './slice.ts'

/**
 * Usage of one meter, of all its slices taken as one: UNIQUE is their union, LAST the last of all.
 * No two slices may hold the same instant of the same customer.
 */
export type AskedUsage = {
  /** The caller's name for the question, like the number of an invoice line. */
  readonly id: string
  readonly meterNo: number
  readonly slices: readonly Slice[]
  /** Of a meter that adds up: usage with these values is answered apart, by `partId`. */
  readonly cases?: DimensionCases
}

/** Values of some of the properties by which a meter groups. */
export type DimensionCases = {
  /** Where the properties stand in the meter's `groupBy`. */
  readonly positions: readonly number[]
  readonly values: readonly (readonly DimensionValue[])[]
}

/** The name of an answer: that of the question for all other usage, and one for each of its cases. */
export function partId(id: string, caseNo: number | null): string {
  return caseNo === null ? id : `${id} ${caseNo}`
}

/** What was aggregated, before the unit conversion. Numbers are exact plain decimal texts of any length. */
export type Total = {
  /** Events that the meter counts. */
  readonly events: bigint
  /** Events that passed the filter but had no usable value. */
  readonly notCounted: bigint
  readonly sum: string
  readonly min: string | null
  readonly max: string | null
  /** By time, then sequence, then key. */
  readonly last: string | null
  readonly uniques: bigint
}

export type Totals = {
  /** Events of transactions below this number are in the totals, and no others: an invoice's `usageBefore`. */
  readonly position: bigint
  /** Everything committed before this instant is in the totals. */
  readonly asOf: Date
  /** By the id of the question, and by `partId`; every question has an answer for each of its cases. */
  readonly byId: ReadonlyMap<string, Total>
  /** Numbers of asked meters whose older events are still being counted: nothing may be billed by them yet. */
  readonly incompleteMeters: ReadonlySet<number>
}

/** Where nothing was used. */
export const NO_USAGE: Total = {
  events: 0n,
  notCounted: 0n,
  sum: '0',
  min: null,
  max: null,
  last: null,
  uniques: 0n,
}

/** Totals for any number of questions, all at one position, in one statement. */
export async function totals(tx: Tx, envId: number, asked: readonly AskedUsage[]): Promise<Totals> {
  const answer = await selectTotals(tx, envId, numbered(asked), shapeOf(asked))
  return {
    position: answer.position,
    asOf: answer.asOf,
    byId: byId(asked, answer.rows),
    incompleteMeters: new Set(answer.incompleteMeters),
  }
}

/** The same as it stood at `position`, counted one by one from where the events are stored. */
export async function recount(
  tx: Tx,
  envId: number,
  asked: readonly AskedUsage[],
  position: bigint,
): Promise<Totals> {
  const before = { before: position, shape: shapeOf(asked) }
  const { rows, asOf } = await selectRecount(tx, envId, numbered(asked), before)
  return { position, asOf, byId: byId(asked, rows), incompleteMeters: new Set() }
}

/** Where a recount of the events does not agree with what the roll-ups say. */
export type Mismatch = {
  readonly id: string
  readonly folded: Total
  readonly counted: Total
}

/**
 * Counts the same events again, one by one from where they are stored, and returns the questions whose
 * totals are not exactly what was given. Empty is the only good answer; nothing may be billed on another.
 */
export async function checkAgainstEvents(
  tx: Tx,
  envId: number,
  asked: readonly AskedUsage[],
  given: Pick<Totals, 'position' | 'byId'>,
): Promise<Mismatch[]> {
  const { byId: counts } = await recount(tx, envId, asked, given.position)
  return asked.flatMap(({ id, cases }) => {
    const parts = [null, ...(cases?.values ?? []).keys()]
    return parts.flatMap((caseNo) => {
      const folded = given.byId.get(partId(id, caseNo)) ?? NO_USAGE
      const counted = counts.get(partId(id, caseNo)) ?? NO_USAGE
      return isEqual(folded, counted) ? [] : [{ id, folded, counted }]
    })
  })
}

/** What counted the events that are asked for. */
export type EventsAsked = Pick<AskedUsage, 'meterNo' | 'slices'> & {
  readonly usageBefore: bigint
  readonly since?: bigint | null
  /** Only whether this event is among them. */
  readonly key?: string
}

/**
 * A page of exactly the events that a total counted at `usageBefore`, by time and key: those of an
 * invoice line, for ever the same. With `since`, only those that an earlier total did not have so.
 */
export async function eventsOf(
  tx: Tx,
  envId: number,
  asked: EventsAsked,
  page: {
    readonly limit: number
    readonly after: Pick<CountedEvent, 'occurredAtText' | 'key'> | null
  },
): Promise<CountedEvent[]> {
  const [...slices] = numbered([{ ...asked, id: '' }])
  return selectCountedEvents(
    tx,
    envId,
    { slices, since: asked.since ?? null, before: asked.usageBefore, key: asked.key ?? null },
    page,
  )
}

/**
 * How far the roll-up is: all events of transactions below `position` are in the totals, and everything
 * committed before `asOf`, which is now when nothing waits.
 */
export async function foldedUpTo(
  tx: Tx,
): Promise<{ readonly position: bigint; readonly asOf: Date; readonly lagSeconds: number }> {
  return selectFreshness(tx)
}

/**
 * What the meter says: aggregated, converted to its unit, and then rounded once, to 12 digits, half
 * away from zero, or as the meter wants it. 0 when nothing was counted.
 */
export function quantityOf(
  meter: Pick<MeterRule, 'aggregation' | 'factor' | 'divisor' | 'rounding'>,
  total: Total,
): Decimal {
  const { numerator, denominator } = aggregated(meter.aggregation, total)
  const exact = { numerator: numerator * meter.factor, denominator: denominator * meter.divisor }
  return rounded(exact, meter.rounding)
}

function rounded({ numerator, denominator }: Fraction, { mode, digits }: Rounding): Decimal {
  if (mode === 'none') return divideRounded(numerator * ONE, denominator) as Decimal
  const scaled = numerator * 10n ** BigInt(digits)
  return (wholeBy(mode, scaled, denominator) * 10n ** BigInt(DIGITS - digits)) as Decimal
}

const DIGITS = 12

function wholeBy(mode: 'up' | 'down' | 'nearest', numerator: bigint, denominator: bigint): bigint {
  const down = numerator / denominator // towards zero
  if (mode === 'down') return down
  if (mode === 'nearest') return divideRounded(numerator, denominator)
  const isExact = down * denominator === numerator
  return isExact ? down : down + (numerator < 0n ? -1n : 1n)
}

const ONE = decimal('1')

type Fraction = { readonly numerator: bigint; readonly denominator: bigint }

function aggregated(aggregation: MeterRule['aggregation'], total: Total): Fraction {
  switch (aggregation) {
    case 'COUNT':
      return { numerator: total.events, denominator: 1n }
    case 'UNIQUE':
      return { numerator: total.uniques, denominator: 1n }
    case 'SUM':
      return fraction(total.sum)
    case 'AVG': {
      const { numerator, denominator } = fraction(total.sum)
      return { numerator, denominator: denominator * (total.events || 1n) }
    }
    case 'MAX':
      return fraction(total.max ?? '0')
    case 'MIN':
      return fraction(total.min ?? '0')
    case 'LAST':
      return fraction(total.last ?? '0')
    default:
      throw new TypeError(`unknown aggregation: ${aggregation satisfies never}`)
  }
}

/** Exact, however many digits a value of the metadata had. */
function fraction(text: string): Fraction {
  const [whole = '', digits = ''] = text.split('.')
  return { numerator: BigInt(whole + digits), denominator: 10n ** BigInt(digits.length) }
}

function numbered(asked: readonly AskedUsage[]): AskedSlice[] {
  return asked.flatMap(({ meterNo, slices }, askedNo) =>
    slices.map(({ customer, except, from, to }) => ({
      askedNo,
      meterNo,
      customer,
      except,
      from,
      to,
    })),
  )
}

function byId(asked: readonly AskedUsage[], rows: readonly TotalRow[]): Map<string, Total> {
  const answers = new Map(
    asked.flatMap(({ id, cases }) =>
      [null, ...(cases?.values ?? []).keys()].map((caseNo) => [partId(id, caseNo), NO_USAGE]),
    ),
  )
  for (const { askedNo, group, ...total } of rows) {
    const question = asked[askedNo]
    if (!question) continue
    const id = partId(question.id, caseOf(question, group))
    answers.set(id, added(answers.get(id) ?? NO_USAGE, total))
  }
  return answers
}

function caseOf({ cases }: AskedUsage, group: string): number | null {
  if (!cases || group === '') return null
  const wanted = JSON.stringify(JSON.parse(group))
  const caseNo = cases.values.findIndex((values) => JSON.stringify(values) === wanted)
  return caseNo < 0 ? null : caseNo
}

/** Several groups are taken as one only where a meter adds up: of the others there is one. */
function added(left: Total, right: Total): Total {
  if (left === NO_USAGE) return right
  return {
    ...right,
    events: left.events + right.events,
    notCounted: left.notCounted + right.notCounted,
    sum: sumText(left.sum, right.sum),
  }
}

function sumText(left: string, right: string): string {
  const [a, b] = [fraction(left), fraction(right)]
  const [coarse, fine] = a.denominator < b.denominator ? [a, b] : [b, a]
  const { denominator } = fine
  const sum = coarse.numerator * (denominator / coarse.denominator) + fine.numerator
  const digits = denominator.toString().length - 1
  if (digits === 0) return sum.toString()
  const text = (sum < 0n ? -sum : sum).toString().padStart(digits + 1, '0')
  return `${sum < 0n ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

function shapeOf(asked: readonly AskedUsage[]): Shape {
  const dimensions = new Map<number, readonly number[]>()
  for (const [askedNo, { cases }] of asked.entries())
    if (cases) dimensions.set(askedNo, cases.positions)
  return { grouping: dimensions.size === 0 ? 'none' : { dimensions } }
}

/** Texts of one number may differ in trailing zeros. */
function isEqual(left: Total, right: Total): boolean {
  const counts = ['events', 'notCounted', 'uniques'] as const
  const numbers = ['sum', 'min', 'max', 'last'] as const
  return (
    counts.every((field) => left[field] === right[field]) &&
    numbers.every((field) => shortest(left[field]) === shortest(right[field]))
  )
}

/** The same number without the zeros with which the database fills it up. */
export function shortest<T extends string | null>(text: T): T {
  return (text?.includes('.') ? text.replace(/\.?0+$/, '') : text) as T // null for null
}
