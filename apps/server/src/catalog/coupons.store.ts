import { decimal, formatDecimal } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import type { Coupon, Discount, Duration } from './coupon.ts'
import { isNamed, type KeyPage, pageByKey } from './keyed.store.ts'

/** False when the key is taken, also by a coupon that another transaction is making. */
export async function insertCoupon(tx: Tx, envId: number, coupon: Coupon): Promise<boolean> {
  const { discount } = coupon
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('coupons')
    .values({
      env_id: envId,
      id: coupon.id,
      key: coupon.key,
      name: coupon.name,
      percent: 'percent' in discount ? formatDecimal(discount.percent) : null,
      amount_minor: 'percent' in discount ? null : discount.amountMinor,
      currency: 'percent' in discount ? null : discount.currency,
      duration: coupon.duration,
      periods: coupon.periods,
      redemptions_max: coupon.redemptionsMax,
      expires_at: coupon.expiresAt,
      created_at: coupon.createdAt,
    })
    .onConflict((conflict) => conflict.constraint('one_coupon_per_key').doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) === 1 // tidy: not money — a count of rows
}

/** The coupon with this id or key. */
export async function selectCoupon(
  tx: Tx,
  envId: number,
  ref: string,
): Promise<Coupon | undefined> {
  const row = await coupons(tx, envId).where(isNamed(ref)).executeTakeFirst()
  return row && fromRow(row)
}

/** Makes whoever else asks for this coupon's row wait until we have committed. */
export async function selectCouponForUpdate(
  tx: Tx,
  envId: number,
  ref: string,
): Promise<Coupon | undefined> {
  const row = await coupons(tx, envId).where(isNamed(ref)).forNoKeyUpdate().executeTakeFirst()
  return row && fromRow(row)
}

export async function selectCouponsById(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<Coupon[]> {
  const rows = await coupons(tx, envId).where('id', 'in', ids).execute()
  return rows.map(fromRow)
}

/** In the order of their keys. */
export async function selectCouponPage(tx: Tx, envId: number, page: KeyPage): Promise<Coupon[]> {
  const rows = await pageByKey(coupons(tx, envId), page)
  return rows.map(fromRow)
}

export async function updateRedemptions(tx: Tx, envId: number, id: string): Promise<void> {
  await tx
    .updateTable('coupons')
    .set((row) => ({ redemptions: row('redemptions', '+', 1) }))
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .execute()
}

function coupons(tx: Tx, envId: number) {
  return tx
    .selectFrom('coupons')
    .where('env_id', '=', envId)
    .select([
      'id',
      'key',
      'name',
      'percent',
      'amount_minor',
      'currency',
      'duration',
      'periods',
      'redemptions_max',
      'redemptions',
      'expires_at',
      'created_at',
      'archived_at',
    ])
}

type CouponRow = {
  id: string
  key: string
  name: string
  percent: string | null
  amount_minor: string | null
  currency: string | null
  duration: string
  periods: number | null
  redemptions_max: number | null
  redemptions: number
  expires_at: Date | null
  created_at: Date
  archived_at: Date | null
}

function fromRow(row: CouponRow): Coupon {
  const { id, key, name, periods, redemptions } = row
  return {
    ...{ id, key, name, periods, redemptions },
    discount: discountOf(row),
    duration: row.duration as Duration, // a check of the table
    redemptionsMax: row.redemptions_max,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    archivedAt: row.archived_at,
  }
}

/** By the checks of the table it is a part, or an amount of a currency. */
function discountOf({ percent, amount_minor: amount, currency }: CouponRow): Discount {
  if (percent !== null) return { percent: decimal(percent) }
  return { amountMinor: BigInt(amount ?? 0), currency: currency ?? '' }
}
