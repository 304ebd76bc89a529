import type { Tx } from '../platform/db/transaction.ts'
import { endInvitationsTo } from './invitations.store.ts'
import {
  countOwners,
  deleteMember,
  lockOrganization,
  selectRole,
  updateRole,
} from './members.store.ts'
import { mayGrant, type Role } from './roles.ts'
import { failures } from './session-failures.ts'

/** Who changes the members of which organization. */
export type Changing = { readonly organizationId: string; readonly actorId: string }

/**
 * Makes a member something else. Throws `member.unknown`, `member.role_above_you` and `member.last_owner`:
 * of two owners who take the role from each other at once, one is refused.
 */
export async function changeRole(
  tx: Tx,
  { organizationId, actorId }: Changing,
  userId: string,
  role: Role,
): Promise<void> {
  const { actor, current } = await lockRoles(tx, organizationId, { actorId, userId })
  for (const touched of [current, role])
    if (!mayGrant(actor, touched)) throw failures.roleAboveYou(touched)
  if (role !== 'OWNER') await assertNotLastOwner(tx, organizationId, current)
  await updateRole(tx, organizationId, userId, role)
}

/** Ends a membership, and what would let the person back in. Throws as `changeRole`. */
export async function removeMember(
  tx: Tx,
  { organizationId, actorId }: Changing,
  userId: string,
  systemNow: Date,
): Promise<void> {
  const { actor, current } = await lockRoles(tx, organizationId, { actorId, userId })
  if (!mayGrant(actor, current)) throw failures.roleAboveYou(current)
  await assertNotLastOwner(tx, organizationId, current)
  await endInvitationsTo(tx, { organizationId, userId }, systemNow)
  await deleteMember(tx, organizationId, userId)
}

/** Ends the actor's own membership, and what would let them back in. Throws `member.last_owner`. */
export async function leave(
  tx: Tx,
  { organizationId, actorId }: Changing,
  systemNow: Date,
): Promise<void> {
  const { current } = await lockRoles(tx, organizationId, { actorId, userId: actorId })
  await assertNotLastOwner(tx, organizationId, current)
  await endInvitationsTo(tx, { organizationId, userId: actorId }, systemNow)
  await deleteMember(tx, organizationId, actorId)
}

/** Makes another member OWNER and the actor ADMIN. Throws `member.unknown` and `member.role_above_you`. */
export async function transfer(
  tx: Tx,
  { organizationId, actorId }: Changing,
  userId: string,
): Promise<void> {
  const { actor } = await lockRoles(tx, organizationId, { actorId, userId })
  if (actor !== 'OWNER') throw failures.roleAboveYou('OWNER')
  await updateRole(tx, organizationId, actorId, 'ADMIN')
  await updateRole(tx, organizationId, userId, 'OWNER') // also when it is themselves
}

/** What both are now, read where nobody else can change it: it may have changed since the request came in. */
async function lockRoles(
  tx: Tx,
  organizationId: string,
  { actorId, userId }: { readonly actorId: string; readonly userId: string },
): Promise<{ actor: Role; current: Role }> {
  await lockOrganization(tx, organizationId)
  const actor = await selectRole(tx, organizationId, actorId)
  if (!actor) throw failures.organizationUnknown(organizationId)
  const current = await selectRole(tx, organizationId, userId)
  if (!current) throw failures.memberUnknown(userId)
  return { actor, current }
}

async function assertNotLastOwner(tx: Tx, organizationId: string, current: Role): Promise<void> {
  if (current === 'OWNER' && (await countOwners(tx, organizationId)) === 1)
    throw failures.lastOwner()
}
