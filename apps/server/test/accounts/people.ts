import { accept } from '../../src/identity/invite.ts'
import type { Role } from '../../src/identity/roles.ts'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { Failure } from '../../src/platform/errors.ts'
import { newId } from '../../src/platform/id.ts'

/** Makes the account a member, or gives a member another role. */
export async function join(organizationId: string, userId: string, role: Role): Promise<void> {
  await inOwnTransaction((tx) =>
    tx
      .insertInto('members')
      .values({ organization_id: organizationId, user_id: userId, role, joined_at: new Date() })
      .onConflict((conflict) =>
        conflict.constraint('one_membership_per_user').doUpdateSet({ role }),
      )
      .execute(),
  )
}

/** An account whose address is proven, without a session. */
export async function aUser(): Promise<{ userId: string; email: string }> {
  const id = newId('usr')
  const [email, now] = [`${id}@example.com`, new Date()]
  await inOwnTransaction((tx) =>
    tx
      .insertInto('users')
      .values({ id, name: 'Some', email, email_verified: true, created_at: now, updated_at: now })
      .execute(),
  )
  return { userId: id, email }
}

/** Accepts an invitation of an organization that has no issuer. */
export async function acceptBy(
  person: { readonly userId: string; readonly email: string },
  token: string,
  at: Date,
): Promise<void> {
  const boundMembers = async () => []
  await inOwnTransaction((tx) => accept(tx, person, { token, boundMembers }, at))
}

/** The code of the failure that it ends with, or `done`. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    if (error instanceof Failure) return error.code
    throw error
  }
}
