import { inOwnTransaction } from '../platform/db/test-db.ts'
import type { Scope } from '../platform/http/caller.ts'
import { createApiKey, type NewApiKey } from './create-api-key.ts'
import { createOrganization, environmentOf } from './create-organization.ts'
import type { Environment } from './identity.store.ts'

export const NOW = new Date('2026-03-01T12:00:00Z')

/** For tests: an organization with a live and a test environment. */
export function anOrganization(name = 'Acme') {
  return inOwnTransaction(async (tx) => {
    const { organizationId } = await createOrganization(tx, { name, systemNow: NOW })
    const live = await environmentOf(tx, organizationId, 'live')
    const test = await environmentOf(tx, organizationId, 'test')
    return { organizationId, live, test }
  })
}

/** For tests: a key of the environment. */
export function aKey(
  environment: Environment,
  scopes: Scope[] = ['usage:write'],
): Promise<NewApiKey> {
  return inOwnTransaction((tx) =>
    createApiKey(tx, environment, { name: 'test', scopes, systemNow: NOW }),
  )
}
