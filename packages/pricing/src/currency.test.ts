import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decimal,
  formatMinor,
  isCurrency,
  majorFromMinor,
  majorText,
  minorDigits,
  minorFromDecimal,
} from './index.ts'
import { currency, RUNS } from './test-arbitraries.ts'

describe('minor digits', () => {
  test.each([
    ['USD', 2],
    ['EUR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['KWD', 3],
    ['TND', 3],
    ['CLF', 4],
    ['HUF', 2],
    ['IQD', 3],
    ['MGA', 2],
    ['UGX', 0],
    ['ISK', 0],
  ])('of %s are those of ISO 4217: %d', (code, digits) => {
    expect(minorDigits(code)).toBe(digits)
  })

  test.each(['usd', 'XXX', 'XAU', 'DEM', 'US', 'toString', '', ' USD'])(
    'are refused for %j',
    (code) => {
      expect(isCurrency(code)).toBe(false)
      expect(() => minorDigits(code)).toThrow(RangeError)
    },
  )

  test('are never fewer than people write on price tags, so that every price can be billed', () => {
    const codes = everyCode()
    expect(codes).toHaveLength(164)
    expect(codes.filter((code) => minorDigits(code) < tagDigits(code))).toEqual([])
  })
})

describe('amounts as text', () => {
  test.each([
    [12000n, 'USD', '120.00', '120'],
    [12050n, 'USD', '120.50', '120.5'],
    [5n, 'USD', '0.05', '0.05'],
    [-5n, 'USD', '-0.05', '-0.05'],
    [0n, 'USD', '0.00', '0'],
    [120n, 'JPY', '120', '120'],
    [1n, 'KWD', '0.001', '0.001'],
    [10n ** 20n, 'USD', '1000000000000000000.00', '1000000000000000000'],
  ])('%d minor units of %s are %s', (amountMinor, code, shown, shortest) => {
    expect(formatMinor(amountMinor, code)).toBe(shown)
    expect(majorText(amountMinor, code)).toBe(shortest)
  })

  test('read back to the same amount', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
        currency,
        (amountMinor, code) => {
          expect(minorFromDecimal(decimal(formatMinor(amountMinor, code)), code)).toBe(amountMinor)
          expect(minorFromDecimal(majorFromMinor(amountMinor, code), code)).toBe(amountMinor)
        },
      ),
      RUNS,
    )
  })

  test.each([
    ['0.001', 'USD'],
    ['0.5', 'JPY'],
    ['1.0005', 'KWD'],
    ['-0.001', 'USD'],
  ])('%s %s is refused: the currency has no such amount', (text, code) => {
    expect(() => minorFromDecimal(decimal(text), code)).toThrow(RangeError)
  })
})

/** As CLDR knows them, which Intl follows. */
function tagDigits(code: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: code })
  return format.resolvedOptions().maximumFractionDigits ?? 0
}

function everyCode(): string[] {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const pairs = letters.flatMap((first) => letters.map((second) => first + second))
  return pairs.flatMap((pair) => letters.map((third) => pair + third)).filter(isCurrency)
}
