/** A coupon that somebody was given. */
export type Attachment = {
  readonly id: string
  readonly couponId: string
  readonly customer: string
  /** Null: for every subscription of the customer. */
  readonly subscriptionId: string | null
  readonly attachedAt: Date
  readonly detachedAt: Date | null
}
