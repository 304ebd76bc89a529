import type { Coupon } from '@usageflow/pricing'
import { type AttachedCoupon, couponsFor, type DiscountedBill } from '../discounts/attach-coupon.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { Bill } from './bill.ts'

/** A coupon as it counts on one bill; its id is that of the attachment. */
export type BillCoupon = { readonly coupon: Coupon; readonly name: string }

/**
 * The coupons of each bill. An amount of another currency than the bill's takes nothing off.
 * `attachedBefore`: as they counted then on periods under way.
 */
export async function billCoupons(
  tx: Tx,
  envId: number,
  bills: readonly Bill[],
  attachedBefore?: Date,
): Promise<(bill: Bill, currency: string) => BillCoupon[]> {
  const attached = await couponsFor(
    tx,
    envId,
    bills.map((bill) => ({
      ...discountedBill(bill),
      ...(attachedBefore ? { attachedBefore } : {}),
    })),
  )
  return ({ id, afterwardsAt }, currency) =>
    attached(id)
      .flatMap((each) => inCurrency(each, currency))
      .filter(({ coupon }) => afterwardsAt === null || 'percent' in coupon)
}

function inCurrency({ attachmentId: id, coupon }: AttachedCoupon, currency: string): BillCoupon[] {
  const { discount, name } = coupon
  if ('percent' in discount) return [{ coupon: { id, percent: discount.percent }, name }]
  if (discount.currency !== currency) return []
  return [{ coupon: { id, amountMinor: discount.amountMinor }, name }]
}

function discountedBill({ id, subscription, period, usage, afterwardsAt }: Bill): DiscountedBill {
  return {
    id,
    customer: subscription.customer,
    subscriptionId: subscription.id,
    start: period.start,
    end: period.end,
    isAdvance: usage === null && afterwardsAt === null,
    baseInAdvance: subscription.plan.baseInAdvance,
  }
}
