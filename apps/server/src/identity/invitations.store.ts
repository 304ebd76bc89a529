import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Role } from './roles.ts'

export type Invitation = {
  readonly id: string
  readonly organizationId: string
  readonly email: string
  readonly role: Role
  readonly invitedBy: string
  readonly createdAt: Date
  readonly expiresAt: Date
}

// tidy: all environments — invitations belong to the organization above them
export async function insertInvitation(
  tx: Tx,
  invitation: Invitation & { readonly hash: Buffer },
): Promise<void> {
  await tx
    .insertInto('invitations')
    .values({
      id: invitation.id,
      organization_id: invitation.organizationId,
      email: invitation.email,
      role: invitation.role,
      hash: invitation.hash,
      invited_by: invitation.invitedBy,
      created_at: invitation.createdAt,
      expires_at: invitation.expiresAt,
    })
    .execute()
}

/** The invitations that nobody has accepted or revoked, the latest first; expired ones too. */
// tidy: all environments — invitations belong to the organization above them
export async function selectUnanswered(tx: Tx, organizationId: string): Promise<Invitation[]> {
  const rows = await invitations(tx)
    .where('organization_id', '=', organizationId)
    .where('ended_at', 'is', null)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()
  return rows.map(fromRow)
}

/** The invitation with this token that can still be accepted, or null. */
// tidy: all environments — invitations belong to the organization above them
export async function selectOpenInvitation(
  tx: Tx,
  hash: Buffer,
  now: Date,
): Promise<Invitation | null> {
  const row = await invitations(tx)
    .where('hash', '=', hash)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** Ends it as accepted if it still has this token and has not ended. Of two that race, one gets true. */
// tidy: all environments — invitations belong to the organization above them
export async function takeInvitation(
  tx: Tx,
  { organizationId, id, hash }: Pick<Invitation, 'organizationId' | 'id'> & { hash: Buffer },
  now: Date,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update invitations set ended_at = ${now}, ended_as = 'accepted'
    where organization_id = ${organizationId} and id = ${id} and hash = ${hash}
      and ended_at is null`.execute(tx)
  return numAffectedRows === 1n
}

/** Takes it back if it has not ended. */
// tidy: all environments — invitations belong to the organization above them
export async function endInvitation(
  tx: Tx,
  { organizationId, id }: Pick<Invitation, 'organizationId' | 'id'>,
  now: Date,
): Promise<void> {
  await sql`
    update invitations set ended_at = ${now}, ended_as = 'revoked'
    where organization_id = ${organizationId} and id = ${id} and ended_at is null`.execute(tx)
}

/** Ends whatever the organization has sent to the address of this person. */
// tidy: all environments — invitations belong to the organization above them
export async function endInvitationsTo(
  tx: Tx,
  { organizationId, userId }: { readonly organizationId: string; readonly userId: string },
  now: Date,
): Promise<void> {
  await sql`
    update invitations set ended_at = ${now}, ended_as = 'revoked'
    where organization_id = ${organizationId} and ended_at is null
      and email = (select email from users where id = ${userId})`.execute(tx)
}

/** Gives it another token, time and sponsor. */
// tidy: all environments — invitations belong to the organization above them
export async function renewInvitation(
  tx: Tx,
  { organizationId, id, ...renewed }: Invitation & { readonly hash: Buffer },
): Promise<void> {
  await tx
    .updateTable('invitations')
    .set({ hash: renewed.hash, invited_by: renewed.invitedBy, expires_at: renewed.expiresAt })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute()
}

/** An expired invitation no longer stands in the way of another. */
// tidy: all environments — invitations belong to the organization above them
export async function endExpired(
  tx: Tx,
  organizationId: string,
  email: string,
  now: Date,
): Promise<void> {
  await sql`
    update invitations set ended_at = ${now}, ended_as = 'revoked'
    where organization_id = ${organizationId} and email = ${email} and ended_at is null
      and expires_at <= ${now}`.execute(tx)
}

// tidy: all environments — invitations belong to the organization above them
function invitations(tx: Tx) {
  return tx
    .selectFrom('invitations')
    .select(['id', 'organization_id', 'email', 'role', 'invited_by', 'created_at', 'expires_at'])
}

function fromRow(row: {
  id: string
  organization_id: string
  email: string
  role: string
  invited_by: string
  created_at: Date
  expires_at: Date
}): Invitation {
  return {
    id: row.id,
    organizationId: row.organization_id,
    email: row.email,
    role: row.role as Role,
    invitedBy: row.invited_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}
