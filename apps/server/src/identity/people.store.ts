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

/** Ends all sessions of these people. */
// tidy: all environments — as above
export async function deleteSessionsOf(tx: Tx, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return
  await tx.deleteFrom('sessions').where('user_id', 'in', userIds).execute()
}
