import { decimal, formatDecimal, formatMinor, isCurrency } from '@usageflow/pricing'
import { z } from 'zod'
import {
  decimalField,
  instantField,
  instantText,
  pageOf,
  pageQuery,
  textField,
} from '../platform/http/fields.ts'
import { decodeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { newId } from '../platform/id.ts'
import { amountOf } from './amount.ts'
import { type Coupon, type Discount, DURATIONS } from './coupon.ts'
import { failures } from './coupon-failures.ts'
import { insertCoupon, selectCouponPage } from './coupons.store.ts'
import { updateArchivedAt } from './keyed.store.ts'
import { failures as planFailures } from './plan-failures.ts'
import { getCoupon } from './redeem-coupon.ts'

const PERIODS_MAX = 1_200
const REDEMPTIONS_MAX = 1_000_000_000
const HUNDRED = decimal('100')

const couponFields = z.strictObject({
  key: z
    .string()
    .regex(/^(?!cpn_)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'letters, digits, dots, dashes; no cpn_…')
    .meta({ example: 'welcome' }),
  name: textField(200),
  percent: decimalField.optional().meta({ description: 'Of what is left', example: '10' }),
  amount: decimalField.optional().meta({ description: 'In the major unit of `currency`' }),
  currency: z.string().length(3).optional().meta({ description: 'ISO 4217, of the amount' }),
  duration: z
    .enum(DURATIONS)
    .meta({ description: 'For the first invoice, for those of `periods` periods, or for all' }),
  periods: z.number().int().min(1).max(PERIODS_MAX).nullable().default(null),
  redemptionsMax: z.number().int().min(1).max(REDEMPTIONS_MAX).nullable().default(null),
  expiresAt: instantField
    .nullable()
    .default(null)
    .meta({ description: 'From then on nobody gets it; who has it keeps it' }),
})

const couponReply = z
  .object({
    id: z.string(),
    key: z.string(),
    name: z.string(),
    percent: z.string().nullable(),
    amount: z.string().nullable(),
    amountMinor: z.string().nullable(),
    currency: z.string().nullable(),
    duration: z.enum(DURATIONS),
    periods: z.number().nullable(),
    redemptionsMax: z.number().nullable(),
    redemptions: z.number(),
    expiresAt: instantText.nullable(),
    createdAt: instantText,
    archivedAt: instantText.nullable(),
  })
  .meta({ id: 'Coupon' })

const params = z.object({ coupon: textField(100).meta({ description: 'Id or key' }) })

export function couponsRoutes(): Route[] {
  return [createRoute(), listRoute(), readRoute(), archiveRoute()]
}

function createRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/coupons',
    tag: 'Coupons',
    summary: 'Make a coupon',
    description: 'A part of what is left of an invoice, or an amount of it. It never changes.',
    scope: 'catalog:write',
    body: couponFields,
    replies: { 201: couponReply },
    failures: [
      failures.keyTaken,
      failures.contradictory,
      planFailures.amountImpossible,
      planFailures.currencyUnknown,
    ],
    async handle({ tx, caller, body, now }) {
      const { key, name, duration, periods, redemptionsMax, expiresAt } = body
      if ((duration === 'periods') !== (periods !== null))
        throw failures.contradictory('Send `periods` with the duration "periods", and only then.')
      const coupon: Coupon = {
        ...{ id: newId('cpn'), key, name, duration, periods, redemptionsMax, expiresAt },
        discount: discountOf(body),
        redemptions: 0,
        createdAt: now,
        archivedAt: null,
      }
      if (!(await insertCoupon(tx, caller.envId, coupon))) throw failures.keyTaken(key)
      return { status: 201, body: toReply(coupon) }
    },
  })
}

function discountOf({ percent, amount, currency }: z.output<typeof couponFields>): Discount {
  if (percent !== undefined && amount === undefined && currency === undefined) {
    const part = decimal(percent)
    if (part <= 0n || part > HUNDRED)
      throw failures.contradictory('`percent` must be above 0 and at most 100.')
    return { percent: part }
  }
  if (percent !== undefined || amount === undefined || currency === undefined)
    throw failures.contradictory('Send either `percent`, or `amount` with its `currency`.')
  if (!isCurrency(currency)) throw planFailures.currencyUnknown(currency)
  const amountMinor = amountOf(amount, currency)
  if (amountMinor <= 0n) throw failures.contradictory('`amount` must be above 0.')
  return { amountMinor, currency }
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/coupons',
    tag: 'Coupons',
    summary: 'List coupons',
    scope: 'catalog:read',
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(couponReply) },
    async handle({ tx, caller, query }) {
      const after = query.cursor ? (decodeCursor(query.cursor, 1)[0] ?? null) : null
      const rows = await selectCouponPage(tx, caller.envId, { limit: query.limit + 1, after })
      const page = pageFrom(rows, query.limit, ({ key }) => [key])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/coupons/:coupon',
    tag: 'Coupons',
    summary: 'Read a coupon',
    scope: 'catalog:read',
    params,
    replies: { 200: couponReply },
    failures: [failures.unknown],
    handle: async ({ tx, caller, params }) => ({
      status: 200,
      body: toReply(await getCoupon(tx, caller.envId, params.coupon)),
    }),
  })
}

function archiveRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/coupons/:coupon/archive',
    tag: 'Coupons',
    summary: 'Archive a coupon',
    description: 'Nobody gets it any more; who has it keeps it.',
    scope: 'catalog:write',
    params,
    replies: { 200: couponReply },
    failures: [failures.unknown],
    async handle({ tx, caller, params, now }) {
      const { id } = await getCoupon(tx, caller.envId, params.coupon)
      await updateArchivedAt(tx, caller.envId, { table: 'coupons', id }, now)
      return { status: 200, body: toReply(await getCoupon(tx, caller.envId, id)) }
    },
  })
}

function toReply({ discount, ...coupon }: Coupon): z.input<typeof couponReply> {
  const { id, key, name, duration, periods, redemptionsMax, redemptions } = coupon
  const isPart = 'percent' in discount
  return {
    ...{ id, key, name, duration, periods, redemptionsMax, redemptions },
    percent: isPart ? formatDecimal(discount.percent) : null,
    amount: isPart ? null : formatMinor(discount.amountMinor, discount.currency),
    amountMinor: isPart ? null : String(discount.amountMinor),
    currency: isPart ? null : discount.currency,
    expiresAt: coupon.expiresAt?.toISOString() ?? null,
    createdAt: coupon.createdAt.toISOString(),
    archivedAt: coupon.archivedAt?.toISOString() ?? null,
  }
}
