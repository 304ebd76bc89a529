import type { Decimal } from '@usageflow/pricing'
import { findMeter } from '../catalog/find-meter.ts'
import type { Meter } from '../catalog/meter.ts'
import { billElsewhere, takeBack } from '../payments/hand-over.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import { tellUsageOf, tellUsageOfAll } from '../stripe/usage-work.ts'
import { failures } from './failures.ts'
import type { FoundMeter } from './look-up-meter.ts'
import type { FoundPrice } from './look-up-price.ts'
import { retryInvoices } from './retry-invoice.ts'
import { deleteWaiting } from './stripe-invoices.store.ts'
import { type SyncRecord, UNCLEAR } from './sync-record.ts'
import {
  selectRecord,
  selectRecordForUpdate,
  selectRefused,
  updateState,
} from './sync-records.store.ts'
import {
  HOUR_MS,
  hourOf,
  type InvoiceTrigger,
  type ProrationBehavior,
  SENDABLE_MS,
  type Trigger,
  type UsageTrigger,
} from './trigger.ts'
import {
  insertTrigger,
  selectTrigger,
  selectTriggersForUpdate,
  updateIsActive,
} from './triggers.store.ts'

export type NewTrigger = {
  /** Id or key of ours. */
  readonly meter: string
  readonly multiplier: Decimal
}

export type NewUsageTrigger = NewTrigger & {
  readonly priceId: string | null
  readonly makesCustomers: boolean
  /** Null: from the hour that is. */
  readonly usageFrom: Date | null
}

/** By which time: that of the environment, and the real one, which is what Stripe goes by. */
export type Times = { readonly now: Date; readonly systemNow: Date }

/**
 * Has usage of a meter be told to Stripe from now on. Throws `meter.unknown`, `stripe.meter_does_not_add_up`,
 * `stripe.usage_from_too_early`, and `stripe.event_name_taken` while another trigger feeds the same meter of Stripe.
 */
export async function createTrigger(
  tx: Tx,
  envId: number,
  { wanted, found }: { readonly wanted: NewUsageTrigger; readonly found: FoundMeter },
  { now, systemNow }: Times,
): Promise<Trigger> {
  const meter = await findMeter(tx, envId, wanted.meter)
  if (!addsUp(meter)) throw failures.meterDoesNotAddUp(meter.key)
  const trigger: UsageTrigger = {
    ...{ id: newId('strt'), type: 'stripe_usage', accountId: found.accountId, meterId: meter.id },
    ...{ priceRef: wanted.priceId, stripeMeter: found.meter, multiplier: wanted.multiplier },
    makesCustomers: wanted.makesCustomers,
    usageFrom: wanted.usageFrom ?? hourOf(now),
    ...{ isActive: true, createdAt: systemNow },
  }
  if (!isTold(trigger.usageFrom, systemNow)) throw failures.usageFromTooEarly()
  await freePlace(tx, envId, trigger)
  await insertTrigger(tx, envId, trigger)
  await tellUsageOfAll(tx, envId, now)
  return trigger
}

/**
 * Has quantities of subscriptions set from now on. Throws `meter.unknown`, and `stripe.price_taken` while another trigger sets
 * the quantity of the same price.
 */
export async function createSubscriptionTrigger(
  tx: Tx,
  envId: number,
  {
    wanted,
    found,
  }: {
    readonly wanted: NewTrigger & { readonly prorationBehavior: ProrationBehavior }
    readonly found: FoundPrice
  },
  { now, systemNow }: Times,
): Promise<Trigger> {
  const { multiplier, prorationBehavior } = wanted
  const { id: meterId } = await findMeter(tx, envId, wanted.meter)
  const trigger: Trigger = {
    ...{ id: newId('strt'), type: 'stripe_subscription', ...found, meterId },
    ...{ multiplier, prorationBehavior, makesCustomers: false, usageFrom: hourOf(now) },
    ...{ isActive: true, createdAt: systemNow },
  }
  await freePlace(tx, envId, trigger)
  await insertTrigger(tx, envId, trigger)
  await tellUsageOfAll(tx, envId, now)
  return trigger
}

/** Has invoices that are not charged here be billed at Stripe from now on. Throws `stripe.invoices_taken` while another trigger does. */
export async function createInvoiceTrigger(
  tx: Tx,
  envId: number,
  wanted: Pick<InvoiceTrigger, 'accountId' | 'collectionMethod' | 'makesCustomers'>,
  { now, systemNow }: Times,
): Promise<Trigger> {
  const trigger: InvoiceTrigger = {
    ...{ id: newId('strt'), type: 'stripe_invoice', ...wanted },
    ...{ isActive: true, createdAt: systemNow },
  }
  await freePlace(tx, envId, trigger)
  await insertTrigger(tx, envId, trigger)
  await billElsewhere(tx, envId, now)
  return trigger
}

function addsUp({ aggregation, rounding }: Meter): boolean {
  return ['COUNT', 'SUM'].includes(aggregation) && rounding.mode === 'none'
}

/** Another day, so that there is time to send what is older than that. */
function isTold(usageFrom: Date, systemNow: Date): boolean {
  const isHour = usageFrom.getTime() % HOUR_MS === 0
  return isHour && systemNow.getTime() - usageFrom.getTime() <= SENDABLE_MS - 23 * HOUR_MS
}

/** Two that feed one meter of Stripe, set one quantity, or bill the same invoices are in each other's way. */
async function freePlace(tx: Tx, envId: number, trigger: Trigger): Promise<void> {
  const others = await selectTriggersForUpdate(tx, envId)
  const place = placeOf(trigger)
  const other = others.find(
    (one) => one.isActive && one.id !== trigger.id && placeOf(one) === place,
  )
  if (!other) return
  switch (trigger.type) {
    case 'stripe_usage':
      throw failures.eventNameTaken(trigger.stripeMeter.eventName, other.id)
    case 'stripe_subscription':
      throw failures.priceTaken(trigger.priceRef, other.id)
    case 'stripe_invoice':
      throw failures.invoicesTaken(other.id)
  }
}

function placeOf(trigger: Trigger): string {
  const { type, accountId } = trigger
  if (type === 'stripe_invoice') return type
  const at = type === 'stripe_usage' ? trigger.stripeMeter.eventName : trigger.priceRef
  return `${accountId} ${type} ${at}`
}

/** Throws `stripe.trigger_unknown`. */
export async function findTrigger(tx: Tx, envId: number, id: string): Promise<Trigger> {
  const trigger = await selectTrigger(tx, envId, id)
  if (!trigger) throw failures.triggerUnknown(id)
  return trigger
}

/**
 * Stops a trigger, or starts it again: then it catches up with all that was counted meanwhile. A repeat changes nothing.
 * What was being sent when it was stopped is still brought to its end; invoices that Stripe never heard of are taken back.
 * Throws `stripe.trigger_unknown`, `stripe.event_name_taken`, `stripe.price_taken` and `stripe.invoices_taken`.
 */
export async function setActive(
  tx: Tx,
  envId: number,
  { id, isActive }: Pick<Trigger, 'id' | 'isActive'>,
  now: Date,
): Promise<Trigger> {
  const trigger = await findTrigger(tx, envId, id)
  if (isActive) await freePlace(tx, envId, trigger)
  await updateIsActive(tx, envId, { id, isActive })
  if (trigger.type === 'stripe_invoice') await switchBilling(tx, envId, { id, isActive }, now)
  if (isActive) await tellUsageOfAll(tx, envId, now)
  return { ...trigger, isActive }
}

async function switchBilling(
  tx: Tx,
  envId: number,
  { id, isActive }: Pick<Trigger, 'id' | 'isActive'>,
  now: Date,
): Promise<void> {
  const { length } = (await selectTriggersForUpdate(tx, envId)).filter(isBilling)
  await billElsewhere(tx, envId, length > 0 ? now : null)
  if (!isActive) await takeBack(tx, envId, await deleteWaiting(tx, envId, id))
}

const isBilling = ({ type, isActive }: Trigger) => type === 'stripe_invoice' && isActive

/** Throws `stripe.record_unknown`. */
export async function findRecord(tx: Tx, envId: number, id: string): Promise<SyncRecord> {
  const record = await selectRecord(tx, envId, id)
  if (!record) throw failures.recordUnknown(id)
  return record
}

/** Has what was refused be sent again. Throws `stripe.record_unknown` and `stripe.record_not_refused`. */
export async function retryRecord(
  tx: Tx,
  envId: number,
  id: string,
  times: Times,
): Promise<SyncRecord> {
  const record = await selectRecordForUpdate(tx, envId, id)
  if (!record) throw failures.recordUnknown(id)
  if (record.state !== 'refused') throw failures.notRefused(id, record.state)
  return retry(tx, envId, record, times)
}

const RETRIES_MAX = 1_000

/** The same of all refused ones of a trigger, up to 1,000 at once. Returns how many. Throws `stripe.trigger_unknown`. */
export async function retryRefused(
  tx: Tx,
  envId: number,
  { triggerId, customer }: { readonly triggerId: string; readonly customer: string | null },
  times: Times,
): Promise<number> {
  const { type } = await findTrigger(tx, envId, triggerId)
  if (type === 'stripe_invoice') {
    const asked = { triggerId, customer, limit: RETRIES_MAX }
    return retryInvoices(tx, envId, asked, times)
  }
  const refused = await selectRefused(tx, envId, { triggerId, customer, limit: RETRIES_MAX })
  for (const record of refused) await retry(tx, envId, record, times)
  if (type === 'stripe_subscription') await lookAgain(tx, envId, customer, times.now)
  return refused.length
}

/** Items are looked for anew, which may have been added since. */
async function lookAgain(tx: Tx, envId: number, customer: string | null, now: Date): Promise<void> {
  if (customer === null) await tellUsageOfAll(tx, envId, now)
  else await tellUsageOf(tx, envId, [customer], now)
}

/** What Stripe may have seen is sent as it was, or looked up; the rest begins anew, and may grow until it is sent. */
async function retry(
  tx: Tx,
  envId: number,
  record: SyncRecord,
  { now, systemNow }: Times,
): Promise<SyncRecord> {
  const { sentFirstAt: seenAt, attempts } = record
  const again: SyncRecord = {
    ...record,
    ...(seenAt === null ? UNSEEN : { state: 'sending', attempts, sentFirstAt: seenAt }),
    ...(record.reason === UNCLEAR ? { sentFirstAt: systemNow } : {}), // somebody has looked
    ...{ reason: null, reasonText: null },
  }
  await updateState(tx, envId, again)
  await tellUsageOf(tx, envId, [record.customer], now)
  return again
}

const UNSEEN = { state: 'waiting', attempts: 0, sentFirstAt: null } as const
