import { type Decimal, decimal, formatDecimal, ZERO } from './decimal.ts'

/**
 * How one meter is priced on one version of a plan. Quantities are in the meter's unit, unit prices
 * in the major unit of the plan's currency. Both are at least 0.
 */
export type Price = PerUnitPrice

/** Every unit beyond the `included` ones costs `unitPrice`. */
export type PerUnitPrice = {
  readonly kind: 'per_unit'
  readonly included: Decimal
  readonly unitPrice: Decimal
}

/** A price as it is stored and sent: decimals are strings, since a JSON number would lose digits. */
export type PriceJson = {
  readonly kind: 'per_unit'
  readonly included: string
  readonly unitPrice: string
}

/**
 * Reads a price from JSON; `included` may be left out and is then 0. Throws RangeError that names
 * the field for a missing, unknown or impossible one: a misspelt `included` must not bill every unit.
 */
export function parsePrice(json: unknown): Price {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new RangeError('a price must be an object')
  const fields = new Map<string, unknown>(Object.entries(json))
  const kind = fields.get('kind')
  switch (kind) {
    case 'per_unit':
      return perUnit(fields)
    default:
      throw new RangeError(`price.kind must be "per_unit", not ${JSON.stringify(kind)}`)
  }
}

/** The JSON that `parsePrice` reads back to the same price. */
export function priceToJson(price: Price): PriceJson {
  return {
    kind: price.kind,
    included: formatDecimal(price.included),
    unitPrice: formatDecimal(price.unitPrice),
  }
}

function perUnit(fields: ReadonlyMap<string, unknown>): PerUnitPrice {
  refuseUnknown(fields, ['kind', 'included', 'unitPrice'])
  return {
    kind: 'per_unit',
    included: fields.has('included') ? atLeastZero(fields, 'included') : ZERO,
    unitPrice: atLeastZero(fields, 'unitPrice'),
  }
}

function refuseUnknown(fields: ReadonlyMap<string, unknown>, known: readonly string[]): void {
  const unknown = [...fields.keys()].find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new RangeError(
      `price.${unknown} is not a field of this price; it has ${known.join(', ')}`,
    )
}

function atLeastZero(fields: ReadonlyMap<string, unknown>, name: string): Decimal {
  const text = fields.get(name)
  if (typeof text !== 'string')
    throw new RangeError(`price.${name} must be a decimal string such as "0.01"`)
  const value = readDecimal(text, name)
  if (value < ZERO) throw new RangeError(`price.${name} must not be negative`)
  return value
}

function readDecimal(text: string, name: string): Decimal {
  try {
    return decimal(text)
  } catch (error) {
    if (error instanceof RangeError) throw new RangeError(`price.${name}: ${error.message}`)
    throw error
  }
}
