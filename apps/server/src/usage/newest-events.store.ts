import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

const BLOCK_BYTES = 8_192
const BLOCKS_READ_MAX = 4_096 // 32 MB, or some 200,000 events: read in a tenth of a second

/**
 * The keys of the events of an environment that were stored last, as uuids, the newest first. They are looked
 * for where the table ends, since rows are only added to it: an index in the order of arrival would be paid
 * for by every event. So it knows nothing of events behind which others have stored so many more.
 */
export async function selectNewestKeys(
  tx: Tx,
  envId: number,
  { name, limit }: { readonly name: string | null; readonly limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    select key::text as key from usage_events
    where ctid >= (select format('(%s,0)', greatest(0, pg_relation_size('usage_events') / ${BLOCK_BYTES}::int - ${BLOCKS_READ_MAX}::int))::tid)
      and env_id = ${envId} ${name === null ? sql`` : sql`and name = ${name}`}
    order by xid desc, occurred_at desc, key desc limit ${limit}`.execute(tx)
  return rows.map(({ key }) => key)
}
