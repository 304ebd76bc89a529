import type { Tx } from '../platform/db/transaction.ts'
import { lockOrganization } from './members.store.ts'
import { deleteSessionsOf } from './people.store.ts'

/** The members whom an organization lets in through its own issuer only. */
export type BoundMembers = (tx: Tx, organizationId: string) => Promise<readonly string[]>

/**
 * Makes a change, and signs out whoever it binds to the issuer of the organization: their sessions may have
 * begun by a password. Nobody else changes who is bound meanwhile.
 */
export async function signOutBoundBy<Result>(
  tx: Tx,
  organizationId: string,
  boundMembers: BoundMembers,
  change: () => Promise<Result>,
): Promise<Result> {
  await lockOrganization(tx, organizationId)
  const before = new Set(await boundMembers(tx, organizationId))
  const result = await change()
  const after = await boundMembers(tx, organizationId)
  const added = after.filter((userId) => !before.has(userId))
  await deleteSessionsOf(tx, added)
  return result
}
