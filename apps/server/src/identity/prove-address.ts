import { verify as verifyPassword } from '@node-rs/argon2'
import type { FastifyRequest } from 'fastify'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Sealer } from '../platform/secrets/seal.ts'
import type { PublicPlace } from './origins.ts'
import { deleteUnproven, selectUnproven } from './people.store.ts'
import { failures } from './session-failures.ts'
import { strictCookie } from './strict-cookie.ts'

/**
 * A link proves that whoever opens it reads the mail of an address; not that they have made the account, which
 * anybody can who types the address. So a link is good together with the password of the account: it was just
 * given in the same browser, which a cookie says, or is given now.
 */

export const LINK_S_MAX = 3_600
/** Whose password the sender of a request knows, put there by our own server: what the request itself claims is not believed. */
export const MAKER_HEADER = 'x-usageflow-maker'
/** What the library says of an account whose address nobody has proven. */
const UNPROVEN = 'EMAIL_NOT_VERIFIED'
export const PASSWORD_NEEDED = 'PASSWORD_NEEDED'

const PURPOSE = 'sign-up'
const CONTEXT = 'the password of an account was given here'

export type ProofDeps = {
  readonly db: Database
  readonly clock: Clock
  readonly sealer: Sealer
  place(): PublicPlace
}

type Mark = { readonly userId: string; readonly until: number }

/** Whose password was given in this browser, while the address was not proven; null: nobody's we know of. */
export function makerIn(
  { sealer, clock, place }: ProofDeps,
  { headers }: Pick<FastifyRequest, 'headers'>,
): string | null {
  const text = strictCookie(PURPOSE, place()).read(headers)
  if (text === null) return null
  try {
    const mark = JSON.parse(sealer.open(Buffer.from(text, 'base64url'), CONTEXT)) as Mark // as `markOf` sealed it
    return mark.until > clock().getTime() ? mark.userId : null
  } catch {
    return null
  }
}

/** The cookie that lets this browser prove the address by the link alone; it looks the same for an address that is known. */
export function markOf({ sealer, clock, place }: Omit<ProofDeps, 'db'>, userId: string): string {
  const lifeMs = LINK_S_MAX * 1_000
  const mark: Mark = { userId, until: clock().getTime() + lifeMs }
  const sealed = sealer.seal(JSON.stringify(mark), CONTEXT)
  return strictCookie(PURPOSE, place()).set(sealed.toString('base64url'), lifeMs)
}

/**
 * Makes an account also where somebody else has typed the address before, and never proven that it is theirs:
 * nothing of that one remains. Where a link to choose a new password is on its way to the address, that is the way
 * in, which no sign-up can shut. The answer says nothing about any of it.
 */
export async function signUpAnew(
  { db, clock }: ProofDeps,
  email: unknown,
  signUp: () => Promise<Response>,
): Promise<Response> {
  const answer = await signUp()
  const made = await unprovenIn(answer)
  if (made === null) return answer
  const asked = { email: String(email), exceptId: made, now: clock() }
  const isFree = await db.inTransaction((tx) => deleteUnproven(tx, asked))
  return isFree ? signUp() : answer
}

/** Who has just given the password of an account whose address is not proven, to sign up or in; null: nobody. */
export async function makerBy(
  { db }: ProofDeps,
  email: unknown,
  answer: Response,
): Promise<string | null> {
  if (answer.ok) return unprovenIn(answer)
  if ((await codeIn(answer)) !== UNPROVEN) return null
  const account = await db.inTransaction((tx) => selectUnproven(tx, String(email)))
  return account?.userId ?? null
}

/**
 * Proves an address by a link and the password of the account, in whatever browser. `prove` is asked first
 * without the password, so that nobody tries passwords who has no link. Throws `auth.password_wrong`.
 */
export async function proveByPassword(
  { db }: ProofDeps,
  { token, password }: { readonly token: string; readonly password: string },
  prove: (maker: string | null) => Promise<Response>,
): Promise<Response> {
  const answer = await prove(null)
  if ((await codeIn(answer)) !== PASSWORD_NEEDED) return answer
  const account = await db.inTransaction((tx) => selectUnproven(tx, emailIn(token)))
  const isRight = account?.password && (await verifyPassword(account.password, password))
  if (!isRight) throw failures.passwordWrong()
  return prove(account.userId)
}

/** The address in a link that was found to be good. */
function emailIn(token: string): string {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
  return String((JSON.parse(payload) as { email?: unknown }).email)
}

/** The account that was made; one that was made up, where the address has an account that is proven. */
async function unprovenIn(answer: Response): Promise<string | null> {
  const { user } = await bodyIn(answer)
  const { id, emailVerified } = (user ?? {}) as { id?: unknown; emailVerified?: unknown }
  return answer.ok && emailVerified === false && typeof id === 'string' ? id : null
}

async function codeIn(answer: Response): Promise<unknown> {
  return (await bodyIn(answer)).code
}

/** Leaves the answer to be read by others. */
async function bodyIn(answer: Response): Promise<Record<string, unknown>> {
  try {
    return ((await answer.clone().json()) as Record<string, unknown> | null) ?? {}
  } catch {
    return {}
  }
}
