import { createRootCustomer } from './customers/create-root-customer.ts'
import { createOrganization } from './identity/create-organization.ts'
import type { Tx } from './platform/db/transaction.ts'
import { environmentNow } from './platform/environment-clock/environment-clock.ts'

/** Makes an organization, its environments and their root customers. Throws `name.malformed`. */
export async function makeOrganization(
  tx: Tx,
  input: { readonly name: string; readonly systemNow: Date; readonly testClock?: Date },
) {
  const made = await createOrganization(tx, input)
  for (const envId of [made.liveEnvId, made.testEnvId])
    await createRootCustomer(tx, envId, await environmentNow(tx, envId, input.systemNow))
  return made
}
