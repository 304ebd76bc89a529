import type { IncomingHttpHeaders } from 'node:http'
import { assertWithin, type Limit, networkOf, subjectOf } from '../identity/limit-attempts.ts'
import { assertOwnOrigin, type PublicPlace } from '../identity/origins.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { Portal, Visitor } from '../platform/http/portal-route.ts'
import { billingSettings } from '../settings/decide-settings.ts'
import { failures } from './failures.ts'
import { deleteExpired, selectEnvironmentOf, selectVisitor } from './portal-links.store.ts'
import { storedHash } from './portal-links.ts'

const MINUTE_MS = 60_000
const OPENINGS: Limit = { max: 60, windowMs: MINUTE_MS } // from one network; no token can be guessed anyhow
const REQUESTS: Limit = { max: 240, windowMs: MINUTE_MS } // of one link: a bill is work to compute

/** The header with which a page says which link it means; no form and no link of another site can send it. */
const LINK_HEADER = 'usageflow-portal'
/** The only paths that the cookie is sent to. */
const COOKIE_PATH = '/api/portal'
const KEPT_MS = 30 * 24 * 3_600_000 // who opens an old link is told so long whom to ask for a new one
const LINK_ID = /^plk_[0-9a-z]{26}$/

type Deps = { readonly db: Database; readonly clock: Clock; place(): PublicPlace }

/**
 * Finds out who is visiting by the link that the header names and the cookie of that link. Asks the
 * database every time: a link that was ended is so at once, everywhere.
 */
export function createPortal({ db, clock, place }: Deps): Portal {
  return {
    async identify(request, tx) {
      const { headers } = request
      const linkId = headers[LINK_HEADER]
      if (typeof linkId !== 'string') throw failures.linkMissing()
      assertOwnOrigin(request, place())
      const tokenHash = LINK_ID.test(linkId)
        ? storedHash(cookieOf(headers, cookieName(linkId, place())))
        : null
      const visitor = tx
        ? await letIn(tx, tokenHash, clock())
        : await db.inTransaction((own) => letIn(own, tokenHash, clock()))
      if (visitor.linkId !== linkId) throw failures.linkRefused(null)
      if (!tx) await assertWithin(db, subjectOf('portal', linkId), REQUESTS, clock())
      return visitor
    },
  }
}

/** Counts that somebody tries to open a link. Throws `auth.too_many_tries`. */
export async function assertMayOpen(db: Database, address: string, systemNow: Date): Promise<void> {
  await assertWithin(db, subjectOf('portal open', networkOf(address)), OPENINGS, systemNow)
}

/** Whom the token lets in. Throws `portal.link_refused`. */
export async function openLink(tx: Tx, token: string, systemNow: Date): Promise<Visitor> {
  return letIn(tx, storedHash(token), systemNow)
}

async function letIn(tx: Tx, tokenHash: Buffer | null, systemNow: Date): Promise<Visitor> {
  if (!tokenHash) throw failures.linkRefused(null)
  const visitor = await selectVisitor(tx, tokenHash, systemNow)
  if (visitor) return visitor
  const envId = await selectEnvironmentOf(tx, tokenHash)
  throw failures.linkRefused(envId === null ? null : (await billingSettings(tx, envId)).sellerName)
}

/** The cookie that keeps the token of a link where no script can read it, until the link expires. */
export function cookieFor(
  { linkId, expiresAt }: Visitor,
  token: string,
  { place, systemNow }: { readonly place: PublicPlace; readonly systemNow: Date },
): string {
  const seconds = Math.max(1, Math.floor((expiresAt.getTime() - systemNow.getTime()) / 1_000))
  return [
    `${cookieName(linkId, place)}=${token}`,
    `Path=${COOKIE_PATH}`,
    `Max-Age=${seconds}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(place.isSecure ? ['Secure'] : []),
  ].join('; ')
}

/** Forgets the links that have long expired, of everybody. May run twice at once. */
export async function forgetExpiredLinks(db: Database, systemNow: Date): Promise<void> {
  const before = new Date(systemNow.getTime() - KEPT_MS)
  await db.inTransaction((tx) => deleteExpired(tx, before))
}

/** Each link has its own, so that two of them in one browser do not mix. */
function cookieName(linkId: string, { isSecure }: PublicPlace): string {
  return `${isSecure ? '__Secure-' : ''}uf-portal-${linkId}`
}

/** Empty when there is none, or more than one. */
function cookieOf({ cookie = '' }: IncomingHttpHeaders, name: string): string {
  const pairs = cookie.split(';').map((pair) => pair.trim())
  const [mine, other] = pairs.filter((pair) => pair.startsWith(`${name}=`))
  return mine === undefined || other !== undefined ? '' : mine.slice(name.length + 1)
}
