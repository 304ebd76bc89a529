import type { Tx } from '../platform/db/transaction.ts'
import type { Coupon } from './coupon.ts'
import { failures } from './coupon-failures.ts'
import {
  selectCoupon,
  selectCouponForUpdate,
  selectCouponsById,
  updateRedemptions,
} from './coupons.store.ts'

/** Throws `coupon.unknown`. `ref` is an id or a key. */
export async function getCoupon(tx: Tx, envId: number, ref: string): Promise<Coupon> {
  const coupon = await selectCoupon(tx, envId, ref)
  if (!coupon) throw failures.unknown(ref)
  return coupon
}

/** Coupons by their ids, archived ones among them: who has one keeps it. */
export async function couponsById(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Coupon>> {
  if (ids.length === 0) return new Map()
  const coupons = await selectCouponsById(tx, envId, ids)
  return new Map(coupons.map((coupon) => [coupon.id, coupon]))
}

/**
 * Counts that a coupon is given once more; of several at once no more succeed than are left. Throws
 * `coupon.unknown` and `coupon.unavailable`.
 */
export async function redeemCoupon(tx: Tx, envId: number, ref: string, now: Date): Promise<Coupon> {
  const coupon = await selectCouponForUpdate(tx, envId, ref)
  if (!coupon) throw failures.unknown(ref)
  const { key, archivedAt, expiresAt, redemptionsMax, redemptions } = coupon
  if (archivedAt) throw failures.unavailable(key, 'is archived')
  if (expiresAt && expiresAt <= now) throw failures.unavailable(key, 'has expired')
  if (redemptionsMax !== null && redemptions >= redemptionsMax)
    throw failures.unavailable(key, `was given as often as it may be (${redemptionsMax})`)
  await updateRedemptions(tx, envId, coupon.id)
  return { ...coupon, redemptions: redemptions + 1 }
}
