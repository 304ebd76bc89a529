import { assert } from './assert.ts'
import type { Decimal } from './decimal.ts'

/**
 * How one meter is priced on one version of a plan. Quantities are in the meter's unit; what costs
 * something is in the major unit of the plan's currency. Nothing is negative.
 */
export type Price = SimplePrice | PriceByDimension

/** One rule for all units. */
export type SimplePrice = Terms & Model

type Terms = {
  /** Units that cost nothing in a whole period; they come before credits and before the model. */
  readonly included: Decimal
  /** What the usage of a period costs at least, also when there is none; not prorated. Null: nothing. */
  readonly minimum: Decimal | null
  /** What it costs at most; not prorated. Null: no bound. */
  readonly maximum: Decimal | null
}

export type Model = PerUnit | Package | Graduated | Volume | Percentage

/** Every billable unit costs `unitPrice`. */
export type PerUnit = { readonly model: 'per_unit'; readonly unitPrice: Decimal }

/** Every started package of `packageSize` billable units costs `packagePrice`. */
export type Package = {
  readonly model: 'package'
  readonly packageSize: Decimal
  readonly packagePrice: Decimal
}

/** Each tier prices the billable units that lie within it: the first thousand at one price, the next at another. */
export type Graduated = { readonly model: 'graduated'; readonly tiers: readonly Tier[] }

/** The tier that the billable quantity reaches prices all of it. */
export type Volume = { readonly model: 'volume'; readonly tiers: readonly Tier[] }

/** A part of a sum of money, as `2.9`, and a fixed amount for each event. Meters that SUM only. */
export type Percentage = {
  readonly model: 'percentage'
  readonly percent: Decimal
  readonly fixedPerEvent: Decimal
}

/** From the border of the tier before it up to and including `upTo`; null only for the last, which has no end. */
export type Tier = {
  readonly upTo: Decimal | null
  readonly unitPrice: Decimal
  /** Once, as soon as the tier is reached. */
  readonly flatFee: Decimal
}

/** A price for each value of properties that the meter groups by: a model, a region. */
export type PriceByDimension = {
  readonly model: 'by_dimension'
  /** In the order in which `cases` name their values. */
  readonly properties: readonly string[]
  readonly cases: readonly DimensionCase[]
  /** For all other values taken as one, missing ones among them: no usage is ever left unpriced by accident. */
  readonly otherwise: SimplePrice
}

export type DimensionCase = {
  readonly values: readonly DimensionValue[]
  readonly price: SimplePrice
}

/** Null: the event has no such property. */
export type DimensionValue = string | number | boolean | null

/** A simple price within a price: that of a case with its number and values, or of the whole or all else. */
export type PricePart = {
  readonly caseNo: number | null
  readonly values: readonly DimensionValue[] | null
  readonly price: SimplePrice
}

/** The parts of a price, in the order of their lines. The last is the one without a case. */
export function partsOf(price: Price): readonly PricePart[] {
  if (price.model !== 'by_dimension') return [{ caseNo: null, values: null, price }]
  const cases = price.cases.map((each, caseNo) => ({ caseNo, ...each }))
  return [...cases, { caseNo: null, values: null, price: price.otherwise }]
}

/** The one part that prices usage with these values. A number is never the same as a text. */
export function partFor(price: Price, values: readonly DimensionValue[]): PricePart {
  const parts = partsOf(price)
  const wanted = JSON.stringify(values)
  const part = parts.find((each) => JSON.stringify(each.values) === wanted) ?? parts.at(-1)
  assert(part !== undefined, 'a price has a part for everything else')
  return part
}
