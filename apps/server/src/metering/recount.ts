import type { Meter } from '../catalog/meter.ts'
import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { awaitCursor } from './cursors.store.ts'
import { type Buckets, recountBuckets, selectHours } from './recount.store.ts'
import { prepareWork } from './rollups.store.ts'

export type Recount = {
  readonly meter: Meter
  readonly customer: string
  readonly from: Date
  readonly to: Date
}

const HOUR_MS = 3_600_000
const HOURS_AT_ONCE = 24 // the roll-up waits for as long as counting them takes

/**
 * Counts the usage of a customer by a meter anew from its events, for all hours that `[from, to)` touches: the
 * repair of a roll-up which they do not confirm. Resolves to the hours that were wrong. It can be broken off, and
 * done again it changes nothing: each day is a transaction that holds the cursor of the roll-up.
 */
export async function recount(db: Database, envId: number, asked: Recount): Promise<Date[]> {
  const wrong: Date[] = []
  const { meter, customer } = asked
  const end = Math.ceil(asked.to.getTime() / HOUR_MS) * HOUR_MS
  const start = Math.floor(asked.from.getTime() / HOUR_MS) * HOUR_MS
  for (let at = start; at < end; at += HOURS_AT_ONCE * HOUR_MS) {
    const to = new Date(Math.min(at + HOURS_AT_ONCE * HOUR_MS, end))
    const day = { envId, meterNo: meter.meterNo, customer, from: new Date(at), to }
    wrong.push(...(await db.inTransaction((tx) => recountDay(tx, day, meter))))
  }
  return wrong
}

async function recountDay(tx: Tx, day: Buckets, { eventName }: Meter): Promise<Date[]> {
  await prepareWork(tx)
  const { position } = await awaitCursor(tx, 'roll_up')
  const before = await selectHours(tx, day)
  await recountBuckets(tx, day, { eventName, position })
  const after = await selectHours(tx, day)
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (hour) => before.get(hour) !== after.get(hour),
  )
  return changed.map((hour) => new Date(hour)).sort((a, b) => a.getTime() - b.getTime())
}
