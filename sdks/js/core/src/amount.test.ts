import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAmount as readAsTheServer } from '../../../../apps/server/src/usage/amount.ts'
import { readAmount, scaled, scaledText } from './amount.ts'

/** What the server makes of an amount, or null where it refuses. */
function asTheServer(amount: unknown): string | null {
  try {
    return readAsTheServer(amount)
  } catch {
    return null
  }
}

function asWeDo(amount: unknown): string | null {
  try {
    return readAsTheServer(readAmount(amount)) // text of other length may be the same amount
  } catch {
    return null
  }
}

describe('an amount', () => {
  test.each([
    0,
    1,
    1.5,
    1e-7,
    1.5e-10,
    1e-12,
    0.1,
    999999999999999,
    2 ** 53 - 1,
    '0.10',
    '12.5',
    5n,
  ])('%s goes over the wire as the server would read it', (amount) => {
    const expected = asTheServer(typeof amount === 'bigint' ? String(amount) : amount)
    expect(asWeDo(amount)).toBe(expected)
  })

  test.each([
    ...[-1, -0.5, Number.NaN, Number.POSITIVE_INFINITY, 0.1 + 0.2, 2 ** 53, 1e21, 1e-13],
    ...['', '-1', '1e3', '1,5', '01', '.5', '1.', '0.0000000000001', ' 1', null, true, {}, -1n],
  ])('%s is refused, and not changed', (amount) => {
    expect(() => readAmount(amount)).toThrow(/^amount: /)
  })

  test('whatever number it is, client and server agree on it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double({ min: 0 }), fc.nat(), fc.integer()), (amount) => {
        expect(asWeDo(amount)).toBe(Object.is(amount, -0) ? '0' : asTheServer(amount))
      }),
    )
  })
})

test('a sum is exact, however many are added: ten times 0.1 is 1', () => {
  const tenth = scaled(readAmount(0.1))
  expect(scaledText(tenth * 10n)).toBe('1')
  expect(scaledText(scaled('0.000000000001') + scaled('99999999999999999999999999'))).toBe(
    '99999999999999999999999999.000000000001',
  )
})
