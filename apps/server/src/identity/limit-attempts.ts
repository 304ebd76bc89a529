import { hash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { Database } from '../platform/db/database.ts'
import { countTry, forgetTries } from './attempts.store.ts'
import { failures } from './session-failures.ts'

const MINUTE_MS = 60_000

/** How many tries an account or an address has in a window, which begins with the first. */
export type Limit = { readonly max: number; readonly windowMs: number }

/** `account`: of the address that somebody claims to have, whether there is an account or not. */
type Limits = { readonly address: Limit; readonly account?: Limit }

const GUESSING: Limit = { max: 20, windowMs: 10 * MINUTE_MS }
const MAILING: Limit = { max: 5, windowMs: 10 * MINUTE_MS } // each sends a message to whoever it is

/** By address: a whole office may come from one, and a guess costs a slow hash besides. */
const perMinute = (max: number): Limit => ({ max, windowMs: MINUTE_MS })

const LIMITS: Readonly<Record<string, Limits>> = {
  'POST /sign-in/email': { address: perMinute(60), account: GUESSING },
  'POST /sign-up/email': { address: perMinute(30), account: MAILING },
  'POST /request-password-reset': { address: perMinute(10), account: MAILING },
  'POST /send-verification-email': { address: perMinute(10), account: MAILING },
  'POST /reset-password': { address: perMinute(30) },
  'GET /verify-email': { address: perMinute(60) },
  'POST /verify-email': { address: perMinute(30) },
  'POST /change-password': { address: perMinute(30) },
  'POST /sign-on/begin': { address: perMinute(60) }, // each asks an issuer
  'POST /sign-on/finish': { address: perMinute(60) },
  'POST /two-factor/enable': { address: perMinute(30) },
  'POST /two-factor/disable': { address: perMinute(30) },
  'POST /two-factor/generate-backup-codes': { address: perMinute(30) },
  'POST /two-factor/verify-totp': { address: perMinute(30) }, // the account is locked by the library, after ten
  'POST /two-factor/verify-backup-code': { address: perMinute(30) },
}

export const WINDOW_MS_MAX = GUESSING.windowMs

export type Attempt = {
  /** Like `POST /sign-in/email`. */
  readonly path: string
  /** Of whoever connects. */
  readonly address: string
  /** What they gave as their e-mail address, if they gave one. */
  readonly email: unknown
}

/** Counts the try, in all processes together. Throws `auth.too_many_tries` with the seconds to wait. */
export async function assertMayTry(db: Database, attempt: Attempt, now: Date): Promise<void> {
  const limits = LIMITS[attempt.path]
  if (!limits) return
  const network = subjectOf(attempt.path, networkOf(attempt.address))
  await assertWithin(db, network, limits.address, now)
  const account = accountOf(attempt)
  if (limits.account && account) await assertWithin(db, account, limits.account, now)
}

/** Forgives the account what was tried on it: whoever it belongs to has proven who they are. */
export async function forgiveTries(db: Database, attempt: Attempt): Promise<void> {
  const account = accountOf(attempt)
  if (account) await db.inTransaction((tx) => forgetTries(tx, account))
}

/** Counts a try of the subject, which shows in the database. Throws `auth.too_many_tries`. */
export async function assertWithin(
  db: Database,
  subject: string,
  { max, windowMs }: Limit,
  now: Date,
): Promise<void> {
  const endedBefore = new Date(now.getTime() - windowMs)
  const { tries, beganAt } = await db.inTransaction((tx) =>
    countTry(tx, subject, { now, endedBefore }),
  )
  if (tries <= max) return
  const leftMs = beganAt.getTime() + windowMs - now.getTime()
  throw failures.tooManyTries(Math.max(1, Math.ceil(leftMs / 1_000)))
}

function accountOf({ path, email }: Attempt): string | null {
  return typeof email === 'string' ? subjectOf(path, email.trim().toLowerCase()) : null
}

/** Hashed: the table is no list of who has tried to sign in. */
export function subjectOf(path: string, whose: string): string {
  return `${path} ${hash('sha256', whose, 'base64url')}`
}

/** One who has an address of the sixth version has the 2^64 beside it, too. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
