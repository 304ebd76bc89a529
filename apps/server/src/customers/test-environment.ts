import { createOrganization } from '../identity/create-organization.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { createRootCustomer } from './create-root-customer.ts'

/** A new organization's test environment, with its root customer, where it is `now`. */
export async function aBillingEnvironment(tx: Tx, now: Date): Promise<number> {
  const { testEnvId } = await createOrganization(tx, {
    name: 'CloudAI',
    systemNow: now,
    testClock: now,
  })
  await createRootCustomer(tx, testEnvId, now)
  return testEnvId
}
