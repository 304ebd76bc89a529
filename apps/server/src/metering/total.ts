/**
 * What customers used between two instants: the one source of quantities for invoices, previews and
 * usage queries. Counts exactly the events whose transactions are below `position`.
 */
import { type Decimal, decimal, divideRounded } from '@usageflow/pricing'
import type { MeterRule } from '../catalog/meter.ts'
import type { Tx } from '../platform/db/transaction.ts'

/** Whose events, and from when to when: `[from, to)` by the events' own time. */
export type Slice = {
  /** Null: every customer of the environment but those in `except`. */
  readonly customer: string | null
  readonly except: readonly string[]
  readonly from: Date
  readonly to: Date
}

/**
 * Usage of one meter, of all its slices taken as one: UNIQUE is their union, LAST the last of all.
 * No two slices may hold the same instant of the same customer.
 */
export type AskedUsage = {
  /** The caller's name for the question, like the number of an invoice line. */
  readonly id: string
  readonly meterNo: number
  readonly slices: readonly Slice[]
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
  /** By the id of the question; every question has an answer. */
  readonly byId: ReadonlyMap<string, Total>
  /** Meters whose older events are still being folded: nothing may be billed by them yet. */
  readonly incompleteMeters: ReadonlySet<number>
}

/** Totals for any number of questions, at one position. */
export declare function totals(tx: Tx, envId: number, asked: readonly AskedUsage[]): Promise<Totals>

/**
 * What the meter says: aggregated, converted to its unit, and then rounded once to 12 digits, half
 * away from zero. 0 when nothing was counted.
 */
export function quantityOf(
  meter: Pick<MeterRule, 'aggregation' | 'factor' | 'divisor'>,
  total: Total,
): Decimal {
  const { numerator, denominator } = aggregated(meter.aggregation, total)
  return divideRounded(numerator * meter.factor * ONE, denominator * meter.divisor) as Decimal
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
export declare function checkAgainstEvents(
  tx: Tx,
  envId: number,
  asked: readonly AskedUsage[],
  given: Totals,
): Promise<Mismatch[]>

/** An event as it counts for a meter: with the content of its newest correction. */
export type CountedEvent = {
  /** The 16 bytes of its key, as a uuid. */
  readonly key: string
  readonly customer: string
  readonly occurredAt: Date
  /** The same instant to the microsecond; continue after it. */
  readonly occurredAtText: string
  readonly sequence: bigint
  readonly amount: string
  /** What the meter read, in plain decimal digits; null when the aggregation reads no number. */
  readonly value: string | null
}

/**
 * A page of exactly the events that a total counted at `usageBefore`, by time and key: those of an
 * invoice line, for ever the same.
 */
export declare function eventsOf(
  tx: Tx,
  envId: number,
  asked: Omit<AskedUsage, 'id'> & { readonly usageBefore: bigint },
  page: {
    readonly limit: number
    readonly after: { readonly occurredAtText: string; readonly key: string } | null
  },
): Promise<CountedEvent[]>

/**
 * The position that has to be reached before everything answered to anybody until now is folded.
 * Ask for it in the transaction that closes a period, then `catchUp` to it.
 */
export declare function committedSoFar(tx: Tx): Promise<bigint>

/** How far the roll-up is: all events of transactions below `position` are in the totals. */
export declare function foldedUpTo(
  tx: Tx,
): Promise<{ readonly position: bigint; readonly asOf: Date }>
