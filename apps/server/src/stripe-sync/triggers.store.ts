import { decimal, formatDecimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import { ROOT } from '../customers/customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type {
  CollectionMethod,
  InvoiceTrigger,
  MeterTrigger,
  ProrationBehavior,
  Trigger,
} from './trigger.ts'

export async function insertTrigger(tx: Tx, envId: number, trigger: Trigger): Promise<void> {
  await tx
    .insertInto('stripe_triggers')
    .values({
      env_id: envId,
      id: trigger.id,
      type: trigger.type,
      account_id: trigger.accountId,
      makes_customers: trigger.makesCustomers,
      is_active: trigger.isActive,
      created_at: trigger.createdAt,
      ...(trigger.type === 'stripe_invoice'
        ? { collection_method: trigger.collectionMethod }
        : meterColumns(trigger)),
    })
    .execute()
}

function meterColumns(trigger: MeterTrigger) {
  const meter = trigger.type === 'stripe_usage' ? trigger.stripeMeter : null
  return {
    meter_id: trigger.meterId,
    price_ref: trigger.priceRef,
    stripe_meter_ref: meter?.ref ?? null,
    event_name: meter?.eventName ?? null,
    customer_key: meter?.customerKey ?? null,
    value_key: meter?.valueKey ?? null,
    proration_behavior: trigger.type === 'stripe_usage' ? null : trigger.prorationBehavior,
    multiplier: formatDecimal(trigger.multiplier),
    usage_from: trigger.usageFrom,
  }
}

export async function updateIsActive(
  tx: Tx,
  envId: number,
  { id, isActive }: Pick<Trigger, 'id' | 'isActive'>,
): Promise<void> {
  await tx
    .updateTable('stripe_triggers')
    .set({ is_active: isActive })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .execute()
}

export async function selectTrigger(
  tx: Tx,
  envId: number,
  id: string,
): Promise<Trigger | undefined> {
  const row = await triggers(tx, envId).where('id', '=', id).executeTakeFirst()
  return row && fromRow(row)
}

/** The same, while nobody else stops or starts one of the environment. */
export async function selectTriggersForUpdate(tx: Tx, envId: number): Promise<Trigger[]> {
  const rows = await triggers(tx, envId).orderBy('id').forUpdate().execute()
  return rows.map(fromRow)
}

/** Up to `limit` triggers, the newest first, those before `before`. */
export async function selectTriggers(
  tx: Tx,
  envId: number,
  page: { readonly limit: number; readonly before: readonly [at: string, id: string] | null },
): Promise<Trigger[]> {
  const { before, limit } = page
  let query = triggers(tx, envId)
  if (before !== null)
    query = query.where(sql<boolean>`(created_at, id) < (${before[0]}::timestamptz, ${before[1]})`)
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}

/** Those by which usage of the customer is, or may still be, told to the account; the earliest first. */
export async function selectTriggersAtWork(
  tx: Tx,
  envId: number,
  { accountId, customer }: { readonly accountId: string; readonly customer: string },
): Promise<MeterTrigger[]> {
  const rows = await triggers(tx, envId)
    .where('account_id', '=', accountId)
    .where('type', '<>', 'stripe_invoice')
    .where(
      sql<boolean>`(is_active or exists (
        select from stripe_sync_records r
        where r.env_id = ${envId} and r.trigger_id = stripe_triggers.id and r.state = 'sending' and r.customer = ${customer}))`,
    )
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(fromRow).filter((one) => one.type !== 'stripe_invoice')
}

/** By which invoices are billed at Stripe from now on; undefined: by none. */
export async function selectInvoiceTrigger(
  tx: Tx,
  envId: number,
): Promise<InvoiceTrigger | undefined> {
  const row = await triggers(tx, envId)
    .where('type', '=', 'stripe_invoice')
    .where('is_active', '=', true)
    .executeTakeFirst()
  const trigger = row && fromRow(row)
  return trigger?.type === 'stripe_invoice' ? trigger : undefined
}

/** Environments whose usage is told to Stripe. */
// tidy: all environments — asks for those that matter
export async function selectTellingEnvs(tx: Tx): Promise<number[]> {
  const { rows } = await sql<{ env_id: number }>`
    select e.env_id from environments e
    where exists (select from stripe_triggers t where t.env_id = e.env_id and t.is_active and t.type <> 'stripe_invoice')`.execute(
    tx,
  )
  return rows.map((row) => row.env_id)
}

/** All customers but the organization's own account, in order. */
export async function selectCustomers(tx: Tx, envId: number): Promise<string[]> {
  const { rows } = await sql<{ customer: string }>`
    select customer from customers where env_id = ${envId} and customer <> ${ROOT} order by customer`.execute(
    tx,
  )
  return rows.map((row) => row.customer)
}

function triggers(tx: Tx, envId: number) {
  return tx
    .selectFrom('stripe_triggers')
    .where('env_id', '=', envId)
    .select([
      ...(['id', 'account_id', 'meter_id', 'price_ref', 'stripe_meter_ref'] as const),
      ...(['event_name', 'customer_key', 'value_key', 'multiplier', 'makes_customers'] as const),
      ...(['usage_from', 'is_active', 'created_at', 'proration_behavior'] as const),
      ...(['type', 'collection_method'] as const),
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof triggers>['execute']>>[number]

function fromRow(row: Row): Trigger {
  const { type, multiplier, meter_id: meterId, usage_from: usageFrom } = row
  const common = {
    id: row.id,
    accountId: row.account_id,
    makesCustomers: row.makes_customers,
    isActive: row.is_active,
    createdAt: row.created_at,
  }
  if (type === 'stripe_invoice') {
    const collectionMethod = row.collection_method as CollectionMethod | null // a check of the table
    return { ...common, type, collectionMethod }
  }
  if (meterId === null || multiplier === null || usageFrom === null)
    throw new Error(`the trigger ${row.id} has no meter`) // a check of the table
  return ofMeter(row, { ...common, meterId, multiplier: decimal(multiplier), usageFrom })
}

type Common = Omit<Extract<Trigger, { type: 'stripe_usage' }>, 'type' | 'priceRef' | 'stripeMeter'>

function ofMeter(row: Row, common: Common): MeterTrigger {
  const { price_ref: priceRef, proration_behavior: proration } = row
  if (priceRef !== null && proration !== null) {
    const prorationBehavior = proration as ProrationBehavior // a check of the table
    return { ...common, type: 'stripe_subscription', priceRef, prorationBehavior }
  }
  const { stripe_meter_ref: ref, event_name: eventName } = row
  const { customer_key: customerKey, value_key: valueKey } = row
  if (ref === null || eventName === null || customerKey === null || valueKey === null)
    throw new Error(`the trigger ${row.id} has no meter of Stripe`) // a check of the table
  const stripeMeter = { ref, eventName, customerKey, valueKey }
  return { ...common, type: 'stripe_usage', priceRef, stripeMeter }
}
