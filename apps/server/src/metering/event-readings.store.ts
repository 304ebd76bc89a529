import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import { CORRECTED, newestCorrection } from './effective-events.store.ts'
import { READING, readings, storedMeters } from './readings.store.ts'

/** What one meter makes of one event. */
export type EventReading = {
  readonly meterNo: number
  /** Whether it counts; else it passed the filter and had no usable value. */
  readonly isCounted: boolean
  /** The number that the meter read, in plain decimal digits; null when its aggregation reads none. */
  readonly value: string | null
  /** What the meter tells from other values, as JSON; null for all but UNIQUE. */
  readonly uniqueValue: string | null
}

/**
 * How the meters of its name read an event as it stands now; those whose filter it does not pass are left
 * out. A void event is read by none.
 */
export async function selectEventReadings(
  tx: Tx,
  envId: number,
  event: { readonly key: string; readonly name: string },
): Promise<EventReading[]> {
  const { rows } = await sql<EventReading>`
    with ${storedMeters(sql`m.env_id = ${envId} and m.event_name = ${event.name}`)},
    standing_event as materialized (
      select ${CORRECTED} from usage_events e ${newestCorrection(NOW)}
      where e.env_id = ${envId} and e.key = ${event.key}::uuid and c.kind is distinct from 'void'
    ),
    ${readings({ events: sql`select * from standing_event` })}, ${READING}
    select meter_no as "meterNo", is_counted as "isCounted", value::text as value,
      unique_value::text as "uniqueValue"
    from reading`.execute(tx)
  return rows
}

/** Above every transaction. */
const NOW = sql`9223372036854775807::bigint`

/** Whether an event and everything that was said about it are in the roll-ups. */
export async function selectIsFolded(tx: Tx, envId: number, key: string): Promise<boolean> {
  const { rows } = await sql<{ isFolded: boolean }>`
    select greatest(e.xid, (select max(c.xid) from event_corrections c where c.env_id = e.env_id and c.key = e.key))
      < (select position from event_cursors where name = 'roll_up') as "isFolded"
    from usage_events e where e.env_id = ${envId} and e.key = ${key}::uuid`.execute(tx)
  return rows[0]?.isFolded ?? false
}
