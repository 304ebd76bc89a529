import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Failure, type FailureKind } from '../platform/errors.ts'
import { STATUS } from '../platform/http/answer.ts'
import type { People } from '../platform/http/caller.ts'
import { failures as requestFailures } from '../platform/http/request-failures.ts'
import { type Credentials, PEER_HEADER, SECOND_FACTOR_LOCKED_S } from './credentials.ts'
import { assertMayTry, forgiveTries } from './limit-attempts.ts'
import { assertOwnOrigin, type PublicPlace } from './origins.ts'
import {
  MAKER_HEADER,
  makerBy,
  makerIn,
  markOf,
  type ProofDeps,
  proveByPassword,
  signUpAnew,
} from './prove-address.ts'
import { cookieName, storedToken, tokenOf } from './session-token.ts'
import { deleteSession } from './sessions.store.ts'
import { admitSignUp, type SignUpMode } from './sign-up.ts'

export type CredentialRoutesDeps = ProofDeps & {
  readonly credentials: Credentials
  readonly people: People
  readonly signUp: SignUpMode
}

const BASE = '/api/auth'
const SIGN_UP = 'POST /sign-up/email'
const SIGN_IN = 'POST /sign-in/email'
const PROVE = 'GET /verify-email'
const PROVE_BY_PASSWORD = 'POST /verify-email'
const CHANGE_PASSWORD = 'POST /change-password'

/** The library knows no idle sessions: who may not call our routes may not call these either. */
const WITH_SESSION: ReadonlySet<string> = new Set([
  CHANGE_PASSWORD,
  'POST /two-factor/enable',
  'POST /two-factor/disable',
  'POST /two-factor/generate-backup-codes',
])

/** What of the library is reached from outside. Sessions, for one, are listed and ended by routes of ours. */
const OPEN_PATHS: ReadonlySet<string> = new Set([
  SIGN_UP,
  SIGN_IN,
  'POST /sign-out',
  'POST /send-verification-email',
  PROVE,
  PROVE_BY_PASSWORD,
  'POST /request-password-reset',
  'POST /reset-password',
  CHANGE_PASSWORD,
  'POST /two-factor/enable',
  'POST /two-factor/disable',
  'POST /two-factor/verify-totp',
  'POST /two-factor/verify-backup-code',
  'POST /two-factor/generate-backup-codes',
])

/** Hands requests below `/api/auth` to whoever knows passwords, and its answers back in our shape. */
export function mountCredentials(app: FastifyInstance, deps: CredentialRoutesDeps): void {
  app.route({
    method: ['GET', 'POST'],
    url: `${BASE}/*`,
    config: { isPublic: true },
    schema: { hide: true },
    handler: async (request, reply) => {
      const path = pathOf(request)
      if (!OPEN_PATHS.has(path)) throw requestFailures.routeUnknown(request.method)
      assertOwnOrigin(request.raw, deps.place())
      const attempt = { path, address: request.ip, email: emailIn(request.body) }
      await assertMayTry(deps.db, attempt, deps.clock())
      if (WITH_SESSION.has(path)) await deps.people.identify(request.raw)
      const answer = await answerTo(path, request, deps)
      if (answer.ok && path === SIGN_IN) await forgiveTries(deps.db, attempt)
      const maker = await makerBy(deps, attempt.email, answer)
      if (maker !== null) reply.header('set-cookie', markOf(deps, maker))
      return sendCredentials(deps, request, reply, answer)
    },
  })
}

async function answerTo(
  path: string,
  request: FastifyRequest,
  deps: CredentialRoutesDeps,
): Promise<Response> {
  const { credentials } = deps
  const place = deps.place()
  const ask = () => credentials.answer(toStandard(request, place, bodyFor(path)))
  switch (path) {
    case SIGN_UP:
      return admitSignUp(deps, request, () => signUpAnew(deps, emailIn(request.body), ask))
    case PROVE:
      return credentials.answer(toProof(request, place, request.url, makerIn(deps, request)))
    case PROVE_BY_PASSWORD: {
      const { token, password } = (request.body ?? {}) as { token?: unknown; password?: unknown }
      const proof = { token: String(token), password: String(password) }
      const url = `${BASE}/verify-email?${new URLSearchParams({ token: proof.token })}`
      return proveByPassword(deps, proof, (maker) =>
        credentials.answer(toProof(request, place, url, maker)),
      )
    }
    default:
      return ask()
  }
}

/** Sends what the library answered, in our shape. The session that it replaces has ended then. */
export async function sendCredentials(
  deps: Pick<CredentialRoutesDeps, 'db' | 'place'>,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Response,
): Promise<FastifyReply> {
  await endReplaced(deps, request, answer)
  return send(reply, answer)
}

function emailIn(body: unknown): unknown {
  return (body as { email?: unknown } | null | undefined)?.email
}

/** Whoever changes their password wants others out: all other sessions end, and this one gets a new token. */
function bodyFor(path: string): Readonly<Record<string, unknown>> {
  return path === CHANGE_PASSWORD ? { revokeOtherSessions: true } : {}
}

/** A browser that was given another session keeps no copy of the one before. */
async function endReplaced(
  { db, place }: Pick<CredentialRoutesDeps, 'db' | 'place'>,
  { headers }: FastifyRequest,
  answer: Response,
): Promise<void> {
  const name = cookieName(place().isSecure)
  const before = tokenOf(headers.cookie, name)
  const after = answer.headers
    .getSetCookie()
    .map((cookie) => tokenOf(cookie.split(';')[0], name))
    .find((token) => token !== null)
  if (!answer.ok || !before || !after || before === after) return
  await db.inTransaction((tx) => deleteSession(tx, storedToken(before)))
}

function pathOf({ method, url }: FastifyRequest): string {
  return `${method} ${(url.split('?')[0] ?? '').slice(BASE.length)}`
}

const FORWARDED = ['cookie', 'origin', 'user-agent', 'sec-fetch-site', 'sec-fetch-mode'] as const

/** What of a request the library reads besides its body. */
export function toHeaders(request: FastifyRequest): Headers {
  const headers = new Headers({ [PEER_HEADER]: request.ip })
  for (const name of FORWARDED) {
    const value = request.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  return headers
}

/** `more` wins over what was sent. */
function toStandard(
  request: FastifyRequest,
  { origin }: PublicPlace,
  more: Readonly<Record<string, unknown>>,
): Request {
  const headers = toHeaders(request)
  headers.set('content-type', 'application/json')
  const body = JSON.stringify({ ...(request.body as object | null), ...more })
  return new Request(`${origin}${request.url}`, { method: 'POST', headers, body })
}

/** `maker`: whose password the sender knows; null: nobody's. */
function toProof(
  request: FastifyRequest,
  { origin }: PublicPlace,
  url: string,
  maker: string | null,
): Request {
  const headers = toHeaders(request)
  if (maker !== null) headers.set(MAKER_HEADER, maker)
  return new Request(`${origin}${url}`, { headers })
}

async function send(reply: FastifyReply, answer: Response): Promise<FastifyReply> {
  for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie)
  const body = await bodyOf(answer)
  if (answer.status >= 400) throw toFailure(answer, body)
  // The token of a session stands in its cookie, where no script can read it, and nowhere else.
  const { token: _, ...rest } = body
  return reply.code(answer.status).send(rest)
}

async function bodyOf(answer: Response): Promise<Record<string, unknown>> {
  const text = await answer.text()
  try {
    return (JSON.parse(text) as Record<string, unknown> | null) ?? {}
  } catch {
    return {}
  }
}

const KINDS = new Map<number, FailureKind>(
  (Object.entries(STATUS) as [FailureKind, number][]).map(([kind, status]) => [status, kind]),
)

function toFailure(
  answer: Response,
  { code, message, organizationId }: Record<string, unknown>,
): Error {
  const kind = KINDS.get(answer.status)
  if (!kind) return new Error(`credentials answered ${answer.status}: ${String(message)}`)
  const details = {
    ...(answer.status === 429 ? { retryAfter: SECOND_FACTOR_LOCKED_S } : {}),
    ...(organizationId === undefined ? {} : { organizationId }),
  }
  const name = typeof code === 'string' ? code.toLowerCase() : kind
  return new Failure(kind, `auth.${name}`, String(message ?? 'That is refused.'), details)
}
