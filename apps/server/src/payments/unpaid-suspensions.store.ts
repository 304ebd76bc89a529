import type { Tx } from '../platform/db/transaction.ts'

/** An invoice that was not paid, and the subscription that is suspended for it. */
export type UnpaidSuspension = { readonly subscriptionId: string; readonly invoiceId: string }

export async function insertSuspension(
  tx: Tx,
  envId: number,
  { subscriptionId, invoiceId }: UnpaidSuspension,
  since: Date,
): Promise<void> {
  await tx
    .insertInto('unpaid_suspensions')
    .values({ env_id: envId, subscription_id: subscriptionId, invoice_id: invoiceId, since })
    .onConflict((conflict) => conflict.constraint('unpaid_suspensions_pkey').doNothing())
    .execute()
}

/** False: the subscription was not suspended for this invoice. */
export async function deleteSuspension(
  tx: Tx,
  envId: number,
  { subscriptionId, invoiceId }: UnpaidSuspension,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('unpaid_suspensions')
    .where('env_id', '=', envId)
    .where('subscription_id', '=', subscriptionId)
    .where('invoice_id', '=', invoiceId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Whether a subscription is suspended for any invoice. */
export async function isSuspendedForAny(
  tx: Tx,
  envId: number,
  subscriptionId: string,
): Promise<boolean> {
  const row = await tx
    .selectFrom('unpaid_suspensions')
    .where('env_id', '=', envId)
    .where('subscription_id', '=', subscriptionId)
    .select('invoice_id')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
