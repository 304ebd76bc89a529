import { decimal, formatDecimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { AttachedAddOn } from './attached-add-on.ts'

export async function insertAttached(
  tx: Tx,
  envId: number,
  attached: AttachedAddOn,
): Promise<void> {
  await tx
    .insertInto('subscription_add_ons')
    .values({
      env_id: envId,
      id: attached.id,
      add_on_id: attached.addOnId,
      subscription_id: attached.subscriptionId,
      quantity: formatDecimal(attached.quantity),
      attached_at: attached.from,
      detached_at: attached.until,
    })
    .execute()
}

/** All add-ons that these subscriptions have, had or will have, in the order in which they got them. */
export async function selectAttached(
  tx: Tx,
  envId: number,
  subscriptionIds: readonly string[],
): Promise<AttachedAddOn[]> {
  if (subscriptionIds.length === 0) return []
  const rows = await tx
    .selectFrom('subscription_add_ons')
    .where('env_id', '=', envId)
    .where('subscription_id', '=', sql<string>`any(${subscriptionIds}::text[])`)
    .select(['id', 'subscription_id', 'add_on_id', 'quantity', 'attached_at', 'detached_at'])
    .orderBy('add_on_no')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    subscriptionId: row.subscription_id,
    addOnId: row.add_on_id,
    quantity: decimal(row.quantity),
    from: row.attached_at,
    until: row.detached_at,
  }))
}

export async function updateDetached(
  tx: Tx,
  envId: number,
  { id, until }: { readonly id: string; readonly until: Date },
): Promise<void> {
  await tx
    .updateTable('subscription_add_ons')
    .set({ detached_at: until })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .execute()
}

/** For one that has not begun: it never was. */
export async function deleteAttached(tx: Tx, envId: number, id: string): Promise<void> {
  await tx
    .deleteFrom('subscription_add_ons')
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .execute()
}
