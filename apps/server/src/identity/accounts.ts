import type { FastifyInstance } from 'fastify'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Authenticate, People } from '../platform/http/caller.ts'
import type { Route } from '../platform/http/route.ts'
import type { Logger } from '../platform/log.ts'
import type { MailServer } from '../platform/mail/send-mails.ts'
import type { Sealer, SessionSecrets } from '../platform/secrets/seal.ts'
import { deleteTriesBefore } from './attempts.store.ts'
import { createAuthenticator } from './authenticate.ts'
import { createPeople, createRequestAuthenticator, sessionTimes } from './authenticate-session.ts'
import type { MakeOrganization } from './create-organization.ts'
import { mountCredentials } from './credential-routes.ts'
import { type Credentials, createCredentials } from './credentials.ts'
import { deletionRoutes } from './deletion.routes.ts'
import type { MustSignOn } from './enter-by-sign-on.ts'
import { invitationsRoutes } from './invitations.routes.ts'
import { keysRoutes } from './keys.routes.ts'
import { WINDOW_MS_MAX } from './limit-attempts.ts'
import { membersRoutes } from './members.routes.ts'
import { organizationsRoutes } from './organizations.routes.ts'
import type { PublicPlace } from './origins.ts'
import { sessionRoutes } from './session.routes.ts'
import { deleteEndedSessions } from './sessions.store.ts'
import type { BoundMembers } from './sign-out-bound.ts'
import type { SignUpMode } from './sign-up.ts'

/** Everything about who is calling, put together. */
export type Accounts = {
  readonly authenticate: Authenticate
  readonly people: People
  readonly routes: readonly Route[]
  readonly credentials: Credentials
  /** Adds the paths below `/api/auth`. */
  mount(app: FastifyInstance): void
}

export function openAccounts(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly sealer: Sealer
  readonly sessionSecrets: SessionSecrets
  readonly signUp: SignUpMode
  readonly mailServer: MailServer | null
  readonly makeOrganization: MakeOrganization
  /** How long a deleted organization can be restored. */
  readonly deletionGraceDays?: number
  place(): PublicPlace
  readonly mustSignOn: MustSignOn
  readonly boundMembers: BoundMembers
}): Accounts {
  const people = createPeople(deps)
  const credentials = createCredentials({ ...deps, secrets: deps.sessionSecrets })
  return {
    authenticate: createRequestAuthenticator(createAuthenticator(deps), people, deps),
    ...{ people, credentials },
    routes: [
      ...sessionRoutes({ ...deps, hasMailServer: deps.mailServer !== null }),
      ...organizationsRoutes(deps),
      ...deletionRoutes(deps),
      ...membersRoutes(deps),
      ...invitationsRoutes(deps),
      ...keysRoutes(),
    ],
    mount: (app) => mountCredentials(app, { ...deps, credentials, people }),
  }
}

/** Forgets the sessions, links and tries that have ended, of everybody. May run twice at once. */
export async function forgetEndedSessions(db: Database, systemNow: Date): Promise<void> {
  await db.inTransaction((tx) => deleteEndedSessions(tx, sessionTimes(systemNow)))
  const windowBegan = new Date(systemNow.getTime() - WINDOW_MS_MAX)
  await db.inTransaction((tx) => deleteTriesBefore(tx, windowBegan))
}
