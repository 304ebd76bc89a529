import type { Tx } from '../platform/db/transaction.ts'

/** Somebody who was sent to the issuer. `state` and `browser` are hashes. */
export type Attempt = {
  readonly state: Buffer
  readonly browser: Buffer
  readonly organizationId: string
  readonly sealed: Buffer
  readonly beganAt: Date
}

// tidy: all environments — an attempt belongs to the organization above them
export async function insertAttempt(tx: Tx, attempt: Attempt): Promise<void> {
  await tx
    .insertInto('sign_on_attempts')
    .values({
      state: attempt.state,
      browser: attempt.browser,
      organization_id: attempt.organizationId,
      sealed: attempt.sealed,
      began_at: attempt.beganAt,
    })
    .execute()
}

/**
 * Ends the attempt of this browser at this organization: of two that bring the same state, one gets it.
 * One that does not fit is left alone: whoever brought the rest of it here is not the one it belongs to.
 */
// tidy: all environments — as above
export async function takeAttempt(
  tx: Tx,
  { state, browser, organizationId }: Pick<Attempt, 'state' | 'browser' | 'organizationId'>,
  beganAfter: Date,
): Promise<Attempt | null> {
  const row = await tx
    .deleteFrom('sign_on_attempts')
    .where('state', '=', state)
    .where('browser', '=', browser)
    .where('organization_id', '=', organizationId)
    .where('began_at', '>', beganAfter)
    .returningAll()
    .executeTakeFirst()
  if (!row) return null
  const { organization_id: _, began_at: beganAt, ...rest } = row
  return { ...rest, organizationId, beganAt }
}

/** Of everybody: housekeeping. */
// tidy: all environments — as above
export async function deleteAttemptsBefore(tx: Tx, instant: Date): Promise<void> {
  await tx.deleteFrom('sign_on_attempts').where('began_at', '<=', instant).execute()
}

/** Who somebody is to an issuer, which says so by itself. */
export type Identity = {
  readonly organizationId: string
  readonly issuer: string
  readonly subject: string
}

/** The member whom the issuer knows by this subject, or null. */
// tidy: all environments — as above
export async function selectIdentified(
  tx: Tx,
  { organizationId, issuer, subject }: Identity,
): Promise<{ userId: string; email: string } | null> {
  const row = await tx
    .selectFrom('sign_on_identities as i')
    .innerJoin('users as u', 'u.id', 'i.user_id')
    .where('i.organization_id', '=', organizationId)
    .where('i.issuer', '=', issuer)
    .where('i.subject', '=', subject)
    .select(['u.id as userId', 'u.email'])
    .executeTakeFirst()
  return row ?? null
}

/** Forgets who anybody of the organization is to its issuer: they are linked again when they sign on. */
// tidy: all environments — as above
export async function deleteIdentities(tx: Tx, organizationId: string): Promise<void> {
  await tx.deleteFrom('sign_on_identities').where('organization_id', '=', organizationId).execute()
}

/** Returns false when the member is known to the issuer by another subject. */
// tidy: all environments — as above
export async function insertIdentity(
  tx: Tx,
  { organizationId, issuer, subject }: Identity,
  member: { readonly userId: string; readonly linkedAt: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('sign_on_identities')
    .values({
      ...{ organization_id: organizationId, issuer, subject },
      ...{ user_id: member.userId, linked_at: member.linkedAt },
    })
    .onConflict((conflict) => conflict.constraint('one_subject_per_member').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}
