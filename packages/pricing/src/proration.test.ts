import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decimal, prorateMinor, prorateUnits, shareOf, WHOLE } from './index.ts'
import { quantity, RUNS, share } from './test-arbitraries.ts'

const amountMinor = fc.bigInt({ min: 0n, max: 10n ** 15n })

describe('proration', () => {
  test('of a whole period is the full price, to the last digit', () => {
    fc.assert(
      fc.property(amountMinor, quantity, share, (amount, units, { whole }) => {
        expect(prorateMinor(amount, { part: whole, whole })).toBe(amount)
        expect(prorateUnits(units, { part: whole, whole })).toBe(units)
        expect(prorateMinor(amount, WHOLE)).toBe(amount)
      }),
      RUNS,
    )
  })

  test('of both parts of a split period is the full price, but for one minor unit', () => {
    fc.assert(
      fc.property(amountMinor, share, (amount, { part, whole }) => {
        fc.pre(part < whole)
        const parts =
          prorateMinor(amount, { part, whole }) +
          prorateMinor(amount, { part: whole - part, whole })
        expect(parts - amount >= 0n && parts - amount <= 1n).toBe(true)
      }),
      RUNS,
    )
  })

  test('is off by at most half a minor unit, and never above the full price', () => {
    fc.assert(
      fc.property(amountMinor, share, (amount, { part, whole }) => {
        const prorated = prorateMinor(amount, { part, whole })
        const twiceError = 2n * (prorated * whole - amount * part)
        expect(twiceError >= -whole && twiceError <= whole).toBe(true)
        expect(prorated <= amount).toBe(true)
      }),
      RUNS,
    )
  })

  test('goes by time that passed, so an hour lost to summer time counts as lost', () => {
    const march = {
      fullStart: new Date('2024-03-01T05:00Z'),
      fullEnd: new Date('2024-04-01T04:00Z'),
    }
    const firstHalf = { start: march.fullStart, end: new Date('2024-03-16T16:00Z'), ...march }
    expect(shareOf(firstHalf)).toEqual({ part: 371n * 3_600_000n, whole: 743n * 3_600_000n })
  })

  test('keeps 12 digits of included units', () => {
    expect(prorateUnits(decimal('10000'), { part: 1n, whole: 3n })).toBe(
      decimal('3333.333333333333'),
    )
    expect(prorateUnits(decimal('10000'), { part: 2n, whole: 3n })).toBe(
      decimal('6666.666666666667'),
    )
  })

  test.each([
    ['nothing', { part: 0n, whole: 10n }],
    ['a negative part', { part: -1n, whole: 10n }],
    ['more than the whole', { part: 11n, whole: 10n }],
    ['a part of nothing', { part: 0n, whole: 0n }],
  ])('stops at %s: only our own mistake makes such a share', (_what, wrong) => {
    expect(() => prorateMinor(100n, wrong)).toThrow('invariant broken')
    expect(() => prorateUnits(decimal('1'), wrong)).toThrow('invariant broken')
  })
})
