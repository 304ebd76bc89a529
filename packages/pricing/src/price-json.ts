import { minorDigits } from './currency.ts'
import { type Decimal, formatDecimal, minorOf, ZERO } from './decimal.ts'
import { JsonFields } from './json-fields.ts'
import {
  type DimensionCase,
  type DimensionValue,
  type Model,
  type Price,
  type PriceByDimension,
  partsOf,
  type SimplePrice,
  type Tier,
} from './price.ts'

/** A price as it is stored and sent: decimals are strings, since a JSON number would lose digits. */
export type PriceJson = SimplePriceJson | PriceByDimensionJson

type TermsJson = {
  readonly included: string
  readonly minimum?: string
  readonly maximum?: string
}

export type SimplePriceJson = TermsJson &
  (
    | { readonly model: 'per_unit'; readonly unitPrice: string }
    | { readonly model: 'package'; readonly packageSize: string; readonly packagePrice: string }
    | { readonly model: 'graduated' | 'volume'; readonly tiers: readonly TierJson[] }
    | { readonly model: 'percentage'; readonly percent: string; readonly fixedPerEvent: string }
  )

export type TierJson = {
  readonly upTo: string | null
  readonly unitPrice: string
  readonly flatFee: string
}

export type PriceByDimensionJson = {
  readonly model: 'by_dimension'
  readonly properties: readonly string[]
  readonly cases: readonly {
    readonly values: readonly DimensionValue[]
    readonly price: SimplePriceJson
  }[]
  readonly otherwise: SimplePriceJson
}

export const MODELS = ['per_unit', 'package', 'graduated', 'volume', 'percentage'] as const

const PROPERTIES_MAX = 5
const HUNDRED = 100n

/**
 * Reads a price from JSON. What may be left out: `included`, `flatFee` and `fixedPerEvent` are then 0,
 * `minimum` and `maximum` no bounds. Throws RangeError that names the field for a missing, unknown or
 * impossible one: a misspelt `included` must not bill every unit.
 */
export function parsePrice(json: unknown, name = 'price'): Price {
  const fields = new JsonFields(json, name)
  if (fields.raw('model') === 'by_dimension') return byDimension(fields)
  return simplePrice(fields, [...MODELS, 'by_dimension'])
}

/** The JSON that `parsePrice` reads back to the same price. */
export function priceToJson(price: Price): PriceJson {
  if (price.model !== 'by_dimension') return simpleToJson(price)
  const { model, properties } = price
  const cases = price.cases.map(({ values, price: part }) => ({
    values,
    price: simpleToJson(part),
  }))
  return { model, properties, cases, otherwise: simpleToJson(price.otherwise) }
}

/**
 * Throws RangeError if the price bounds a period by an amount that the currency cannot express. Unit
 * prices and fees may be finer: they are rounded with their line.
 */
export function assertPriceIn(price: Price, currency: string): void {
  const digits = minorDigits(currency)
  for (const { price: part } of partsOf(price))
    for (const name of ['minimum', 'maximum'] as const) {
      const bound = part[name]
      if (bound !== null && minorOf(bound, digits) === null)
        throw new RangeError(
          `price.${name} has more than the ${digits} digits after the point that ${currency} has`,
        )
    }
}

function simplePrice(fields: JsonFields, known: readonly string[]): SimplePrice {
  const model = modelOf(fields, known)
  const included = fields.atLeastZero('included', ZERO)
  const minimum = fields.atLeastZero('minimum', null)
  const maximum = fields.atLeastZero('maximum', null)
  fields.refuseOthers()
  if (minimum !== null && maximum !== null && maximum < minimum)
    throw new RangeError(`${fields.name}.maximum must not be below the minimum`)
  return { included, minimum, maximum, ...model }
}

function modelOf(fields: JsonFields, known: readonly string[]): Model {
  const model = fields.raw('model')
  switch (model) {
    case 'per_unit':
      return { model, unitPrice: fields.atLeastZero('unitPrice') }
    case 'package':
      return {
        model,
        packageSize: fields.aboveZero('packageSize'),
        packagePrice: fields.atLeastZero('packagePrice'),
      }
    case 'graduated':
    case 'volume':
      return { model, tiers: tiersOf(fields) }
    case 'percentage':
      return {
        model,
        percent: percentOf(fields),
        fixedPerEvent: fields.atLeastZero('fixedPerEvent', ZERO),
      }
    default:
      throw new RangeError(
        `${fields.name}.model must be one of ${known.join(', ')}, not ${JSON.stringify(model)}`,
      )
  }
}

/** Its hundredth must be a decimal as well, since that is what a unit costs. */
function percentOf(fields: JsonFields): Decimal {
  const percent = fields.atLeastZero('percent')
  if (percent % HUNDRED !== 0n)
    throw new RangeError(`${fields.name}.percent has more than 10 digits after the point`)
  return percent
}

function tiersOf(fields: JsonFields): readonly Tier[] {
  const tiers = fields.list('tiers').map(tierOf)
  if (tiers.length === 0) throw new RangeError(`${fields.name}.tiers must have at least one tier`)
  let below: Decimal = ZERO
  for (const [index, { upTo }] of tiers.entries()) {
    const isLast = index === tiers.length - 1
    const name = `${fields.name}.tiers[${index}].upTo`
    if (isLast !== (upTo === null))
      throw new RangeError(`${name}: the last tier, and no other, ends at null`)
    if (upTo !== null && upTo <= below)
      throw new RangeError(`${name} must be above ${formatDecimal(below)}, where the tier begins`)
    below = upTo ?? below
  }
  return tiers
}

function tierOf(fields: JsonFields): Tier {
  const tier = {
    upTo: fields.raw('upTo') === null ? null : fields.atLeastZero('upTo'),
    unitPrice: fields.atLeastZero('unitPrice'),
    flatFee: fields.atLeastZero('flatFee', ZERO),
  }
  fields.refuseOthers()
  return tier
}

function byDimension(fields: JsonFields): PriceByDimension {
  const properties = fields.texts('properties')
  if (properties.length === 0 || properties.length > PROPERTIES_MAX)
    throw new RangeError(`${fields.name}.properties must name 1 to ${PROPERTIES_MAX} properties`)
  if (new Set(properties).size < properties.length)
    throw new RangeError(`${fields.name}.properties names a property twice`)
  const cases = fields.list('cases').map((each) => caseOf(each, properties.length))
  const seen = new Set<string>()
  for (const [index, { values }] of cases.entries()) {
    const key = JSON.stringify(values)
    if (seen.has(key))
      throw new RangeError(`${fields.name}.cases[${index}].values ${key} already have a price`)
    seen.add(key)
  }
  const otherwise = simplePrice(fields.object('otherwise'), MODELS)
  fields.refuseOthers()
  return { model: 'by_dimension', properties, cases, otherwise }
}

function caseOf(fields: JsonFields, count: number): DimensionCase {
  const values = fields.scalars('values')
  if (values.length !== count)
    throw new RangeError(`${fields.name}.values must hold one value for each of the properties`)
  const price = simplePrice(fields.object('price'), MODELS)
  fields.refuseOthers()
  return { values, price }
}

function simpleToJson(price: SimplePrice): SimplePriceJson {
  return { ...modelToJson(price), ...termsToJson(price) }
}

function termsToJson({ included, minimum, maximum }: SimplePrice): TermsJson {
  return {
    included: formatDecimal(included),
    ...(minimum === null ? {} : { minimum: formatDecimal(minimum) }),
    ...(maximum === null ? {} : { maximum: formatDecimal(maximum) }),
  }
}

function modelToJson(price: Model) {
  switch (price.model) {
    case 'per_unit':
      return { model: price.model, unitPrice: formatDecimal(price.unitPrice) }
    case 'package':
      return {
        model: price.model,
        packageSize: formatDecimal(price.packageSize),
        packagePrice: formatDecimal(price.packagePrice),
      }
    case 'graduated':
    case 'volume':
      return { model: price.model, tiers: price.tiers.map(tierToJson) }
    case 'percentage':
      return {
        model: price.model,
        percent: formatDecimal(price.percent),
        fixedPerEvent: formatDecimal(price.fixedPerEvent),
      }
    default:
      throw new TypeError(`unknown price model: ${(price satisfies never as Model).model}`)
  }
}

function tierToJson({ upTo, unitPrice, flatFee }: Tier): TierJson {
  return {
    upTo: upTo === null ? null : formatDecimal(upTo),
    unitPrice: formatDecimal(unitPrice),
    flatFee: formatDecimal(flatFee),
  }
}
