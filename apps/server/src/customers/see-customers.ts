import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import { insertCustomers, type SeenCustomer, selectUnseen } from './customers.store.ts'

/**
 * Makes customers of all who were seen in events and are none yet. Repeats, and others doing the same
 * at the same time, change nothing. `now` becomes the time of their making.
 */
export async function seeCustomers(
  tx: Tx,
  seen: readonly SeenCustomer[],
  now: Date,
): Promise<void> {
  if (seen.length === 0) return
  const unseen = await selectUnseen(tx, seen)
  if (unseen.length === 0) return
  const customers = unseen.map((customer) => ({ ...customer, id: newId('cus'), name: '' }))
  await insertCustomers(tx, customers, now)
}
