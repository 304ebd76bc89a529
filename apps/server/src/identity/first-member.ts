import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { insertMember, lockOrganization, selectMembers, selectUserIdOf } from './members.store.ts'
import { failures } from './session-failures.ts'

/** Makes a person the OWNER of an organization that was made beside all people and belongs to nobody yet. */
export async function addFirstOwner(
  tx: Tx,
  organizationId: string,
  userId: string,
  systemNow: Date,
): Promise<void> {
  await lockOrganization(tx, organizationId)
  const members = await selectMembers(tx, organizationId)
  invariant(members.length === 0, 'an organization with members has an owner')
  await insertMember(tx, { organizationId, userId, role: 'OWNER', joinedAt: systemNow })
}

/** The same for the account with this address. Throws `user.unknown`. */
export async function giveTo(
  tx: Tx,
  organizationId: string,
  email: string,
  systemNow: Date,
): Promise<void> {
  const userId = await selectUserIdOf(tx, email)
  if (userId === null) throw failures.userUnknown(email)
  await addFirstOwner(tx, organizationId, userId, systemNow)
}
