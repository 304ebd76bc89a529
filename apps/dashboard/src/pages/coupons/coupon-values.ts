import type { Coupon } from '../../api/records.ts'
import { formatMajor } from '../../ui/format.ts'
import { instantOf } from '../subscriptions/change-values.ts'

export type CouponValues = {
  key: string
  name: string
  kind: 'percent' | 'amount'
  percent: string
  amount: string
  currency: string
  duration: Coupon['duration']
  /** For how many, of `periods`. */
  periods: string
  /** How often it can be given; empty: as often as one likes. */
  redemptionsMax: string
  /** In UTC; empty: never. */
  expiresAt: string
}

export const EMPTY_COUPON: CouponValues = {
  ...{ key: '', name: '', kind: 'percent', percent: '', amount: '', currency: 'USD' },
  ...{ duration: 'once', periods: '3', redemptionsMax: '', expiresAt: '' },
}

/** As the API takes it. */
export function couponBody(values: CouponValues) {
  const { kind, duration, redemptionsMax, expiresAt } = values
  const key = values.key.trim()
  return {
    ...{ key, name: values.name.trim() || key, duration },
    ...(kind === 'percent'
      ? { percent: values.percent.trim() }
      : { amount: values.amount.trim(), currency: values.currency.trim().toUpperCase() }),
    ...(duration === 'periods' ? { periods: Number(values.periods) } : {}),
    ...(redemptionsMax.trim() ? { redemptionsMax: Number(redemptionsMax) } : {}),
    ...(expiresAt ? { expiresAt: instantOf(expiresAt) ?? expiresAt } : {}),
  }
}

/** What it takes off, and for how long. */
export function couponWords({ percent, amount, currency, duration, periods }: Coupon): string {
  const off = percent === null ? formatMajor(amount ?? '0', currency ?? 'USD') : `${percent} %`
  if (duration === 'periods') return `${off} off for ${periods} periods`
  return `${off} off ${duration === 'once' ? 'once' : 'for ever'}`
}
