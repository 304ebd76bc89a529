import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Attachment } from './attachment.ts'

/** False when the coupon is attached there already. */
export async function insertAttachment(
  tx: Tx,
  envId: number,
  attachment: Attachment,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('coupon_attachments')
    .values({
      env_id: envId,
      id: attachment.id,
      coupon_id: attachment.couponId,
      customer: attachment.customer,
      subscription_id: attachment.subscriptionId,
      attached_at: attachment.attachedAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) === 1 // tidy: not money — a count of rows
}

export async function selectAttachment(
  tx: Tx,
  envId: number,
  id: string,
): Promise<Attachment | undefined> {
  const row = await attachments(tx, envId).where('id', '=', id).executeTakeFirst()
  return row && fromRow(row)
}

/** Up to `limit` attachments of a customer in the order in which they count, those after `after`. */
export async function selectAttachments(
  tx: Tx,
  envId: number,
  page: { readonly customer: string; readonly limit: number; readonly after: string | null },
): Promise<Attachment[]> {
  let query = attachments(tx, envId).where('customer', '=', page.customer)
  if (page.after !== null)
    query = query.where(
      sql<boolean>`attachment_no > (select attachment_no from coupon_attachments where env_id = ${envId} and id = ${page.after})`,
    )
  const rows = await query.orderBy('attachment_no').limit(page.limit).execute()
  return rows.map(fromRow)
}

/** A repeat keeps the first time. */
export async function updateDetached(tx: Tx, envId: number, id: string, at: Date): Promise<void> {
  await tx
    .updateTable('coupon_attachments')
    .set({ detached_at: at })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .where('detached_at', 'is', null)
    .execute()
}

/** An invoice that coupons may count on. */
export type DiscountedBill = {
  readonly id: string
  readonly customer: string
  readonly subscriptionId: string
  /** Of the period that is billed. */
  readonly start: Date
  readonly end: Date
  /** Whether it is the first base price of a plan in advance. */
  readonly isAdvance: boolean
  readonly baseInAdvance: boolean
  /** What was attached before then counts, of a period under way; if not given, before its end. */
  readonly attachedBefore?: Date
}

export type AttachedTo = {
  readonly billId: string
  readonly attachmentId: string
  readonly couponId: string
  /** How many invoices of the subscription it has counted on before. */
  readonly usedBefore: number
  /**
   * Whether another subscription of the customer had it before: for a period that was over earlier, and known to
   * be. One that began in the past has its old periods billed when it is made, after those of the others then.
   */
  readonly isUsedByAnother: boolean
}

/** The attachments that hold for each of these bills, in the order in which they count. */
export async function selectAttachedTo(
  tx: Tx,
  envId: number,
  bills: readonly DiscountedBill[],
): Promise<AttachedTo[]> {
  const rows = bills.map((bill) => ({
    id: bill.id,
    customer: bill.customer,
    subscription_id: bill.subscriptionId,
    period_start: bill.start,
    period_end: bill.end,
    counts_until: bill.attachedBefore ?? (bill.isAdvance ? bill.start : bill.end),
    is_advance: bill.isAdvance,
    is_after_advance: bill.baseInAdvance && !bill.isAdvance,
  }))
  const { rows: found } = await sql<AttachedTo>`
    select b.id as "billId", a.id as "attachmentId", a.coupon_id as "couponId",
      (case when b.is_advance then 0 else (
        select count(*) from subscription_periods p
        where p.env_id = a.env_id and p.subscription_id = b.subscription_id and p.is_billed
          and p.period_end > a.attached_at and p.period_start < b.period_start
      ) + (b.is_after_advance and a.attached_at <= s.started_at)::int end)::int as "usedBefore",
      a.subscription_id is null and exists (
        select from subscriptions o
        join subscription_periods p on p.env_id = o.env_id and p.subscription_id = o.id and p.is_billed
        where o.env_id = a.env_id and o.customer = a.customer and o.id <> b.subscription_id
          and p.period_end > a.attached_at
          and (greatest(p.period_end, o.created_at), o.id) < (greatest(b.period_end, s.created_at), b.subscription_id)
      ) as "isUsedByAnother"
    from json_to_recordset(${JSON.stringify(rows)}::json) as b (
      id text, customer text, subscription_id text, period_start timestamptz, period_end timestamptz, counts_until timestamptz,
      is_advance boolean, is_after_advance boolean)
    join subscriptions s on s.env_id = ${envId} and s.id = b.subscription_id
    join coupon_attachments a on a.env_id = ${envId} and a.customer = b.customer
      and (a.subscription_id is null or a.subscription_id = b.subscription_id)
    where (a.attached_at < b.counts_until or (b.is_advance and a.attached_at = b.counts_until))
      and (a.detached_at is null or a.detached_at >= b.counts_until)
    order by b.id, a.attachment_no`.execute(tx)
  return found
}

function attachments(tx: Tx, envId: number) {
  return tx
    .selectFrom('coupon_attachments')
    .where('env_id', '=', envId)
    .select(['id', 'coupon_id', 'customer', 'subscription_id', 'attached_at', 'detached_at'])
}

function fromRow(row: {
  id: string
  coupon_id: string
  customer: string
  subscription_id: string | null
  attached_at: Date
  detached_at: Date | null
}): Attachment {
  return {
    id: row.id,
    couponId: row.coupon_id,
    customer: row.customer,
    subscriptionId: row.subscription_id,
    attachedAt: row.attached_at,
    detachedAt: row.detached_at,
  }
}
