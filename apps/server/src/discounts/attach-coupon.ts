import { type Coupon, invoicesOf } from '../catalog/coupon.ts'
import { couponsById, redeemCoupon } from '../catalog/redeem-coupon.ts'
import { getCustomer } from '../customers/declare-customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import { getSubscription } from '../subscriptions/change-subscription.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import type { Attachment } from './attachment.ts'
import {
  type DiscountedBill,
  insertAttachment,
  selectAttachedTo,
  selectAttachment,
  updateDetached,
} from './attachments.store.ts'
import { failures } from './failures.ts'

/**
 * Gives a coupon to a customer, or to one subscription. Throws `coupon.unknown`, `coupon.unavailable`,
 * `customer.unknown`, `subscription.unknown`, `coupon_attachment.owner_unclear` and
 * `coupon_attachment.attached_already`.
 */
export async function attachCoupon(
  tx: Tx,
  envId: number,
  wanted: {
    readonly coupon: string
    readonly customer: string | null
    readonly subscriptionId: string | null
  },
  now: Date,
): Promise<Attachment> {
  const { coupon, subscriptionId } = wanted
  const customer = await ownerOf(tx, envId, wanted)
  return attach(tx, envId, { coupon, customer, subscriptionId, attachedAt: now }, now)
}

/**
 * Gives a coupon to a subscription that is being made: it counts from the first invoice on, also where that is for a
 * base price in advance or for a time that is over. Throws `coupon.unknown` and `coupon.unavailable`.
 */
export async function attachFromStart(
  tx: Tx,
  envId: number,
  { coupon, subscription }: { readonly coupon: string; readonly subscription: Subscription },
  now: Date,
): Promise<void> {
  const { id: subscriptionId, customer, startedAt: attachedAt } = subscription
  await attach(tx, envId, { coupon, customer, subscriptionId, attachedAt }, now)
}

async function attach(
  tx: Tx,
  envId: number,
  given: Pick<Attachment, 'customer' | 'subscriptionId' | 'attachedAt'> & {
    /** Id or key. */
    readonly coupon: string
  },
  now: Date,
): Promise<Attachment> {
  const { coupon: ref, ...to } = given
  const coupon = await redeemCoupon(tx, envId, ref, now)
  const attachment = { id: newId('cpa'), couponId: coupon.id, ...to, detachedAt: null }
  if (!(await insertAttachment(tx, envId, attachment))) throw failures.attachedAlready(coupon.key)
  return attachment
}

async function ownerOf(
  tx: Tx,
  envId: number,
  { customer, subscriptionId }: { customer: string | null; subscriptionId: string | null },
): Promise<string> {
  if (customer !== null && subscriptionId === null)
    return (await getCustomer(tx, envId, customer)).customer
  if (subscriptionId !== null && customer === null)
    return (await getSubscription(tx, envId, subscriptionId)).customer
  throw failures.ownerUnclear()
}

/** Takes a coupon away: it counts for no period that ends later. A repeat changes nothing. */
export async function detachCoupon(
  tx: Tx,
  envId: number,
  id: string,
  now: Date,
): Promise<Attachment> {
  const attachment = await selectAttachment(tx, envId, id)
  if (!attachment) throw failures.unknown(id)
  await updateDetached(tx, envId, id, now)
  return { ...attachment, detachedAt: attachment.detachedAt ?? now }
}

/** A coupon that counts on a bill, by its attachment. */
export type AttachedCoupon = { readonly attachmentId: string; readonly coupon: Coupon }

/** The coupons that count on each of these bills, in their order. */
export async function couponsFor(
  tx: Tx,
  envId: number,
  bills: readonly DiscountedBill[],
): Promise<(billId: string) => readonly AttachedCoupon[]> {
  const attached = bills.length === 0 ? [] : await selectAttachedTo(tx, envId, bills)
  const coupons = await couponsById(tx, envId, [...new Set(attached.map((each) => each.couponId))])
  const byBill = new Map<string, AttachedCoupon[]>()
  for (const { billId, attachmentId, couponId, usedBefore, isUsedByAnother } of attached) {
    const coupon = coupons.get(couponId)
    if (!coupon || usedBefore >= (invoicesOf(coupon) ?? Number.POSITIVE_INFINITY)) continue
    if (coupon.duration === 'once' && isUsedByAnother) continue
    byBill.set(billId, [...(byBill.get(billId) ?? []), { attachmentId, coupon }])
  }
  return (billId) => byBill.get(billId) ?? []
}

export type { DiscountedBill }
