import { createApiKey } from '../../identity/create-api-key.ts'
import { environmentOf } from '../../identity/create-organization.ts'
import { addFirstOwner } from '../../identity/first-member.ts'
import { makeOrganization } from '../../make-organization.ts'
import { systemClock } from '../../platform/clock.ts'
import { openDatabase } from '../../platform/db/database.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { SCOPES } from '../../platform/http/caller.ts'
import { openLog } from '../../platform/log.ts'
import type { Ground } from '../ground.ts'

/** An organization whose test environment has a clock of its own, and a key of that environment. */
export type Account = { readonly organizationId: string; readonly key: string }

/** Makes one as `usageflow org create` and `usageflow key create` do. */
export async function makeAccount(ground: Ground, name: string, testClock: Date): Promise<Account> {
  return withGround(ground, async (tx) => {
    const systemNow = systemClock()
    const { organizationId } = await makeOrganization(tx, { name, systemNow, testClock })
    const environment = await environmentOf(tx, organizationId, 'test')
    const { key } = await createApiKey(tx, environment, { name: 'demo', scopes: SCOPES, systemNow })
    return { organizationId, key }
  })
}

/** Gives organizations that nobody belongs to an owner. */
export async function giveTo(
  ground: Ground,
  userId: string,
  organizationIds: readonly string[],
): Promise<void> {
  await withGround(ground, async (tx) => {
    for (const id of organizationIds) await addFirstOwner(tx, id, userId, systemClock())
  })
}

async function withGround<T>(ground: Ground, work: (tx: Tx) => Promise<T>): Promise<T> {
  const { url, role } = ground
  const database = openDatabase({ url, role, log: openLog('error'), connectionsMax: 1 })
  try {
    return await database.inTransaction(work)
  } finally {
    await database.end()
  }
}
