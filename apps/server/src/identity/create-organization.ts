import type { Tx } from '../platform/db/transaction.ts'
import { startClock } from '../platform/environment-clock/environment-clock.ts'
import { invariant } from '../platform/errors.ts'
import { newId } from '../platform/id.ts'
import type { Mode } from './api-key.ts'
import { failures } from './failures.ts'
import {
  type Environment,
  insertEnvironment,
  insertOrganization,
  type Organization,
  selectEnvironments,
  selectOrganizations,
  updateOrganizationName,
  updateUnknownMeters,
} from './identity.store.ts'
import { isName } from './name.ts'

export type NewOrganization = {
  readonly organizationId: string
  readonly liveEnvId: number
  readonly testEnvId: number
}

/** Makes an organization with all that must stand in it from the beginning. */
export type MakeOrganization = (
  tx: Tx,
  input: { readonly name: string; readonly systemNow: Date },
) => Promise<NewOrganization>

/**
 * Makes an organization with its two environments, each with its clock. `testClock` is the time at
 * which the test environment's clock starts; left out, it starts with real time. Throws `name.malformed`.
 */
export async function createOrganization(
  tx: Tx,
  input: { readonly name: string; readonly systemNow: Date; readonly testClock?: Date },
): Promise<NewOrganization> {
  const { name, systemNow, testClock } = input
  if (!isName(name)) throw failures.nameMalformed()
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

/** Throws `name.malformed`. */
export async function renameOrganization(
  tx: Tx,
  organizationId: string,
  name: string,
): Promise<void> {
  if (!isName(name)) throw failures.nameMalformed()
  await updateOrganizationName(tx, organizationId, name)
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

/** All organizations, oldest first. */
export async function listOrganizations(tx: Tx): Promise<Organization[]> {
  return selectOrganizations(tx)
}

/** The live or the test environment of an organization. */
export async function environmentOf(
  tx: Tx,
  organizationId: string,
  mode: Mode,
): Promise<Environment> {
  const environments = await selectEnvironments(tx, organizationId)
  const environment = environments.find((one) => one.mode === mode)
  invariant(environment !== undefined, 'an organization has a live and a test environment')
  return environment
}

/** Chooses what happens to events that no meter reads: stored, to be found by a later meter, or refused. */
export async function chooseUnknownMeters(
  tx: Tx,
  environment: Environment,
  choice: 'store' | 'refuse',
): Promise<void> {
  await updateUnknownMeters(tx, environment.envId, choice)
}
