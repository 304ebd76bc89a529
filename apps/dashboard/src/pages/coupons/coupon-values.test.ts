import { expect, test } from 'vitest'
import type { Coupon } from '../../api/records.ts'
import { couponBody, couponWords, EMPTY_COUPON } from './coupon-values.ts'

test('a coupon takes off a part or an amount, and says only what was filled in', () => {
  expect(couponBody({ ...EMPTY_COUPON, key: ' HELLO ', percent: '10' })).toEqual({
    ...{ key: 'HELLO', name: 'HELLO', duration: 'once', percent: '10' },
  })
  expect(
    couponBody({
      ...{ ...EMPTY_COUPON, key: 'FIVE', name: 'Five off', kind: 'amount', amount: '5' },
      ...{ currency: 'eur', duration: 'periods', periods: '6', redemptionsMax: '100' },
      expiresAt: '2026-06-01T00:00',
    }),
  ).toEqual({
    ...{ key: 'FIVE', name: 'Five off', amount: '5', currency: 'EUR' },
    ...{ duration: 'periods', periods: 6, redemptionsMax: 100 },
    expiresAt: '2026-06-01T00:00:00.000Z',
  })
})

test('what a coupon takes off is said in words', () => {
  const coupon = { percent: '10', amount: null, currency: null, duration: 'forever', periods: null }
  expect(couponWords(coupon as Coupon)).toBe('10 % off for ever')
  const five = { ...coupon, percent: null, amount: '5', currency: 'USD' }
  expect(couponWords({ ...five, duration: 'periods', periods: 3 } as Coupon)).toMatch(
    /5\.00 off for 3 periods$/,
  )
})
