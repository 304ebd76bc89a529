import { assert } from './assert.ts'
import {
  cost,
  type Decimal,
  decimalFromMinor,
  minorRounded,
  wholeDecimal,
  ZERO,
} from './decimal.ts'
import type {
  Graduated,
  Model,
  Package,
  Percentage,
  PerUnit,
  SimplePrice,
  Tier,
  Volume,
} from './price.ts'
import { prorateUnits, type Share } from './proration.ts'

/** What a meter says of (a share of) a period, and what has been paid for by credits of units. */
export type MeteredUsage = {
  readonly quantity: Decimal
  /** How many events were counted. */
  readonly events: bigint
  /** Units beyond the included ones that credits paid for. */
  readonly credited: Decimal
}

/**
 * One priced row. Whatever its rule is, `amountMinor` is `units × unitPrice + fixed`, rounded once, so
 * that anybody can check it by hand; and the quantities of all lines of a price add up to the meter's.
 */
export type RatedLine = {
  readonly rule: Rule
  /** The usage that this line stands for: what was included, what was credited and what is billable. */
  readonly quantity: Decimal
  /** The units that cost nothing in this share of the period. */
  readonly included: Decimal
  readonly credited: Decimal
  /** The units that are paid for, never below 0. */
  readonly billable: Decimal
  /** How often `unitPrice` is paid: the billable units, or for packages the started ones. */
  readonly units: Decimal
  /** In the currency's major unit. */
  readonly unitPrice: Decimal
  /** In the currency's major unit: the fee of a tier, the fixed part of a percentage, what a bound adds. */
  readonly fixed: Decimal
  /** In the currency's minor unit, rounded once. Negative only where a maximum takes off. */
  readonly amountMinor: bigint
}

/** `minimum` and `maximum` bring the sum of the lines before them to the bound of the price. */
export type Rule = 'per_unit' | 'package' | 'tier' | 'volume' | 'percentage' | 'minimum' | 'maximum'

/**
 * Prices what a meter counted in (a share of) a period. `minorDigits` are those of the currency.
 *
 * Pure: the same input gives the same lines for ever, so an invoice can be recomputed and compared.
 * Usage gives a line also when all of it is included, at 0, so that a customer sees it was counted; no
 * usage gives none, except what a minimum asks for.
 */
export function rate(
  price: SimplePrice,
  usage: MeteredUsage,
  share: Share,
  minorDigits: number,
): readonly RatedLine[] {
  const split = splitUsage(price, usage, share)
  const lines = hasUsage(price, usage) ? usageLines(price, split, usage, minorDigits) : []
  return [...lines, ...boundLines(price, lines, minorDigits)]
}

/** Units beyond the included ones, before credits: what credits may pay for. */
export function beyondIncluded(included: Decimal, quantity: Decimal, share: Share): Decimal {
  return beyond(quantity, prorateUnits(included, share))
}

type Split = Pick<RatedLine, 'quantity' | 'included' | 'credited' | 'billable'>

function splitUsage(price: SimplePrice, usage: MeteredUsage, share: Share): Split {
  const { quantity, credited } = usage
  const included = prorateUnits(price.included, share)
  const billable = (beyond(quantity, included) - credited) as Decimal
  assert(credited >= 0n && billable >= 0n, 'credits pay for no more than was used')
  return { quantity, included, credited, billable }
}

/** A payment of 0 still has its fixed fee; of everything else a quantity of 0 is nothing. */
function hasUsage(price: SimplePrice, { quantity, events }: MeteredUsage): boolean {
  return quantity !== ZERO || (price.model === 'percentage' && events > 0n)
}

function usageLines(
  price: SimplePrice,
  split: Split,
  { events }: MeteredUsage,
  minorDigits: number,
): RatedLine[] {
  switch (price.model) {
    case 'per_unit':
      return [perUnit(price, split, minorDigits)]
    case 'package':
      return [packages(price, split, minorDigits)]
    case 'graduated':
      return graduated(price, split, minorDigits)
    case 'volume':
      return [volume(price, split, minorDigits)]
    case 'percentage':
      return [percentage(price, split, events, minorDigits)]
    default:
      throw new TypeError(`unknown price model: ${(price satisfies never as Model).model}`)
  }
}

function perUnit({ unitPrice }: PerUnit, split: Split, minorDigits: number): RatedLine {
  const rule = { rule: 'per_unit' as const, units: split.billable, unitPrice, fixed: ZERO }
  return priced(rule, split, minorDigits)
}

function packages(
  { packageSize, packagePrice }: Package,
  split: Split,
  minorDigits: number,
): RatedLine {
  const started = (split.billable + packageSize - 1n) / packageSize
  const units = wholeDecimal(started)
  const rule = { rule: 'package' as const, units, unitPrice: packagePrice, fixed: ZERO }
  return priced(rule, split, minorDigits)
}

/** A line for each tier that is touched. What was free stands on the first. */
function graduated({ tiers }: Graduated, split: Split, minorDigits: number): RatedLine[] {
  const touched = tiers.flatMap((tier, index) => {
    const from = tiers[index - 1]?.upTo ?? ZERO
    const to = tier.upTo === null || split.billable < tier.upTo ? split.billable : tier.upTo
    return to > from ? [{ tier, units: (to - from) as Decimal }] : []
  })
  const [first] = tiers
  assert(first !== undefined, 'a graduated price has tiers')
  if (touched.length === 0) return [tierLine(first, split, false, minorDigits)]
  const free = (split.quantity - split.billable) as Decimal
  return touched.map(({ tier, units }, index) => {
    const part =
      index === 0
        ? { ...split, quantity: (free + units) as Decimal, billable: units }
        : { quantity: units, included: ZERO, credited: ZERO, billable: units }
    return tierLine(tier, part, true, minorDigits)
  })
}

function tierLine(tier: Tier, split: Split, isReached: boolean, minorDigits: number): RatedLine {
  const { unitPrice, flatFee } = tier
  const fixed = isReached ? flatFee : ZERO
  const rule = { rule: 'tier' as const, units: split.billable, unitPrice, fixed }
  return priced(rule, split, minorDigits)
}

/** A border belongs to the tier below it. */
function volume({ tiers }: Volume, split: Split, minorDigits: number): RatedLine {
  const { billable } = split
  const tier = tiers.find(({ upTo }) => upTo === null || billable <= upTo)
  assert(tier !== undefined, 'the last tier has no end')
  const fixed = billable > 0n ? tier.flatFee : ZERO
  const rule = { rule: 'volume' as const, units: billable, unitPrice: tier.unitPrice, fixed }
  return priced(rule, split, minorDigits)
}

function percentage(
  { percent, fixedPerEvent }: Percentage,
  split: Split,
  events: bigint,
  minorDigits: number,
): RatedLine {
  const unitPrice = (percent / HUNDRED) as Decimal // exact: a price has no finer percent
  const fixed = (fixedPerEvent * events) as Decimal
  const rule = { rule: 'percentage' as const, units: split.billable, unitPrice, fixed }
  return priced(rule, split, minorDigits)
}

function boundLines(
  { minimum, maximum }: SimplePrice,
  lines: readonly RatedLine[],
  minorDigits: number,
): RatedLine[] {
  const total = lines.reduce((so, { amountMinor }) => so + amountMinor, 0n)
  const least = minimum === null ? null : minorRounded(minimum, minorDigits)
  if (least !== null && total < least) return [boundLine('minimum', least - total, minorDigits)]
  const most = maximum === null ? null : minorRounded(maximum, minorDigits)
  if (most !== null && total > most) return [boundLine('maximum', most - total, minorDigits)]
  return []
}

function boundLine(
  rule: 'minimum' | 'maximum',
  amountMinor: bigint,
  minorDigits: number,
): RatedLine {
  const none = { quantity: ZERO, included: ZERO, credited: ZERO, billable: ZERO, units: ZERO }
  const fixed = decimalFromMinor(amountMinor, minorDigits)
  return { rule, unitPrice: ZERO, fixed, amountMinor, ...none }
}

const HUNDRED = 100n

function priced(
  { rule, units, unitPrice, fixed }: Pick<RatedLine, 'rule' | 'units' | 'unitPrice' | 'fixed'>,
  { quantity, included, credited, billable }: Split,
  minorDigits: number,
): RatedLine {
  const amountMinor = cost({ units, unitPrice, fixed }, minorDigits)
  return { rule, quantity, included, credited, billable, units, unitPrice, fixed, amountMinor }
}

function beyond(quantity: Decimal, included: Decimal): Decimal {
  return quantity > included ? ((quantity - included) as Decimal) : ZERO
}
