import fc from 'fast-check'
import { CYCLES, type Decimal, type Price, type Share } from './index.ts'

/** What the property tests draw from, and how often. */
export const RUNS = { numRuns: 2000 }

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
    fc.bigInt({ min: 0n, max: 100_000n }).map((units) => units * 10n ** 12n),
    fc.bigInt({ min: 0n, max: 50n }),
  )
  .map((value) => value as Decimal)

export const unitPrice = fc
  .oneof(
    fc.bigInt({ min: 0n, max: 10n ** 16n }),
    fc.bigInt({ min: 0n, max: 1000n }).map((mills) => mills * 10n ** 9n),
  )
  .map((value) => value as Decimal)

export const price: fc.Arbitrary<Price> = fc.record({
  kind: fc.constant('per_unit' as const),
  included: quantity,
  unitPrice,
})

/** Parts of periods from a minute to a leap year, in milliseconds. */
export const share: fc.Arbitrary<Share> = fc
  .bigInt({ min: 60_000n, max: 31_622_400_000n })
  .chain((whole) =>
    fc.record({ part: fc.bigInt({ min: 1n, max: whole }), whole: fc.constant(whole) }),
  )

export const currency = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD', 'CLF')
export const cycle = fc.constantFrom(...CYCLES)
