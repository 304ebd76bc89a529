import { assert } from './assert.ts'
import { majorFromMinor, minorDigits } from './currency.ts'
import { cost, type Decimal, decimalFromMinor, wholeDecimal, ZERO } from './decimal.ts'
import type { InvoiceInput, Item, RecurringCharge, UsageCharges } from './invoice-input.ts'
import type { DimensionValue } from './price.ts'
import { prorateMinor, prorateUnits, type Share } from './proration.ts'
import { type RatedLine, rate } from './rate.ts'
import { type Settlement, settle } from './settle.ts'

/** The content of an invoice: its lines, and what becomes of their sum. */
export type Invoice = Settlement<Line> & { readonly currency: string }

/** One row of an invoice; of a base line, `quantity` is how often the period was paid, as a decimal. */
export type Line = ChargeLine | UsageLine
export type ChargeLine = LineContent & {
  readonly kind: 'base' | 'flat' | 'late' | 'item' | 'true_up'
  /** The caller's name for what is charged; empty for the base price and the true-up. */
  readonly name: string
  /** Of late usage. */
  readonly meter?: string
}
export type UsageLine = LineContent & {
  readonly kind: 'usage'
  readonly meter: string
  /** The values of the properties by which it is priced; null: of all others, or not priced by any. */
  readonly dimension: readonly DimensionValue[] | null
}

type LineContent = Omit<RatedLine, 'rule'> & {
  readonly rule: RatedLine['rule'] | 'flat'
  readonly periodStart: Date
  readonly periodEnd: Date
  /** The caller's name for the rate of tax; null: not taxed. */
  readonly taxRate: string | null
  /** Whether it is of the plan and the period, and so counts towards the plan's minimum. */
  readonly countsTowardsMinimum: boolean
}

/**
 * Computes an invoice: the one function behind preview, draft, final invoice and proof.
 *
 * The base line comes first, then flat charges, then the lines of each price with usage, then what is
 * brought in from elsewhere. Every amount is rounded once, on its line, and all sums add up lines as
 * they are shown, so that a customer can check them by hand. What follows is the order of `settle`.
 * Throws RangeError for an unknown currency.
 */
export function composeInvoice(input: InvoiceInput): Invoice {
  const { currency, base, usage, flats = [], items = [] } = input
  const digits = minorDigits(currency)
  const lines: Line[] = [
    ...(base === null ? [] : [chargeLine('base', base, input)]),
    ...flats.map((flat) => chargeLine('flat', flat, input)),
    ...(usage === null ? [] : usageLines(usage, digits)),
    ...items.map((item) => itemLine(item, currency)),
  ]
  assert(lines.length > 0 || usage !== null, 'an invoice bills something')
  return { currency, ...settle(lines, input, (amountMinor) => trueUp(input, amountMinor)) }
}

/** What pays for a later period than that of the usage is no part of what this one costs at least. */
function chargeLine(
  kind: 'base' | 'flat',
  charge: RecurringCharge,
  { currency, usage }: InvoiceInput,
): ChargeLine {
  const { amountMinor, quantity = ONE, share, taxRate = null, name = '' } = charge
  assert(amountMinor >= 0n && quantity >= 0n, 'a charge is not negative')
  const part = prorateUnits(quantity, share)
  return {
    kind,
    name,
    quantity: part,
    billable: part,
    units: part,
    unitPrice: majorFromMinor(amountMinor, currency),
    // From the exact share: the part that is shown has been rounded to 12 digits.
    amountMinor: proratedCost(amountMinor, quantity, share),
    taxRate,
    countsTowardsMinimum: usage === null || charge.periodStart < usage.periodEnd,
    ...NO_RULE,
    ...intervalOf(charge),
  }
}

/** `quantity × amount × share`, rounded once. */
function proratedCost(amountMinor: bigint, quantity: Decimal, share: Share): bigint {
  const { part, whole } = share
  return prorateMinor(amountMinor * quantity, { part, whole: whole * wholeDecimal(1n) })
}

function usageLines({ prices, share, ...interval }: UsageCharges, digits: number): UsageLine[] {
  const priced = new Set(
    prices.map(({ meter, dimension = null }) => JSON.stringify([meter, dimension])),
  )
  assert(priced.size === prices.length, 'a meter has one price on an invoice') // else billed twice
  return prices.flatMap(({ meter, dimension = null, price, taxRate = null, ...usage }) =>
    rate(price, { events: 0n, credited: ZERO, ...usage }, share, digits).map(
      (line): UsageLine => ({
        kind: 'usage',
        meter,
        dimension,
        taxRate,
        countsTowardsMinimum: true,
        ...line,
        ...intervalOf(interval),
      }),
    ),
  )
}

function itemLine(item: Item, currency: string): ChargeLine {
  const { name, amountMinor, quantity = ONE, taxRate = null, meter } = item
  const unitPrice = majorFromMinor(amountMinor, currency)
  const amount = cost({ units: quantity, unitPrice, fixed: ZERO }, minorDigits(currency))
  return {
    name,
    quantity,
    billable: quantity,
    units: quantity,
    unitPrice,
    amountMinor: amount,
    taxRate,
    countsTowardsMinimum: false,
    ...NO_RULE,
    ...(meter === undefined ? { kind: 'item' } : { kind: 'late', meter }),
    ...intervalOf(item),
  }
}

function trueUp(input: InvoiceInput, amountMinor: bigint): ChargeLine {
  const interval = input.usage ?? input.base
  assert(interval !== null, 'a plan with a minimum bills a period')
  return {
    kind: 'true_up',
    name: '',
    quantity: ZERO,
    billable: ZERO,
    units: ZERO,
    unitPrice: ZERO,
    amountMinor,
    taxRate: input.planTaxRate ?? null,
    countsTowardsMinimum: true,
    ...NO_RULE,
    ...intervalOf(interval),
    fixed: decimalFromMinor(amountMinor, minorDigits(input.currency)),
  }
}

const ONE = wholeDecimal(1n)
const NO_RULE = { rule: 'flat', included: ZERO, credited: ZERO, fixed: ZERO } as const

function intervalOf({
  periodStart,
  periodEnd,
}: {
  readonly periodStart: Date
  readonly periodEnd: Date
}) {
  assert(periodStart < periodEnd, 'a period ends after it starts')
  return { periodStart, periodEnd }
}
