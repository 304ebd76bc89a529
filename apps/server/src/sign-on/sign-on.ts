import { hash } from 'node:crypto'
import type { PublicPlace } from '../identity/origins.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Logger } from '../platform/log.ts'
import { randomBase62 } from '../platform/random.ts'
import type { Sealer } from '../platform/secrets/seal.ts'
import { admit } from './admit.ts'
import { deleteAttemptsBefore, insertAttempt, takeAttempt } from './attempts.store.ts'
import { type Connection, readEmail, secretContext } from './connection.ts'
import { selectOpenConnection } from './connections.store.ts'
import { failures } from './failures.ts'
import { type Checks, type Issuer, type IssuersDeps, newChecks, openIssuer } from './issuer.ts'

export type SignOnDeps = IssuersDeps & {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly sealer: Sealer
  place(): PublicPlace
}

/** How long somebody may take at the issuer. */
export const ATTEMPT_MS_MAX = 10 * 60_000
const BROWSER_LENGTH = 32 // base62 characters: 190 bits

/**
 * The page to which the issuer of the organization sends people back; it hands the answer to
 * `finishSignOn`. Each organization has its own, so that an issuer which sends somebody on to the issuer
 * of another organization does not get the code from us that comes of it.
 */
export function redirectUrl({ origin }: PublicPlace, organizationId: string): string {
  return `${origin}/sign-on/${organizationId}`
}

/** `browser` goes into a cookie: only who has it can finish. */
export type BegunSignOn = { readonly url: string; readonly browser: string }

/**
 * Sends somebody to the issuer of an organization, named by itself or by an address. Throws
 * `sign_on.unknown` and what `openIssuer` throws.
 */
export async function beginSignOn(
  deps: SignOnDeps,
  by: { readonly organizationId: string } | { readonly email: string },
): Promise<BegunSignOn> {
  const address = 'email' in by ? readEmail(by.email) : null
  if ('email' in by && !address) throw failures.signOnUnknown()
  const which = 'organizationId' in by ? by : { domain: address?.domain ?? '' }
  const connection = await deps.db.inTransaction((tx) => selectOpenConnection(tx, which))
  if (!connection) throw failures.signOnUnknown()
  const issuer = await issuerOf(deps, connection)
  const [checks, browser] = [newChecks(), randomBase62(BROWSER_LENGTH)]
  const now = deps.clock()
  await deps.db.inTransaction(async (tx) => {
    await deleteAttemptsBefore(tx, oldest(now))
    await insertAttempt(tx, {
      ...{ state: hashOf(checks.state), browser: hashOf(browser), beganAt: now },
      organizationId: connection.organizationId,
      sealed: deps.sealer.seal(JSON.stringify(checks), attemptContext(connection)),
    })
  })
  const back = redirectUrl(deps.place(), connection.organizationId)
  const more = { redirectUrl: back, email: address?.email ?? null }
  return { url: await issuer.authorizationUrl(checks, more), browser }
}

/** What an issuer sent back: the query with which the browser came, and the organization of the page it came to. */
export type SignOnAnswer = {
  readonly organizationId: string
  readonly answer: string
  readonly browser: string
  readonly requestId: string
}

/**
 * Believes an answer of the issuer, once, and returns the person it stands for, who may be new. Throws the
 * failures of `failures.ts`.
 */
export async function finishSignOn(
  deps: SignOnDeps,
  { organizationId, answer, browser, requestId }: SignOnAnswer,
): Promise<string> {
  const mine = {
    state: hashOf(new URLSearchParams(answer).get('state') ?? ''),
    ...{ browser: hashOf(browser), organizationId },
  }
  const at = deps.clock()
  const taken = await deps.db.inTransaction(async (tx) => {
    const attempt = await takeAttempt(tx, mine, oldest(at))
    return attempt && { attempt, connection: await selectOpenConnection(tx, attempt) }
  })
  if (!taken) throw failures.attemptRefused()
  const { attempt, connection } = taken
  if (!connection) throw failures.signOnUnknown()
  const checks = JSON.parse(deps.sealer.open(attempt.sealed, attemptContext(connection))) as Checks // as `beginSignOn` sealed them
  const came = new URL(`${redirectUrl(deps.place(), organizationId)}?${answer}`)
  const claims = await (await issuerOf(deps, connection)).claimsIn(came, checks)
  const { changedAt } = connection
  return deps.db.inTransaction(async (tx) => {
    const now = await selectOpenConnection(tx, { organizationId })
    if (now?.changedAt.getTime() !== changedAt.getTime()) throw failures.attemptRefused()
    return admit(tx, now, claims, { requestId, at })
  })
}

function issuerOf(deps: SignOnDeps, connection: Connection): Promise<Issuer> {
  const { organizationId, sealedSecret } = connection
  const clientSecret = deps.sealer.open(sealedSecret, secretContext(organizationId))
  return openIssuer(deps, { ...connection, clientSecret })
}

function attemptContext({ organizationId }: Connection): string {
  return `sign-on attempt at ${organizationId}`
}

function oldest(now: Date): Date {
  return new Date(now.getTime() - ATTEMPT_MS_MAX)
}

function hashOf(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
