import { z } from 'zod'
import { failures as couponFailures } from '../catalog/coupon-failures.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import {
  customerIdField,
  instantText,
  pageOf,
  pageQuery,
  textField,
} from '../platform/http/fields.ts'
import { decodeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { failures as subscriptionFailures } from '../subscriptions/failures.ts'
import { attachCoupon, detachCoupon } from './attach-coupon.ts'
import type { Attachment } from './attachment.ts'
import { selectAttachments } from './attachments.store.ts'
import { failures } from './failures.ts'

const idField = textField(100)

const attachmentReply = z
  .object({
    id: z.string(),
    couponId: z.string(),
    customerId: z.string(),
    subscriptionId: z
      .string()
      .nullable()
      .meta({ description: 'Null: every subscription of the customer' }),
    attachedAt: instantText,
    detachedAt: instantText.nullable(),
  })
  .meta({ id: 'CouponAttachment' })

export function discountsRoutes(): Route[] {
  return [attachRoute(), listRoute(), detachRoute()]
}

function attachRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/coupon-attachments',
    tag: 'Coupons',
    summary: 'Give a coupon to a customer or a subscription',
    description: 'Several count in the order in which they were attached.',
    scope: 'billing:write',
    body: z.strictObject({
      coupon: textField(100).meta({ description: 'Id or key' }),
      customerId: customerIdField.nullable().default(null),
      subscriptionId: idField.nullable().default(null),
    }),
    replies: { 201: attachmentReply },
    failures: [
      couponFailures.unknown,
      couponFailures.unavailable,
      customerFailures.unknown,
      subscriptionFailures.unknown,
      failures.ownerUnclear,
      failures.attachedAlready,
    ],
    async handle({ tx, caller, body, now }) {
      const { coupon, customerId: customer, subscriptionId } = body
      const wanted = { coupon, customer, subscriptionId }
      return { status: 201, body: toReply(await attachCoupon(tx, caller.envId, wanted, now)) }
    },
  })
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/coupon-attachments',
    tag: 'Coupons',
    summary: 'List the coupons of a customer, in the order in which they count',
    scope: 'billing:read',
    query: z.strictObject({ ...pageQuery, customerId: customerIdField }),
    replies: { 200: pageOf(attachmentReply) },
    async handle({ tx, caller, query }) {
      const after = query.cursor ? (decodeCursor(query.cursor, 1)[0] ?? null) : null
      const wanted = { customer: query.customerId, limit: query.limit + 1, after }
      const rows = await selectAttachments(tx, caller.envId, wanted)
      const page = pageFrom(rows, query.limit, ({ id }) => [id])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function detachRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/coupon-attachments/:attachmentId/detach',
    tag: 'Coupons',
    summary: 'Take a coupon away',
    description: 'It counts for no period that ends later.',
    scope: 'billing:write',
    params: z.object({ attachmentId: idField }),
    replies: { 200: attachmentReply },
    failures: [failures.unknown],
    handle: async ({ tx, caller, params, now }) => ({
      status: 200,
      body: toReply(await detachCoupon(tx, caller.envId, params.attachmentId, now)),
    }),
  })
}

function toReply({ customer, ...attachment }: Attachment): z.input<typeof attachmentReply> {
  return {
    id: attachment.id,
    couponId: attachment.couponId,
    customerId: customer,
    subscriptionId: attachment.subscriptionId,
    attachedAt: attachment.attachedAt.toISOString(),
    detachedAt: attachment.detachedAt?.toISOString() ?? null,
  }
}
