import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAmount } from './amount.ts'

test.each([
  [1, '1'],
  [0, '0'],
  [1000, '1000'],
  [0.1, '0.1'],
  [12.5, '12.5'],
  [1e-7, '0.0000001'],
  [1.5e-7, '0.00000015'],
  [1e-12, '0.000000000001'],
  [123456789012345, '123456789012345'],
  [12345678901234.5, '12345678901234.5'],
  [1e15, '1000000000000000'],
  ['1', '1'],
  ['1.0', '1'],
  ['1.50', '1.5'],
  ['0', '0'],
  ['0.000', '0'],
  ['0.000000000001', '0.000000000001'],
  ['99999999999999999999999999.999999999999', '99999999999999999999999999.999999999999'],
])('reads %j as %s', (sent, text) => {
  expect(readAmount(sent)).toBe(text)
})

test.each([
  null,
  true,
  false,
  '',
  ' ',
  ' 1',
  '1 ',
  [],
  [5],
  {},
  '0x10',
  '1e3',
  '1E3',
  -1,
  -0,
  -0.0001,
  'NaN',
  'Infinity',
  '-5',
  '-0',
  '+5',
  '01',
  '00',
  '00.5',
  '1.',
  '.5',
  '1,5',
  '1_000',
  '1.2.3',
  '٣',
  '1\n',
  '１',
  '1.0000000000001',
  '100000000000000000000000000',
  1e-13,
  1.5e-12,
  undefined,
])('refuses %j as malformed', (sent) => {
  expect(() => readAmount(sent)).toThrow(
    expect.objectContaining({ kind: 'malformed', code: 'usage.malformed' }),
  )
})

describe('a number that a double cannot hold is refused by a rule that says what to send', () => {
  test.each([2 ** 53, 9007199254740991, 1e16, 1e20, 1e25, 1.234567890123456, 123456789012345.6])(
    '%d',
    (sent) => {
      expect(() => readAmount(sent)).toThrow(
        expect.objectContaining({ kind: 'invalid', code: 'usage.amount_too_precise' }),
      )
    },
  )
})

test('keeps the value of every number of up to 15 digits', () => {
  const digits = fc.integer({ min: 0, max: 999_999_999_999_999 })
  fc.assert(
    fc.property(digits, fc.integer({ min: 0, max: 12 }), (whole, places) => {
      const padded = String(whole).padStart(places + 1, '0')
      const sent = places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`
      expect(readAmount(Number(sent))).toBe(readAmount(sent))
    }),
  )
})
