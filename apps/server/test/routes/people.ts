import type { Role } from '../../src/identity/roles.ts'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { type Browser, someone } from '../accounts/browser.ts'
import type { RunningApp } from './running-app.ts'

export type Somebody = {
  readonly browser: Browser
  readonly userId: string
  readonly email: string
}

/** Somebody with an account and a session. */
export async function aPerson(app: RunningApp, name: string): Promise<Somebody> {
  const email = `${name}@example.com`
  const browser = await someone(app, email)
  const { json } = await browser.get('/api/v1/session')
  return { browser, userId: json.user.id, email }
}

/** Makes the person a member, whatever they were before. */
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

/** Somebody who belongs to the organization. */
export async function aMember(
  app: RunningApp,
  organizationId: string,
  role: Role,
  name: string = role.toLowerCase(),
): Promise<Somebody> {
  const person = await aPerson(app, name)
  await join(organizationId, person.userId, role)
  return person
}
