import { sql } from 'kysely'
import type { BackFill } from '../catalog/back-fill.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { CORRECTED, newestCorrection } from './effective-events.store.ts'
import { addToBuckets } from './rollups.store.ts'

/**
 * Adds the events that are older than a meter, of the keys after `after` up to and including `upTo`, as
 * they stand at `position`. Null stands for the first and the last key.
 */
export async function foldOlder(
  tx: Tx,
  meter: BackFill,
  chunk: { readonly upTo: string | null; readonly position: bigint },
): Promise<void> {
  const before = sql`${chunk.position}::bigint`
  await addToBuckets(tx, {
    events: sql`
      select ${CORRECTED} from usage_events e ${newestCorrection(before)}
      where e.env_id = ${meter.envId} and e.xid < ${meter.liveFrom} and c.kind is distinct from 'void'
        ${meter.after === null ? sql`` : sql`and e.key > ${meter.after}::uuid`}
        ${chunk.upTo === null ? sql`` : sql`and e.key <= ${chunk.upTo}::uuid`}`,
    meters: sql`m.env_id = ${meter.envId} and m.meter_no = ${meter.meterNo}`,
  })
}

/**
 * The key that ends a chunk of `rows` events, whether they are older than the meter or not; null when fewer
 * are left. To look for so many older ones would read all others where few or none are.
 */
export async function selectChunkEnd(
  tx: Tx,
  meter: BackFill,
  rows: number,
): Promise<string | null> {
  const found = await sql<{ key: string }>`
    select key from usage_events
    where env_id = ${meter.envId}
      ${meter.after === null ? sql`` : sql`and key > ${meter.after}::uuid`}
    order by key offset ${rows - 1} limit 1`.execute(tx)
  return found.rows[0]?.key ?? null
}
