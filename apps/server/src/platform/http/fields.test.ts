import { decimal, formatDecimal } from '@usageflow/pricing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { customerIdField, decimalField, instantField, pageQuery, textField } from './fields.ts'

/** The value, or the reason why there is none. */
function read(field: z.ZodType, value: unknown): unknown {
  const result = field.safeParse(value)
  return result.success ? result.data : { refused: result.error.issues[0]?.message }
}

const refused = { refused: expect.any(String) }

describe('a decimal', () => {
  const whole = fc.bigInt({ min: 0n, max: 10n ** 26n - 1n })
  const fraction = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 })

  test('keeps every digit of a text', () => {
    fc.assert(
      fc.property(whole, fraction, (units, digits) => {
        const text = digits.length === 0 ? `${units}` : `${units}.${digits.join('')}`
        expect(read(decimalField, text)).toBe(formatDecimal(decimal(text)))
      }),
    )
  })

  test('keeps every digit of a number that a double holds', () => {
    const significant = fc.integer({ min: 0, max: 999_999_999_999_999 })
    fc.assert(
      fc.property(significant, fc.integer({ min: 0, max: 12 }), (digits, places) => {
        const padded = String(digits).padStart(places + 1, '0')
        const text = places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`
        expect(read(decimalField, JSON.parse(text))).toBe(formatDecimal(decimal(text)))
      }),
    )
  })

  test('never becomes another number, whatever double comes', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const result = read(decimalField, value)
        if (typeof result === 'string') {
          expect(Number(result)).toBe(value + 0)
          expect(result).toMatch(/^(0|[1-9]\d*)(\.\d*[1-9])?$/)
        } else expect(result).toEqual(refused)
      }),
    )
  })

  test.each([
    [1, '1'],
    ['1', '1'],
    ['1.00', '1'],
    [1e-7, '0.0000001'],
    [1e-12, '0.000000000001'],
    [1e15, '1000000000000000'],
    [-0, '0'],
    ['99999999999999999999999999.999999999999', '99999999999999999999999999.999999999999'],
  ])('reads %j as %s', (value, text) => {
    expect(read(decimalField, value)).toBe(text)
  })

  test.each([
    -1,
    '-1',
    '-0',
    '-0.5',
    1e-13,
    1e16,
    2 ** 53,
    0.1 + 0.2,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '',
    ' ',
    ' 1',
    '1 ',
    '1.',
    '.5',
    '01',
    '1e3',
    '0x10',
    '1,5',
    '١',
    'NaN',
    'Infinity',
    '0.0000000000001',
    '100000000000000000000000000',
    null,
    true,
    [5],
    {},
    '9'.repeat(100_000),
  ])('refuses %j', (value) => {
    expect(read(decimalField, value)).toEqual(refused)
  })
})

describe('a text', () => {
  test.each([
    'a',
    '../../',
    "'; drop table customers; --",
    '__proto__',
    'constructor',
    '\u202eright to left',
    '😀',
    ' ',
    'a\nb',
    'x'.repeat(255),
  ])('may be %j', (text) => {
    expect(read(customerIdField, text)).toBe(text)
  })

  test.each(['', 'x'.repeat(256), 'a\0', '\ud83d', '\ude00', 1, null, ['a'], { a: 1 }])(
    'may not be %j',
    (value) => {
      expect(read(customerIdField, value)).toEqual(refused)
    },
  )

  test('may be empty where that is said', () => {
    expect(read(textField(10, 0), '')).toBe('')
  })
})

describe('an instant', () => {
  test.each([
    ['2026-03-01T00:00:00Z', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T00:00:00+05:45', '2026-02-28T18:15:00.000Z'],
    ['2024-02-29T23:59:59.999Z', '2024-02-29T23:59:59.999Z'],
  ])('reads %s', (text, utc) => {
    expect((read(instantField, text) as Date).toISOString()).toBe(utc)
  })

  test.each([
    '2026-03-01',
    '2026-03-01T00:00:00',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T23:59:60Z',
    '2026-03-01 00:00:00Z',
    '0000-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '9999-12-31T23:59:59-23:59',
    '+010000-01-01T00:00:00Z',
    '1772323200',
    1772323200,
    '',
    null,
  ])('refuses %j', (value) => {
    expect(read(instantField, value)).toEqual(refused)
  })
})

describe('the limit of a list', () => {
  const query = z.strictObject(pageQuery)
  test.each([
    [{}, 50],
    [{ limit: '1' }, 1],
    [{ limit: '200' }, 200],
  ])('%j is %i', (value, limit) => {
    expect(read(query, value)).toMatchObject({ limit })
  })

  test.each(['0', '201', '-1', '1.5', '1e2', '0x10', ' 5', '', 'all', '1000000000', ['5', '6']])(
    'refuses %j',
    (limit) => {
      expect(read(query, { limit })).toEqual(refused)
    },
  )
})
