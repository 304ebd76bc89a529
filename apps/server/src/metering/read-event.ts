import type { Tx } from '../platform/db/transaction.ts'
import { selectEventReadings, selectIsFolded } from './event-readings.store.ts'
import { shortest } from './total.ts'

export type { EventReading } from './event-readings.store.ts'

/** How the meters read one event, and whether what they read is in the totals already. */
export async function readEvent(
  tx: Tx,
  envId: number,
  event: { readonly key: string; readonly name: string },
) {
  const found = await selectEventReadings(tx, envId, event)
  return {
    readings: new Map(
      found.map((reading) => [reading.meterNo, { ...reading, value: shortest(reading.value) }]),
    ),
    isFolded: await selectIsFolded(tx, envId, event.key),
  }
}
