import { hash } from 'node:crypto'
import { type Decimal, ZERO } from '@usageflow/pricing'
import type { Meter } from '../catalog/meter.ts'
import { NO_USAGE, quantityOf, totals } from '../metering/total.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import { selectLastNo, selectOpenQuantity, updateQuantity } from './quantities.store.ts'
import type { Item } from './subscription-item.ts'
import type { SyncRecord } from './sync-record.ts'
import { insertRecords } from './sync-records.store.ts'
import { hourOf, LOOK_BACK_MS, type SubscriptionTrigger } from './trigger.ts'

/** An item, and the quantity that it was found to have or given. */
export type Seen = { readonly item: Item; readonly value: bigint }

/** Whose usage of which meter, and by which trigger it is told. */
export type Mirrored = {
  readonly trigger: SubscriptionTrigger
  readonly meter: Meter
  readonly customer: string
}

const SCALE = 10n ** 24n // of a quantity times a multiplier

/** Of a quantity that is negative Stripe knows nothing; what is no whole unit is one more. */
export function wholeUnits(counted: Decimal, multiplier: Decimal): bigint {
  const exact = counted * multiplier
  return exact <= 0n ? 0n : (exact + SCALE - 1n) / SCALE
}

/** What an item is to have: what the meter comes to from the beginning of its period until now. */
export async function quantityIn(
  tx: Tx,
  envId: number,
  { trigger, meter, customer }: Mirrored,
  { item: { period }, now }: { readonly item: Item; readonly now: Date },
): Promise<{ readonly counted: Decimal; readonly value: bigint }> {
  const to = period.to < now ? period.to : now
  const { total } = await used(tx, envId, { meter, customer, from: period.from, to })
  const counted = quantityOf(meter, total)
  return { counted, value: wholeUnits(counted, trigger.multiplier) }
}

/** Whether the customer has any usage that could be told. */
export async function isUser(
  tx: Tx,
  envId: number,
  { meter, customer }: Pick<Mirrored, 'meter' | 'customer'>,
  now: Date,
): Promise<boolean> {
  const from = new Date(hourOf(now).getTime() - LOOK_BACK_MS)
  const { total } = await used(tx, envId, { meter, customer, from, to: now })
  return total.events > 0n
}

async function used(
  tx: Tx,
  envId: number,
  asked: Pick<Mirrored, 'meter' | 'customer'> & { readonly from: Date; readonly to: Date },
) {
  const { meter, ...slice } = asked
  const slices = [{ ...slice, except: [] }]
  const { byId } = await totals(tx, envId, [{ id: 'used', meterNo: meter.meterNo, slices }])
  return { total: byId.get('used') ?? NO_USAGE }
}

/** What a record is to say from now on. */
type Said = Pick<SyncRecord, 'at' | 'counted' | 'value' | 'state' | 'reason'> &
  Pick<SyncRecord, 'customerRef' | 'itemRef'>

/** Where nothing can be set: why, on the one record that waits for it. */
export async function noteUnset(
  tx: Tx,
  envId: number,
  mirrored: Mirrored,
  why: Pick<SyncRecord, 'state' | 'reason' | 'customerRef'> & { readonly now: Date },
): Promise<void> {
  const { now, ...rest } = why
  const { trigger, customer } = mirrored
  const open = await selectOpenQuantity(tx, envId, { triggerId: trigger.id, customer })
  if (open?.state === rest.state && open.reason === rest.reason) return
  const nothing = { counted: ZERO, value: 0n, itemRef: null }
  const said = { at: hourOf(now), ...nothing, ...rest }
  await say(tx, envId, { mirrored, open, said, now })
}

/** Notes that a quantity is about to be set, under a name that no earlier call had. */
export async function noteSetting(
  tx: Tx,
  envId: number,
  mirrored: Mirrored,
  setting: Pick<SyncRecord, 'counted' | 'value' | 'customerRef'> & {
    readonly item: Item
    readonly now: Date
  },
): Promise<SyncRecord> {
  const { item, now, ...rest } = setting
  const { trigger, customer } = mirrored
  const open = await selectOpenQuantity(tx, envId, { triggerId: trigger.id, customer })
  const sending = { state: 'sending', reason: null } as const
  const said = { at: item.period.from, itemRef: item.ref, ...rest, ...sending }
  return say(tx, envId, { mirrored, open, said, now })
}

/** What waited or was refused becomes this; else a record is added. */
async function say(
  tx: Tx,
  envId: number,
  about: {
    readonly mirrored: Mirrored
    readonly open: SyncRecord | undefined
    readonly said: Said
    readonly now: Date
  },
): Promise<SyncRecord> {
  const { mirrored, open, said, now } = about
  const told = { triggerId: mirrored.trigger.id, customer: mirrored.customer }
  const no = (await selectLastNo(tx, envId, { ...told, at: said.at })) + 1
  const isSending = said.state === 'sending'
  const record: SyncRecord = {
    ...{ ...told, ...said, no, id: open?.id ?? newId('strr'), createdAt: open?.createdAt ?? now },
    identifier: identifierOf({ ...told, at: said.at, no }),
    ...{ reasonText: null, attempts: isSending ? 1 : 0 },
    ...{ sentFirstAt: isSending ? now : null, sentAt: null },
  }
  if (open) await updateQuantity(tx, envId, record)
  else await insertRecords(tx, envId, [record])
  return record
}

/** What the idempotency keys of its calls begin with: it follows from what is told, and is never that of another quantity. */
function identifierOf(of: Pick<SyncRecord, 'triggerId' | 'customer' | 'at' | 'no'>): string {
  const who = hash('sha256', of.customer, 'hex').slice(0, 24)
  return `${of.triggerId}-${who}-${of.at.getTime() / 1_000}-${of.no}`
}
