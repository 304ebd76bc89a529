import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import { ROOT } from './customer.ts'
import { insertCustomers } from './customers.store.ts'

/** Gives a new environment its root customer: the organization's own account, above everybody. */
export async function createRootCustomer(tx: Tx, envId: number, now: Date): Promise<void> {
  await insertCustomers(tx, [{ envId, customer: ROOT, id: newId('cus'), name: '' }], now)
}
