import type { Role } from '../../src/identity/roles.ts'
import { type Browser, someone } from '../accounts/browser.ts'
import { join } from '../accounts/people.ts'
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
