import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  cost,
  type Decimal,
  decimal,
  decimalFromNumber,
  divide,
  divideRounded,
  formatDecimal,
  multiply,
  roundedDecimal,
  sum,
  ZERO,
} from './index.ts'
import { anyDecimal, quantity, RUNS, unitPrice } from './test-arbitraries.ts'

describe('decimal', () => {
  test.each([
    ['0', 0n],
    ['-0', 0n],
    ['0.01', 10_000_000_000n],
    ['12000', 12_000_000_000_000_000n],
    ['-3.5', -3_500_000_000_000n],
    ['0.000000000001', 1n],
    ['7.000000000000', 7_000_000_000_000n],
    [`${'9'.repeat(26)}.${'9'.repeat(12)}`, 10n ** 38n - 1n],
  ])('reads %s exactly', (text, scaled) => {
    expect(decimal(text)).toBe(scaled)
  })

  test.each([
    ['', 'not a plain decimal'],
    [' 1', 'not a plain decimal'],
    ['+1', 'not a plain decimal'],
    ['01', 'not a plain decimal'],
    ['1.', 'not a plain decimal'],
    ['.5', 'not a plain decimal'],
    ['1e3', 'not a plain decimal'],
    ['0x10', 'not a plain decimal'],
    ['1_000', 'not a plain decimal'],
    ['1,5', 'not a plain decimal'],
    ['١', 'not a plain decimal'],
    ['1\n', 'not a plain decimal'],
    ['NaN', 'not a plain decimal'],
    ['Infinity', 'not a plain decimal'],
    ['--1', 'not a plain decimal'],
    ['1'.repeat(27), 'more than 26 digits before the point'],
    ['0.0000000000001', '13 digits after the point: round it to 12'],
  ])('refuses %j and says why', (text, why) => {
    expect(() => decimal(text)).toThrow(RangeError)
    expect(() => decimal(text)).toThrow(why)
  })

  test('repeats only the beginning of a hostile text', () => {
    const text = '9'.repeat(1_000_000)
    expect(() => decimal(text)).toThrow(/^.{1,120}$/)
    expect(() => roundedDecimal(text)).toThrow(/^.{1,120}$/)
  })

  test('formats to text that reads back to the same value, without exponent or minus zero', () => {
    fc.assert(
      fc.property(anyDecimal, (value) => {
        const text = formatDecimal(value)
        expect(decimal(text)).toBe(value)
        expect(text).toMatch(/^(0|-?(0|[1-9]\d*)(\.\d*[1-9])?)$/)
        expect(text).not.toBe('-0')
      }),
      RUNS,
    )
  })
})

describe('roundedDecimal', () => {
  test.each([
    ['0.0000000000004999999', '0'],
    ['0.0000000000005', '0.000000000001'],
    ['-0.0000000000005', '-0.000000000001'],
    ['0.9999999999995', '1'],
    ['33.3333333333333333', '33.333333333333'],
    ['1.5', '1.5'],
    ['2', '2'],
  ])('rounds %s once, half away from zero', (text, expected) => {
    expect(formatDecimal(roundedDecimal(text))).toBe(expected)
  })

  test('does not round a long tail of nines twice', () => {
    expect(formatDecimal(roundedDecimal('0.00000000000049999999999999999999'))).toBe('0')
  })

  test('refuses what rounds up beyond 26 whole digits', () => {
    expect(() => roundedDecimal(`${'9'.repeat(26)}.9999999999995`)).toThrow('26 digits before')
    expect(() => roundedDecimal('NaN')).toThrow(RangeError)
  })

  test('agrees with decimal wherever decimal reads', () => {
    fc.assert(
      fc.property(anyDecimal, (value) => {
        expect(roundedDecimal(formatDecimal(value))).toBe(value)
      }),
      RUNS,
    )
  })
})

describe('decimalFromNumber', () => {
  test.each([
    [0, '0'],
    [-0, '0'],
    [0.1, '0.1'],
    [1e-7, '0.0000001'],
    [1.5e-10, '0.00000000015'],
    [-2.5e-7, '-0.00000025'],
    [1e-12, '0.000000000001'],
    [12000, '12000'],
    [999999999999999, '999999999999999'],
    [1e15, '1000000000000000'],
    [9007199254740000, '9007199254740000'],
    [123456.789012345, '123456.789012345'],
  ])('reads %d as its shortest text', (value, expected) => {
    expect(formatDecimal(decimalFromNumber(value))).toBe(expected)
  })

  test.each([
    ['NaN', 'send a finite number'],
    ['-Infinity', 'send a finite number'],
    ['1e400', 'send a finite number'],
    ['9007199254740993', 'send it as a string'],
    ['12345678901234567890', 'send it as a string'],
    ['0.1234567890123456789', 'send it as a string'],
    ['1e16', 'send it as a string'], // 10000000000000001 arrives as the same number
    ['1e21', 'send it as a string'],
    ['1.7976931348623157e308', 'send it as a string'],
    ['1e-13', '13 digits after the point: round it to 12'],
    ['0.0000123456789012345', '19 digits after the point: round it to 12'],
    ['1.5e-12', '13 digits after the point: round it to 12'],
    ['5e-324', '324 digits after the point: round it to 12'],
  ])('refuses %s, which may not arrive as it was sent', (sent, why) => {
    expect(() => decimalFromNumber(Number(sent))).toThrow(RangeError)
    expect(() => decimalFromNumber(Number(sent))).toThrow(why)
  })

  test('keeps every decimal of at most 15 significant digits', () => {
    const upTo15 = fc.bigInt({ min: -999_999_999_999_999n, max: 999_999_999_999_999n })
    fc.assert(
      fc.property(upTo15, fc.integer({ min: 0, max: 12 }), (digits, fraction) => {
        const value = (digits * 10n ** BigInt(12 - fraction)) as Decimal
        expect(decimalFromNumber(Number(formatDecimal(value)))).toBe(value)
      }),
      RUNS,
    )
  })
})

describe('rounding', () => {
  test.each([
    [5n, 10n, 1n],
    [-5n, 10n, -1n],
    [5n, -10n, -1n],
    [-5n, -10n, 1n],
    [4n, 10n, 0n],
    [-4n, 10n, 0n],
    [15n, 10n, 2n],
    [25n, 10n, 3n],
    [1n, 3n, 0n],
    [2n, 3n, 1n],
    [3n, 2n, 2n],
  ])('%d ÷ %d is %d: a tie goes away from zero', (dividend, divisor, expected) => {
    expect(divideRounded(dividend, divisor)).toBe(expected)
  })

  test('is never off by more than half, and only a tie is off by half', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 10n ** 12n }), (dividend, divisor) => {
        const twiceError = 2n * (divideRounded(dividend, divisor) * divisor - dividend)
        expect(abs(twiceError) <= divisor).toBe(true)
        if (abs(twiceError) === divisor) expect(twiceError > 0n).toBe(dividend > 0n)
      }),
      RUNS,
    )
  })

  test('treats a credit as the mirror of a charge', () => {
    fc.assert(
      fc.property(quantity, unitPrice, fc.integer({ min: 0, max: 4 }), (units, each, digits) => {
        const charge = { units, unitPrice: each, fixed: each }
        const credit = { units: -units as Decimal, unitPrice: each, fixed: -each as Decimal }
        expect(cost(credit, digits) + cost(charge, digits)).toBe(0n)
      }),
      RUNS,
    )
  })

  test('refuses to divide by zero', () => {
    expect(() => divide(decimal('1'), decimal('0'))).toThrow(RangeError)
  })
})

describe('arithmetic', () => {
  test('multiplies and divides exactly where 12 digits suffice, and rounds once where not', () => {
    expect(multiply(decimal('0.1'), decimal('3'))).toBe(decimal('0.3'))
    expect(divide(decimal('1'), decimal('3'))).toBe(decimal('0.333333333333'))
    expect(divide(decimal('2'), decimal('3'))).toBe(decimal('0.666666666667'))
    expect(divide(decimal('-2'), decimal('3'))).toBe(decimal('-0.666666666667'))
    expect(divide(decimal('1073741824'), decimal('1000000000'))).toBe(decimal('1.073741824'))
    expect(multiply(decimal('0.000001'), decimal('0.0000005'))).toBe(decimal('0.000000000001'))
  })

  test('adds a million tenths without drift', () => {
    const tenths = new Array<Decimal>(1_000_000).fill(decimal('0.1'))
    expect(sum(tenths)).toBe(decimal('100000'))
  })

  test('adds up to the same, in whatever order and pieces', () => {
    fc.assert(
      fc.property(fc.array(anyDecimal, { maxLength: 20 }), fc.nat(20), (values, cut) => {
        const pieces = [sum(values.slice(cut)), sum(values.slice(0, cut).reverse())]
        expect(sum(pieces)).toBe(sum(values))
      }),
      RUNS,
    )
  })
})

describe('cost', () => {
  test.each([
    ['2000', '0.01', 2, 2000n], // the guide: $20.00
    ['10000', '0.0000005', 2, 1n], // $0.005 exactly
    ['9999', '0.0000005', 2, 0n],
    ['333', '0.5', 0, 167n], // ¥166.5
    ['333', '0.0005', 3, 167n], // KWD 0.1665
    ['0.333333333333', '3', 2, 100n],
    [`${'9'.repeat(26)}`, '0.01', 2, 10n ** 26n - 1n],
  ])('%s units at %s with %d minor digits', (units, each, digits, expected) => {
    const charge = { units: decimal(units), unitPrice: decimal(each), fixed: ZERO }
    expect(cost(charge, digits)).toBe(expected)
  })

  test('rounds units and what is fixed together, not each apart', () => {
    const half = { units: decimal('1'), unitPrice: decimal('0.004'), fixed: decimal('0.001') }
    expect(cost(half, 2)).toBe(1n)
    expect(cost({ ...half, fixed: decimal('0.000999999999') }, 2)).toBe(0n)
  })
})

function abs(value: bigint): bigint {
  return value < 0n ? -value : value
}
