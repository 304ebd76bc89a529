import { formatDecimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import { PERIOD_OVER, type SyncRecord } from './sync-record.ts'
import { fromRow, records, stateColumns } from './sync-records.store.ts'
import type { Told } from './usage-told.store.ts'

/** What waits or was refused and is to be tried anew: of a trigger and a customer there is at most one. */
export async function selectOpenQuantity(
  tx: Tx,
  envId: number,
  { triggerId, customer }: Told,
): Promise<SyncRecord | undefined> {
  const row = await records(tx, envId)
    .where('trigger_id', '=', triggerId)
    .where('customer', '=', customer)
    .where('state', 'in', ['waiting', 'refused'])
    .where('reason', 'is distinct from', PERIOD_OVER)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && fromRow(row)
}

/** How many records there are of what began at this time. */
export async function selectLastNo(
  tx: Tx,
  envId: number,
  { triggerId, customer, at }: Told & Pick<SyncRecord, 'at'>,
): Promise<number> {
  const { rows } = await sql<{ no: number }>`
    select coalesce(max(no), 0)::int as no from stripe_sync_records
    where env_id = ${envId} and trigger_id = ${triggerId} and customer = ${customer} and at = ${at}`.execute(
    tx,
  )
  return rows[0]?.no ?? 0
}

/** Notes what is to be set now, and how that stands. */
export async function updateQuantity(tx: Tx, envId: number, record: SyncRecord): Promise<void> {
  await tx
    .updateTable('stripe_sync_records')
    .set({
      at: record.at,
      no: record.no,
      counted: formatDecimal(record.counted),
      value: String(record.value),
      identifier: record.identifier,
      customer_ref: record.customerRef,
      item_ref: record.itemRef,
      ...stateColumns(record),
    })
    .where('env_id', '=', envId)
    .where('id', '=', record.id)
    .execute()
}
