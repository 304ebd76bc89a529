import type { Tx } from '../platform/db/transaction.ts'
import { startClock } from '../platform/environment-clock/environment-clock.ts'
import { newId } from '../platform/id.ts'
import { failures } from './failures.ts'
import {
  insertEnvironment,
  insertOrganization,
  type Organization,
  selectOrganizations,
} from './identity.store.ts'

export type NewOrganization = {
  readonly organizationId: string
  readonly liveEnvId: number
  readonly testEnvId: number
}

/**
 * Makes an organization with its two environments, each with its clock. `testClock` is the time at
 * which the test environment's clock starts; left out, it starts with real time.
 */
export async function createOrganization(
  tx: Tx,
  input: { readonly name: string; readonly systemNow: Date; readonly testClock?: Date },
): Promise<NewOrganization> {
  const { name, systemNow, testClock } = input
  const organizationId = newId('org')
  await insertOrganization(tx, { id: organizationId, name, createdAt: systemNow })
  const liveEnvId = await insertEnvironment(tx, {
    organizationId,
    mode: 'live',
    createdAt: systemNow,
  })
  const testEnvId = await insertEnvironment(tx, {
    organizationId,
    mode: 'test',
    createdAt: systemNow,
  })
  await startClock(tx, liveEnvId, 0)
  await startClock(tx, testEnvId, testClock ? testClock.getTime() - systemNow.getTime() : 0)
  return { organizationId, liveEnvId, testEnvId }
}

/** Finds one organization by id or name. Throws `organization.unknown` or `organization.ambiguous`. */
export async function findOrganization(tx: Tx, idOrName: string): Promise<Organization> {
  const found = await selectOrganizations(tx, idOrName)
  const exact = found.find((organization) => organization.id === idOrName)
  if (exact) return exact
  const [first, second] = found
  if (!first) throw failures.organizationUnknown(idOrName)
  if (second) throw failures.organizationAmbiguous(idOrName)
  return first
}
