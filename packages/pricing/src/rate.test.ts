import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Decimal, decimal, type Price, rate, type Share, WHOLE } from './index.ts'
import { price, quantity, RUNS, share } from './test-arbitraries.ts'

const API_CALLS: Price = {
  kind: 'per_unit',
  included: decimal('10000'),
  unitPrice: decimal('0.01'),
}
const digits = fc.integer({ min: 0, max: 4 })

/** Only the amounts, in US cents. */
function cents(given: Price, used: string, part: Share = WHOLE): bigint[] {
  return rate(given, decimal(used), part, 2).map((line) => line.amountMinor)
}

describe('per unit', () => {
  test('charges only what exceeds the included units', () => {
    expect(rate(API_CALLS, decimal('12000'), WHOLE, 2)).toEqual([
      {
        quantity: decimal('12000'),
        included: decimal('10000'),
        billable: decimal('2000'),
        unitPrice: decimal('0.01'),
        amountMinor: 2000n, // the example of the guide: 2,000 × $0.01 = $20
      },
    ])
  })

  test.each([
    ['no usage gives no line', '0', []],
    ['the smallest usage gives a line at 0', '0.000000000001', [0n]],
    ['one unit below', '9999', [0n]],
    ['exactly at', '10000', [0n]],
    ['half a unit above, half a cent', '10000.5', [1n]],
    ['just under half a unit above', '10000.499999999999', [0n]],
    ['one unit above', '10001', [1n]],
  ])('at the border of the included units: %s', (_where, used, expected) => {
    expect(cents(API_CALLS, used)).toEqual(expected)
  })

  test('keeps prices far below one cent exact until the line is rounded', () => {
    const tokens: Price = { ...API_CALLS, included: decimal('0'), unitPrice: decimal('0.0000005') }
    expect(cents(tokens, '9999')).toEqual([0n]) // $0.0049995
    expect(cents(tokens, '10000')).toEqual([1n]) // $0.005 rounds away from zero
  })

  test('includes less in a part of a period, to 12 digits, and prices the rest in full', () => {
    const [line] = rate(API_CALLS, decimal('12000'), { part: 1n, whole: 3n }, 2)
    expect(line).toMatchObject({
      included: decimal('3333.333333333333'),
      billable: decimal('8666.666666666667'),
      amountMinor: 8667n,
    })
  })

  test('bills a negative quantity, as a gauge may have, at 0 rather than pay it out', () => {
    expect(cents(API_CALLS, '-5')).toEqual([0n])
  })

  test('splits usage into included and billable units without losing any', () => {
    fc.assert(
      fc.property(price, quantity, share, digits, (given, used, part, minorDigits) => {
        for (const line of rate(given, used, part, minorDigits)) {
          const isFree = used <= line.included
          expect(line.billable).toBe(isFree ? 0n : used - line.included)
          expect(line.quantity).toBe(used)
          expect(line.amountMinor >= 0n).toBe(true)
        }
      }),
      RUNS,
    )
  })

  test('never costs less for more usage', () => {
    fc.assert(
      fc.property(price, quantity, quantity, share, (given, used, more, part) => {
        const less = total(given, used, part)
        expect(total(given, (used + more) as Decimal, part) >= less).toBe(true)
      }),
      RUNS,
    )
  })

  test('is off by at most half a minor unit on a line', () => {
    fc.assert(
      fc.property(price, quantity, share, digits, (given, used, part, minorDigits) => {
        const minorUnit = 10n ** BigInt(24 - minorDigits)
        for (const line of rate(given, used, part, minorDigits)) {
          const twiceError = 2n * (line.amountMinor * minorUnit - line.billable * line.unitPrice)
          expect(twiceError <= minorUnit && twiceError >= -minorUnit).toBe(true)
        }
      }),
      RUNS,
    )
  })
})

test('refuses a kind of price that it does not know, rather than bill nothing', () => {
  const unknown = { kind: 'guess' } as unknown as Price
  expect(() => rate(unknown, decimal('1'), WHOLE, 2)).toThrow('unknown price kind')
})

function total(given: Price, used: Decimal, part: Share): bigint {
  return rate(given, used, part, 2).reduce((so, line) => so + line.amountMinor, 0n)
}
