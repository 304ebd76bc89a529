import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { Authenticate, Caller, Credentials, People, Person } from '../platform/http/caller.ts'
import type { Mode } from './api-key.ts'
import type { KeyAuthenticator } from './authenticate.ts'
import { selectEnding } from './deletion.store.ts'
import { failures as keyFailures } from './failures.ts'
import { selectRole } from './members.store.ts'
import { assertOwnOrigin, type PublicPlace } from './origins.ts'
import { PERMISSIONS, rolesWith, scopesOf } from './roles.ts'
import { failures } from './session-failures.ts'
import { cookieName, storedToken, tokenOf } from './session-token.ts'
import { type Reached, selectPersonInUse, selectReached } from './sessions.store.ts'

const IDLE_MS = 7 * 24 * 3_600_000 // a session that nobody used for a week has ended

/** The times that decide whether a session is valid at `now`. */
export function sessionTimes(now: Date): { readonly now: Date; readonly idleSince: Date } {
  return { now, idleSince: new Date(now.getTime() - IDLE_MS) }
}

type Deps = { readonly db: Database; readonly clock: Clock; place(): PublicPlace }

/**
 * Finds out which person is calling by the cookie of the session. Asks the database every time: a session
 * that was ended, a role that was changed and a member who was removed are so at once, everywhere.
 */
export function createPeople({ db, clock, place }: Deps): People {
  return {
    async identify(request, tx) {
      const token = sessionToken(request.headers, place())
      if (token === null) throw failures.sessionMissing()
      if (hasKey(request.headers)) throw keyFailures.twoCredentials()
      assertOwnOrigin(request, place())
      const times = sessionTimes(clock())
      const person = await within(db, tx, (one) =>
        selectPersonInUse(one, storedToken(token), times),
      )
      if (!person) throw failures.sessionRefused()
      return person
    },

    async memberOf({ userId }, organizationId, { permission, isOpenAfterDeletion }, tx) {
      const [role, eraseAt] = await within(db, tx, async (one) => [
        await selectRole(one, organizationId, userId),
        (await selectEnding(one, organizationId))?.eraseAt,
      ])
      if (!role) throw failures.organizationUnknown(organizationId)
      if (eraseAt && !isOpenAfterDeletion) throw failures.organizationDeleted(eraseAt)
      if (!PERMISSIONS[role].has(permission))
        throw failures.roleForbids(role, permission, rolesWith(permission))
      return { organizationId, role }
    },
  }
}

/** Finds out who is calling an environment's route: by the key, as always, or by the session. */
export function createRequestAuthenticator(
  byKey: KeyAuthenticator,
  people: People,
  deps: Deps,
): Authenticate {
  return (request, tx) => {
    const { headers } = request
    if (headers.cookie === undefined || sessionToken(headers, deps.place()) === null)
      return byKey(headers, tx)
    return bySession({ ...deps, people }, request, tx)
  }
}

/** Does `work` in the transaction that is open, or in one of its own. */
function within<T>(db: Database, tx: Tx | undefined, work: (tx: Tx) => Promise<T>): Promise<T> {
  return tx ? work(tx) : db.inTransaction(work)
}

async function bySession(
  { people, db }: Deps & { readonly people: People },
  request: Credentials,
  tx?: Tx,
): Promise<Caller> {
  const person = await people.identify(request, tx)
  const { organizationId, mode } = chosenEnvironment(request.headers)
  const reached = await within(db, tx, (one) =>
    selectReached(one, { userId: person.userId, organizationId, mode }),
  )
  if (!reached) throw failures.organizationUnknown(organizationId)
  if (reached.eraseAt) throw failures.organizationDeleted(reached.eraseAt)
  return toCaller(person, reached)
}

/** Headers of our own: no form and no link of another site can send them. */
function chosenEnvironment(headers: IncomingHttpHeaders): { organizationId: string; mode: Mode } {
  const organizationId = headers['usageflow-organization']
  const mode = headers['usageflow-environment']
  if (typeof organizationId !== 'string' || (mode !== 'live' && mode !== 'test'))
    throw failures.environmentMissing()
  return { organizationId, mode }
}

function toCaller({ userId }: Person, { role, clock, ...reached }: Reached): Caller {
  const { envId, organizationId, mode, refusesUnknownMeters } = reached
  return {
    ...{ envId, organizationId, mode, refusesUnknownMeters },
    actor: { kind: 'user', id: userId },
    scopes: scopesOf(role),
    mayNot: (scope) => failures.roleForbids(role, scope, rolesWith(scope)),
    environmentNow: (systemNow) => clock.frozenAt ?? new Date(systemNow.getTime() + clock.offsetMs),
  }
}

function sessionToken(headers: IncomingHttpHeaders, { isSecure }: PublicPlace): string | null {
  return tokenOf(headers.cookie, cookieName(isSecure))
}

function hasKey(headers: IncomingHttpHeaders): boolean {
  return headers.authorization !== undefined || headers['x-usageflow-api-key'] !== undefined
}
