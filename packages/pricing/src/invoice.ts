import { assert } from './assert.ts'
import { majorFromMinor, minorDigits } from './currency.ts'
import { type Decimal, decimal, ZERO } from './decimal.ts'
import type { Price } from './price.ts'
import { prorateMinor, prorateUnits, type Share } from './proration.ts'
import { type RatedLine, rate } from './rate.ts'

/** What an invoice is computed from. Nothing else decides an amount. */
export type InvoiceInput = {
  /** ISO 4217 code. */
  readonly currency: string
  /**
   * The base price and the period it pays for: in arrears that of the usage, in advance the one
   * after it. Null only where there is none to pay for: the last invoice of a plan in advance.
   */
  readonly base: BaseCharge | null
  /** The usage of a period. Null only for the first base price in advance, before any usage. */
  readonly usage: UsageCharges | null
}

export type BaseCharge = Interval & {
  /** The price of the whole period, in minor units; 0 gives a line as well. */
  readonly amountMinor: bigint
  /** The part of the whole period that is billed. */
  readonly share: Share
}

export type UsageCharges = Interval & {
  /** The part of the whole period that is billed: included units shrink with it. */
  readonly share: Share
  /** In the order of the lines; at most one for each meter. */
  readonly prices: readonly MeteredPrice[]
}

export type MeteredPrice = {
  /** The caller's name for the meter, repeated on its lines. */
  readonly meter: string
  readonly price: Price
  /** What the meter says for exactly this interval. */
  readonly quantity: Decimal
}

/** Half-open: `periodEnd` is not part of it. */
export type Interval = { readonly periodStart: Date; readonly periodEnd: Date }

/** One row of an invoice; of a base line, `quantity` is the part of the period, as a decimal. */
export type Line = BaseLine | UsageLine
export type BaseLine = RatedLine & Interval & { readonly kind: 'base' }
export type UsageLine = RatedLine & Interval & { readonly kind: 'usage'; readonly meter: string }

/** The content of an invoice. `totalMinor` is the sum of the amounts of its lines, never negative. */
export type Invoice = {
  readonly currency: string
  readonly lines: readonly Line[]
  readonly totalMinor: bigint
}

/**
 * Computes an invoice: the one function behind preview, draft, final invoice and proof.
 *
 * The base line comes first, then one line for each price with usage. Every amount is rounded once,
 * on its line, and the total adds up the lines as they are shown, so that a customer can check it by
 * hand. Throws RangeError for an unknown currency.
 */
export function composeInvoice(input: InvoiceInput): Invoice {
  assert(input.base !== null || input.usage !== null, 'an invoice bills something')
  const base = input.base === null ? [] : [baseLine(input.base, input.currency)]
  const usage = input.usage === null ? [] : usageLines(input.usage, input.currency)
  const lines = [...base, ...usage]
  for (const line of lines) assert(line.amountMinor >= 0n, 'no line of a period is negative')
  return { currency: input.currency, lines, totalMinor: totalOf(lines) }
}

function baseLine(base: BaseCharge, currency: string): BaseLine {
  const part = prorateUnits(decimal('1'), base.share)
  return {
    kind: 'base',
    ...intervalOf(base),
    quantity: part,
    included: ZERO,
    billable: part,
    unitPrice: majorFromMinor(base.amountMinor, currency),
    // From the exact share: the part that is shown has been rounded to 12 digits.
    amountMinor: prorateMinor(base.amountMinor, base.share),
  }
}

function usageLines(usage: UsageCharges, currency: string): UsageLine[] {
  const meters = new Set(usage.prices.map(({ meter }) => meter))
  assert(meters.size === usage.prices.length, 'a meter has one price on an invoice') // else billed twice
  const digits = minorDigits(currency)
  const interval = intervalOf(usage)
  return usage.prices.flatMap(({ meter, price, quantity }) =>
    rate(price, quantity, usage.share, digits).map(
      (line): UsageLine => ({ kind: 'usage', meter, ...interval, ...line }),
    ),
  )
}

function intervalOf({ periodStart, periodEnd }: Interval): Interval {
  assert(periodStart < periodEnd, 'a period ends after it starts')
  return { periodStart, periodEnd }
}

function totalOf(lines: readonly Line[]): bigint {
  return lines.reduce((total, line) => total + line.amountMinor, 0n)
}
