import fc from 'fast-check'
import {
  CYCLES,
  type Decimal,
  type DimensionValue,
  type Model,
  type Price,
  type Share,
  type SimplePrice,
  type Tier,
  ZERO,
} from './index.ts'

/** What the property tests draw from, and how often. */
export const RUNS = { numRuns: 2000 }

const UNIT = 10n ** 12n

/** Decimals of all sizes, with a liking for few digits, where ties and borders are. */
export const anyDecimal = fc
  .oneof(
    fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
    fc.bigInt({ min: -200n, max: 200n }).map((value) => value * 5n * 10n ** 11n),
    fc.bigInt({ min: -50n, max: 50n }),
  )
  .map((value) => value as Decimal)

export const quantity = fc
  .oneof(
    fc.bigInt({ min: 0n, max: 10n ** 30n }),
    fc.bigInt({ min: 0n, max: 100_000n }).map((units) => units * UNIT),
    fc.bigInt({ min: 0n, max: 50n }),
  )
  .map((value) => value as Decimal)

export const unitPrice = fc
  .oneof(
    fc.bigInt({ min: 0n, max: 10n ** 16n }),
    fc.bigInt({ min: 0n, max: 1000n }).map((mills) => mills * 10n ** 9n),
  )
  .map((value) => value as Decimal)

const fee = fc.oneof(fc.constant(ZERO), unitPrice)
const size = fc
  .oneof(
    fc.bigInt({ min: 1n, max: 2000n }).map((units) => units * UNIT),
    fc.bigInt({ min: 1n, max: 50n }),
  )
  .map((value) => value as Decimal)

export const tiers: fc.Arbitrary<readonly Tier[]> = fc
  .array(fc.record({ width: size, unitPrice, flatFee: fee }), { minLength: 1, maxLength: 5 })
  .map((steps) => {
    let upTo = 0n
    return steps.map(({ width, ...tier }, index) => {
      upTo += width
      return { ...tier, upTo: index === steps.length - 1 ? null : (upTo as Decimal) }
    })
  })

export const models = {
  per_unit: fc.record({ model: fc.constant('per_unit' as const), unitPrice }),
  package: fc.record({
    model: fc.constant('package' as const),
    packageSize: size,
    packagePrice: unitPrice,
  }),
  graduated: fc.record({ model: fc.constant('graduated' as const), tiers }),
  volume: fc.record({ model: fc.constant('volume' as const), tiers }),
  percentage: fc.record({
    model: fc.constant('percentage' as const),
    percent: fc.bigInt({ min: 0n, max: 10n ** 12n }).map((value) => (value * 100n) as Decimal),
    fixedPerEvent: fee,
  }),
}

/** None, one or both, the minimum not above the maximum, in whole units of every currency. */
const bounds = fc
  .tuple(
    fc.option(fc.bigInt({ min: 0n, max: 1000n })),
    fc.option(fc.bigInt({ min: 0n, max: 1000n })),
  )
  .map(([least, above]) => ({
    minimum: least === null ? null : ((least * UNIT) as Decimal),
    maximum: above === null ? null : ((((least ?? 0n) + above) * UNIT) as Decimal),
  }))

/** A price of one of the models, without bounds. */
export function priceOf<M extends Model>(model: fc.Arbitrary<M>) {
  return fc
    .tuple(quantity, model)
    .map(([included, rule]) => ({ included, minimum: null, maximum: null, ...rule }))
}

const anyModel: fc.Arbitrary<Model> = fc.oneof(...Object.values(models))

/** Without bounds, so that amounts come from the model alone. */
export const unboundedPrice: fc.Arbitrary<SimplePrice> = priceOf(anyModel)

export const simplePrice: fc.Arbitrary<SimplePrice> = fc
  .tuple(unboundedPrice, bounds)
  .map(([given, bound]) => ({ ...given, ...bound }))

export const dimensionValue: fc.Arbitrary<DimensionValue> = fc.oneof(
  fc.constantFrom('gpt-4', 'eu', '1', 'true', ''),
  fc.constantFrom(1, 0.5, -3),
  fc.boolean(),
  fc.constant(null),
)

const byDimension: fc.Arbitrary<Price> = fc.integer({ min: 1, max: 3 }).chain((count) =>
  fc.record({
    model: fc.constant('by_dimension' as const),
    properties: fc.constant(['model', 'region', 'tier'].slice(0, count)),
    cases: fc.uniqueArray(
      fc.record({
        values: fc.array(dimensionValue, { minLength: count, maxLength: count }),
        price: simplePrice,
      }),
      { maxLength: 4, selector: ({ values }) => JSON.stringify(values) },
    ),
    otherwise: simplePrice,
  }),
)

export const price: fc.Arbitrary<Price> = fc.oneof(simplePrice, byDimension)

/** Where the amount of a price may turn: its included units, its tiers and packages beyond them, and beside these. */
export function quantityNear(given: SimplePrice): fc.Arbitrary<Decimal> {
  const borders = bordersOf(given).map((border) => given.included + border)
  const beside = fc.constantFrom(-UNIT, -1n, 0n, 1n, UNIT)
  const near = fc
    .tuple(fc.constantFrom(given.included, ...borders), beside)
    .map(([border, offset]) => (border + offset > 0n ? border + offset : 0n) as Decimal)
  return fc.oneof(near, quantity)
}

function bordersOf(given: SimplePrice): bigint[] {
  if (given.model === 'graduated' || given.model === 'volume')
    return given.tiers.flatMap(({ upTo }) => (upTo === null ? [] : [upTo]))
  return given.model === 'package' ? [given.packageSize, 3n * given.packageSize] : []
}

/** Parts of periods from a minute to a leap year, in milliseconds. */
export const share: fc.Arbitrary<Share> = fc
  .bigInt({ min: 60_000n, max: 31_622_400_000n })
  .chain((whole) =>
    fc.record({ part: fc.bigInt({ min: 1n, max: whole }), whole: fc.constant(whole) }),
  )

export const currency = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD', 'CLF')
export const digits = fc.integer({ min: 0, max: 4 })
export const cycle = fc.constantFrom(...CYCLES)
