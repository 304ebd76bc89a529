import { hash } from 'node:crypto'
import type { Tx } from '../platform/db/transaction.ts'
import type { Person } from '../platform/http/caller.ts'
import { newId } from '../platform/id.ts'
import { randomBase62 } from '../platform/random.ts'
import type { Changing } from './change-members.ts'
import { selectEnding } from './deletion.store.ts'
import {
  endExpired,
  endInvitation,
  type Invitation,
  insertInvitation,
  renewInvitation,
  selectOpenInvitation,
  selectUnanswered,
  takeInvitation,
} from './invitations.store.ts'
import { insertMember, lockOrganization, selectMembers, selectRole } from './members.store.ts'
import { mayGrant, type Role } from './roles.ts'
import { failures } from './session-failures.ts'
import { type BoundMembers, signOutBoundBy } from './sign-out-bound.ts'

const TOKEN_LENGTH = 32 // base62 characters: 190 bits
const OPEN_MS = 7 * 24 * 3_600_000

/** `token` goes into the message and nowhere else: what is stored cannot be turned back into it. */
export type NewInvitation = { readonly invitation: Invitation; readonly token: string }

/**
 * Invites whoever reads the mail of this address. Throws `member.role_above_you`, `member.exists` and
 * `invitation.open`.
 */
export async function invite(
  tx: Tx,
  { organizationId, actorId }: Changing,
  wanted: { readonly email: string; readonly role: Role },
  systemNow: Date,
): Promise<NewInvitation> {
  const email = wanted.email.toLowerCase()
  await lockOrganization(tx, organizationId)
  await assertMayInvite(tx, { organizationId, actorId }, wanted.role)
  const members = await selectMembers(tx, organizationId)
  if (members.some((member) => member.email === email)) throw failures.memberAlready(email)
  await endExpired(tx, organizationId, email, systemNow)
  const open = await selectUnanswered(tx, organizationId)
  if (open.some((one) => one.email === email)) throw failures.invitationOpen(email)
  const token = randomBase62(TOKEN_LENGTH)
  const invitation = {
    ...{ id: newId('ivt'), organizationId, email, role: wanted.role, invitedBy: actorId },
    createdAt: systemNow,
    expiresAt: openUntil(systemNow),
  }
  await insertInvitation(tx, { ...invitation, hash: hashOf(token) })
  return { invitation, token }
}

/**
 * Opens an invitation for another seven days, also one that has expired. Its link so far ends, and whoever
 * does it vouches for it from now on. Throws `invitation.unknown` and `member.role_above_you`.
 */
export async function resendInvitation(
  tx: Tx,
  { organizationId, actorId }: Changing,
  id: string,
  systemNow: Date,
): Promise<NewInvitation> {
  const found = await lockUnanswered(tx, { organizationId, actorId }, id)
  const token = randomBase62(TOKEN_LENGTH)
  const invitation = { ...found, invitedBy: actorId, expiresAt: openUntil(systemNow) }
  await renewInvitation(tx, { ...invitation, hash: hashOf(token) })
  return { invitation, token }
}

/** What the token invites to. Throws `invitation.refused`. */
export async function findOpenInvitation(
  tx: Tx,
  token: string,
  systemNow: Date,
): Promise<Invitation> {
  const found = await selectOpenInvitation(tx, hashOf(token), systemNow)
  if (!found) throw failures.invitationRefused()
  return found
}

/**
 * Makes the person a member, once: of any number that accept at the same time, one succeeds. Whoever
 * invited must still be a member who may give that role. Whom the organization binds to its issuer by that is
 * signed out. Throws `invitation.refused`, `invitation.other_address` and `member.exists`.
 */
export async function accept(
  tx: Tx,
  person: Pick<Person, 'userId' | 'email'>,
  { token, boundMembers }: { readonly token: string; readonly boundMembers: BoundMembers },
  systemNow: Date,
): Promise<Invitation> {
  const found = await findOpenInvitation(tx, token, systemNow)
  if (found.email !== person.email) throw failures.invitationOfAnother()
  await signOutBoundBy(tx, found.organizationId, boundMembers, () =>
    joinInvited(tx, person.userId, { ...found, hash: hashOf(token) }, systemNow),
  )
  return found
}

/** What was found may have been sent again, taken back or accepted before the organization was locked. */
async function joinInvited(
  tx: Tx,
  userId: string,
  invitation: Invitation & { readonly hash: Buffer },
  systemNow: Date,
): Promise<void> {
  const { organizationId, email, role, invitedBy } = invitation
  if (!(await takeInvitation(tx, invitation, systemNow))) throw failures.invitationRefused()
  if ((await selectEnding(tx, organizationId))?.eraseAt) throw failures.invitationRefused()
  const inviter = await selectRole(tx, organizationId, invitedBy)
  if (!inviter || !mayGrant(inviter, role)) throw failures.invitationRefused()
  if (await selectRole(tx, organizationId, userId)) throw failures.memberAlready(email)
  await insertMember(tx, { organizationId, userId, role, joinedAt: systemNow })
}

/** Takes an invitation back. Throws `invitation.unknown` and `member.role_above_you`. */
export async function revokeInvitation(
  tx: Tx,
  { organizationId, actorId }: Changing,
  id: string,
  systemNow: Date,
): Promise<void> {
  const found = await lockUnanswered(tx, { organizationId, actorId }, id)
  await endInvitation(tx, found, systemNow)
}

async function lockUnanswered(
  tx: Tx,
  { organizationId, actorId }: Changing,
  id: string,
): Promise<Invitation> {
  await lockOrganization(tx, organizationId)
  const found = (await selectUnanswered(tx, organizationId)).find((one) => one.id === id)
  if (!found) throw failures.invitationUnknown(id)
  await assertMayInvite(tx, { organizationId, actorId }, found.role)
  return found
}

/** Whether the token lets this address make an account where sign-up is closed. */
export async function isInvited(
  tx: Tx,
  token: string,
  email: string,
  systemNow: Date,
): Promise<boolean> {
  const found = await selectOpenInvitation(tx, hashOf(token), systemNow)
  return found?.email === email.toLowerCase()
}

async function assertMayInvite(
  tx: Tx,
  { organizationId, actorId }: Changing,
  role: Role,
): Promise<void> {
  const actor = await selectRole(tx, organizationId, actorId)
  if (!actor) throw failures.organizationUnknown(organizationId)
  if (!mayGrant(actor, role)) throw failures.roleAboveYou(role)
}

function openUntil(systemNow: Date): Date {
  return new Date(systemNow.getTime() + OPEN_MS)
}

function hashOf(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}
