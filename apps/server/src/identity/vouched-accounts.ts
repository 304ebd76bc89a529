import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import { endInvitationsTo } from './invitations.store.ts'
import { insertMember, lockOrganization, selectMemberships } from './members.store.ts'
import { insertUser, resetUser, selectUserWith } from './people.store.ts'
import type { Role } from './roles.ts'

/** Whose address somebody vouches for, seen from one organization. Nobody else changes its members meanwhile. */
export type VouchedAccount =
  | { readonly is: 'unknown' }
  /** They never proved the address and belong nowhere: the account may be anybody's who typed it. */
  | { readonly is: 'unproven'; readonly userId: string }
  | { readonly is: 'stranger' }
  | { readonly is: 'member'; readonly userId: string }

export async function findVouched(
  tx: Tx,
  organizationId: string,
  email: string,
): Promise<VouchedAccount> {
  await lockOrganization(tx, organizationId)
  const user = await selectUserWith(tx, email)
  if (!user) return { is: 'unknown' }
  const { userId, emailVerified } = user
  const memberships = await selectMemberships(tx, userId)
  if (!emailVerified)
    return memberships.length > 0 ? { is: 'stranger' } : { is: 'unproven', userId }
  return memberships.some(({ id }) => id === organizationId)
    ? { is: 'member', userId }
    : { is: 'stranger' }
}

/** Makes an account that has no password; its address is proven. */
export async function makeVouched(
  tx: Tx,
  { email, name }: { readonly email: string; readonly name: string },
  systemNow: Date,
): Promise<string> {
  const id = newId('usr')
  await insertUser(tx, { id, email, name }, systemNow)
  return id
}

/** Gives an account whose address was never proven to whoever has the address: what others put into it goes. */
export async function claimVouched(tx: Tx, userId: string, systemNow: Date): Promise<void> {
  await resetUser(tx, userId, systemNow)
}

/**
 * Makes a new account a member of the organization that `findVouched` has locked. An invitation that waits
 * for them ends: its role could still be taken by whoever is removed.
 */
export async function joinVouched(
  tx: Tx,
  member: { readonly organizationId: string; readonly userId: string; readonly role: Role },
  systemNow: Date,
): Promise<void> {
  await endInvitationsTo(tx, member, systemNow)
  await insertMember(tx, { ...member, joinedAt: systemNow })
}
