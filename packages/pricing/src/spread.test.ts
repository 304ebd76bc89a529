import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { spread } from './index.ts'
import { RUNS } from './test-arbitraries.ts'

describe('spread', () => {
  test.each<[string, bigint, bigint[], bigint[]]>([
    ['in proportion', 10n, [50n, 30n, 20n], [5n, 3n, 2n]],
    ['the rest to the largest remainder', 10n, [1n, 1n, 4n], [2n, 2n, 6n]],
    ['of equal remainders to the earlier line', 2n, [1n, 1n, 1n], [1n, 1n, 0n]],
    ['a tie of all lines to the first', 1n, [5n, 5n, 5n, 5n], [1n, 0n, 0n, 0n]],
    ['nothing to a line of nothing', 3n, [0n, 4n, 0n, 4n], [0n, 2n, 0n, 1n]],
    ['nothing at all', 0n, [3n, 4n], [0n, 0n]],
    ['all of it', 7n, [3n, 4n], [3n, 4n]],
    ['against the sign of a correction', 50n, [150n, -50n], [75n, -25n]],
    ['a tie beside a correction', 1n, [3n, 3n, -2n], [1n, 1n, -1n]],
  ])('%s', (_what, amount, weights, expected) => {
    expect(spread(amount, weights)).toEqual(expected)
  })

  test.each<[string, bigint, bigint[]]>([
    ['lines that come to nothing', 1n, [0n, 0n]],
    ['lines that come to less than nothing', 1n, [1n, -2n]],
    ['no lines', 1n, []],
    ['an amount below nothing', -1n, [1n]],
  ])('stops at %s: nobody could bear it', (_what, amount, weights) => {
    expect(() => spread(amount, weights)).toThrow('invariant broken')
  })

  const weight = fc.bigInt({ min: -(10n ** 6n), max: 10n ** 6n })
  const weights = fc
    .array(fc.oneof(weight, fc.constantFrom(0n, 1n, 100n)), { minLength: 1, maxLength: 8 })
    .filter((all) => sumOf(all) > 0n)
  const amountAndWeights = weights.chain((all) =>
    fc.tuple(fc.bigInt({ min: 0n, max: sumOf(all) }), fc.constant(all)),
  )

  test('adds up to the amount, whatever the lines', () => {
    fc.assert(
      fc.property(amountAndWeights, ([amount, all]) => {
        expect(sumOf(spread(amount, all))).toBe(amount)
      }),
      RUNS,
    )
  })

  test('gives each line its exact share but for less than one minor unit, and never more than it comes to', () => {
    fc.assert(
      fc.property(amountAndWeights, ([amount, all]) => {
        const whole = sumOf(all)
        for (const [index, part] of spread(amount, all).entries()) {
          const own = all[index] ?? 0n
          const error = part * whole - amount * own
          expect(error < whole && error > -whole).toBe(true)
          expect(own < 0n ? part >= own && part <= 0n : part <= own && part >= 0n).toBe(true)
        }
      }),
      RUNS,
    )
  })

  test('gives equal lines shares that differ by one at most, the earlier the larger', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 1000n }),
        fc.integer({ min: 1, max: 9 }),
        (amount, n) => {
          const parts = spread(amount, new Array<bigint>(n).fill(1000n))
          const [first = 0n, last = 0n] = [parts[0], parts.at(-1)]
          expect(first - last <= 1n).toBe(true)
          expect(parts).toEqual(parts.toSorted((a, b) => Number(b - a)))
        },
      ),
      RUNS,
    )
  })
})

function sumOf(all: readonly bigint[]): bigint {
  return all.reduce((so, each) => so + each, 0n)
}
