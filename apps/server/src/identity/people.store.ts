import type { Tx } from '../platform/db/transaction.ts'

// tidy: all environments — people stand above environments
export async function selectUserWith(
  tx: Tx,
  email: string,
): Promise<{ userId: string; emailVerified: boolean } | null> {
  const row = await tx
    .selectFrom('users')
    .where('email', '=', email.toLowerCase())
    .select(['id as userId', 'email_verified as emailVerified'])
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** Somebody whose address is proven. */
// tidy: all environments — as above
export async function insertUser(
  tx: Tx,
  user: { readonly id: string; readonly email: string; readonly name: string },
  now: Date,
): Promise<void> {
  await tx
    .insertInto('users')
    .values({ ...user, email_verified: true, created_at: now, updated_at: now })
    .execute()
}

/** Takes every way in that the account has, and says that its address is proven. */
// tidy: all environments — as above
export async function resetUser(tx: Tx, userId: string, now: Date): Promise<void> {
  await tx.deleteFrom('sessions').where('user_id', '=', userId).execute()
  await tx.deleteFrom('accounts').where('user_id', '=', userId).execute()
  await tx.deleteFrom('two_factors').where('user_id', '=', userId).execute()
  await tx
    .updateTable('users')
    .set({ email_verified: true, two_factor_enabled: false, updated_at: now })
    .where('id', '=', userId)
    .execute()
}

/** The account with this address, if nobody has proven the address yet. */
// tidy: all environments — as above
export async function selectUnproven(
  tx: Tx,
  email: string,
): Promise<{ userId: string; password: string | null } | null> {
  const row = await tx
    .selectFrom('users as u')
    .innerJoin('accounts as a', 'a.user_id', 'u.id')
    .where('u.email', '=', email.toLowerCase())
    .where('u.email_verified', '=', false)
    .where('a.provider_id', '=', 'credential')
    .select(['u.id as userId', 'a.password'])
    .executeTakeFirst()
  return row ?? null
}

/**
 * Deletes the account with this address if it is not `exceptId`, was never proven, belongs nowhere, and nobody has a
 * link to choose a new password for it, which would end with it. Returns whether.
 */
// tidy: all environments — as above
export async function deleteUnproven(
  tx: Tx,
  {
    email,
    exceptId,
    now,
  }: { readonly email: string; readonly exceptId: string; readonly now: Date },
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('users as u')
    .where('email', '=', email.toLowerCase())
    .where('id', '<>', exceptId)
    .where('email_verified', '=', false)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('members as m').whereRef('m.user_id', '=', 'u.id').select('m.user_id')),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('verifications as v')
            .whereRef('v.value', '=', 'u.id')
            .where('v.expires_at', '>', now)
            .select('v.id'),
        ),
      ),
    )
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Says that the address of an account is proven. False when there is no such account any more. */
// tidy: all environments — as above
export async function updateProven(tx: Tx, userId: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('users')
    .set({ email_verified: true, updated_at: now })
    .where('id', '=', userId)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Ends all sessions of these people. */
// tidy: all environments — as above
export async function deleteSessionsOf(tx: Tx, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return
  await tx.deleteFrom('sessions').where('user_id', 'in', userIds).execute()
}
