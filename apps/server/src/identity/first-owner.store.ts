import type { Tx } from '../platform/db/transaction.ts'

// tidy: all environments — before the first person there is no tenant
export async function selectHasUsers(tx: Tx): Promise<boolean> {
  return (await tx.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined
}

// tidy: all environments — before the first person there is no tenant
export async function selectHasToken(tx: Tx): Promise<boolean> {
  const row = await tx.selectFrom('first_owner_tokens').select('hash').limit(1).executeTakeFirst()
  return row !== undefined
}

/** From now on this token is the only one. */
// tidy: all environments — before the first person there is no tenant
export async function replaceToken(tx: Tx, hash: Buffer, madeAt: Date): Promise<void> {
  await tx.deleteFrom('first_owner_tokens').execute()
  await tx.insertInto('first_owner_tokens').values({ hash, made_at: madeAt }).execute()
}

/** Of two that race, one gets true. */
// tidy: all environments — before the first person there is no tenant
export async function takeToken(tx: Tx, hash: Buffer, usedAt: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('first_owner_tokens')
    .set({ used_at: usedAt })
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

// tidy: all environments — before the first person there is no tenant
export async function giveTokenBack(tx: Tx, hash: Buffer): Promise<void> {
  await tx
    .updateTable('first_owner_tokens')
    .set({ used_at: null })
    .where('hash', '=', hash)
    .execute()
}

// tidy: all environments — a person stands above environments
export async function updateEmailVerified(tx: Tx, email: string): Promise<void> {
  await tx.updateTable('users').set({ email_verified: true }).where('email', '=', email).execute()
}
