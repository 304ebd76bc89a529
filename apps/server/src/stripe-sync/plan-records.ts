import type { Meter } from '../catalog/meter.ts'
import { UNROUNDED } from '../catalog/meter.ts'
import { hourlyTotals } from '../metering/hourly.ts'
import { quantityOf } from '../metering/total.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import { later } from '../platform/instant.ts'
import { type Delta, planUsage } from './plan-usage.ts'
import { identifierOf, type SyncRecord } from './sync-record.ts'
import { insertRecords, selectOpen, updateAmount } from './sync-records.store.ts'
import { HOUR_MS, hourOf, LOOK_BACK_MS, type UsageTrigger } from './trigger.ts'
import { addTold, lockSum, selectHours, type Told } from './usage-told.store.ts'

/**
 * Puts into records what was counted of a customer and stands in none yet. Nothing else adds to them meanwhile: whoever calls
 * it has the work of the customer. Hours that have not come by real time are left out, as Stripe takes no such events.
 */
export async function planRecords(
  tx: Tx,
  envId: number,
  { trigger, meter, customer }: Planned,
  systemNow: Date,
): Promise<void> {
  const openHour = hourOf(systemNow)
  const to = new Date(openHour.getTime() + HOUR_MS)
  const from = later(trigger.usageFrom, new Date(openHour.getTime() - LOOK_BACK_MS))
  if (from >= to) return
  const told = { triggerId: trigger.id, customer }
  const sum = await lockSum(tx, envId, told)
  const { meterNo } = meter
  const counted = await hourlyTotals(tx, envId, { meterNo, customer }, { from, to })
  const deltas = planUsage(
    counted.map(({ hour, total }) => ({
      hour,
      counted: quantityOf({ ...meter, rounding: UNROUNDED }, total),
    })),
    { sum, hours: await selectHours(tx, envId, told, from) },
    { multiplier: trigger.multiplier, openHour },
  )
  if (deltas.length === 0) return
  await addTold(tx, envId, told, deltas)
  await record(tx, envId, { told, deltas, systemNow })
}

type Planned = { readonly trigger: UsageTrigger; readonly meter: Meter; readonly customer: string }

/** What Stripe cannot have seen is changed; else a record is added. */
async function record(
  tx: Tx,
  envId: number,
  {
    told,
    deltas,
    systemNow,
  }: { readonly told: Told; readonly deltas: readonly Delta[]; readonly systemNow: Date },
): Promise<void> {
  const hours = deltas.map(({ hour }) => hour)
  const known = await selectOpen(tx, envId, told, hours)
  const added: SyncRecord[] = []
  for (const delta of deltas) {
    const { records = 0, open = null } = known.get(delta.hour.getTime()) ?? {}
    if (open === null) added.push(newRecord(told, delta, { no: records + 1, systemNow }))
    else {
      const value = open.value + delta.value
      const counted = (open.counted + delta.counted) as typeof open.counted
      const state = value === 0n ? 'carried' : open.state
      await updateAmount(tx, envId, { id: open.id, counted, value, state })
    }
  }
  await insertRecords(tx, envId, added)
}

function newRecord(
  { triggerId, customer }: Told,
  { hour: at, counted, value }: Delta,
  { no, systemNow }: { readonly no: number; readonly systemNow: Date },
): SyncRecord {
  return {
    ...{ id: newId('strr'), triggerId, customer, at, no, counted, value },
    state: value === 0n ? 'carried' : 'waiting',
    identifier: identifierOf(triggerId, { customer, at, no }),
    ...{ reason: null, reasonText: null, attempts: 0, sentFirstAt: null, sentAt: null },
    ...{ customerRef: null, itemRef: null, createdAt: systemNow },
  }
}
