import { cost, type Decimal, ZERO } from './decimal.ts'
import type { PerUnitPrice, Price } from './price.ts'
import { prorateUnits, type Share } from './proration.ts'

/** One priced row for the usage of a meter. */
export type RatedLine = {
  /** What the meter says. */
  readonly quantity: Decimal
  /** The units that cost nothing in this share of the period. */
  readonly included: Decimal
  /** The units that are paid for, never below 0. */
  readonly billable: Decimal
  /** In the currency's major unit. */
  readonly unitPrice: Decimal
  /** In the currency's minor unit, rounded once. */
  readonly amountMinor: bigint
}

/**
 * Prices what a meter counted in (a share of) a period. `minorDigits` are those of the currency.
 *
 * Pure: the same input gives the same lines for ever, so an invoice can be recomputed and compared.
 * Usage gives a line also when all of it is included, at 0, so that a customer sees it was counted;
 * a quantity of 0 gives none.
 */
export function rate(
  price: Price,
  quantity: Decimal,
  share: Share,
  minorDigits: number,
): readonly RatedLine[] {
  if (quantity === ZERO) return []
  switch (price.kind) {
    case 'per_unit':
      return [perUnit(price, quantity, share, minorDigits)]
    default:
      throw new TypeError(`unknown price kind: ${JSON.stringify(price.kind satisfies never)}`)
  }
}

function perUnit(
  { included: includedWhole, unitPrice }: PerUnitPrice,
  quantity: Decimal,
  share: Share,
  minorDigits: number,
): RatedLine {
  const included = prorateUnits(includedWhole, share)
  const billable = beyond(quantity, included)
  return {
    quantity,
    included,
    billable,
    unitPrice,
    amountMinor: cost(billable, unitPrice, minorDigits),
  }
}

function beyond(quantity: Decimal, included: Decimal): Decimal {
  return quantity > included ? ((quantity - included) as Decimal) : ZERO
}
