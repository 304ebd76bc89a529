import type { Coupon } from '@usageflow/pricing'

/** A coupon as it counts on one bill; its id is that of the attachment. */
export type BillCoupon = { readonly coupon: Coupon; readonly name: string }
