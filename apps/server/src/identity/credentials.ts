import { kyselyAdapter } from '@better-auth/kysely-adapter'
import { hash as hashPassword, verify as verifyPassword } from '@node-rs/argon2'
import { APIError } from 'better-auth/api'
import { makeSignature } from 'better-auth/crypto'
import { betterAuth } from 'better-auth/minimal'
import { twoFactor } from 'better-auth/plugins/two-factor'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { type IdPrefix, newId } from '../platform/id.ts'
import type { Logger } from '../platform/log.ts'
import { type Mail, writeMail } from '../platform/mail/mail.ts'
import type { Sealer, SessionSecrets } from '../platform/secrets/seal.ts'
import { askedAfterSignOn, type MustSignOn, refuseBound, signOn } from './enter-by-sign-on.ts'
import { withHashedSessions } from './hashed-sessions.ts'
import type { PublicPlace } from './origins.ts'
import { updateProven } from './people.store.ts'
import { resetMail, verificationMail } from './people-mails.ts'
import { LINK_S_MAX, MAKER_HEADER, PASSWORD_NEEDED } from './prove-address.ts'
import { librarySecrets } from './second-factor-secrets.ts'
import { cookieName, signedAnew } from './session-token.ts'

/** What checks passwords, second factors and links, and begins and ends sessions. */
export type Credentials = {
  /** Answers a request below `/api/auth`. */
  answer(request: Request): Promise<Response>
  /** Begins a session of somebody whom the issuer of their organization has let in. A second factor is asked for still. */
  enter(userId: string, headers: Headers): Promise<Response>
}

export type CredentialsDeps = {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly sealer: Sealer
  /** What signs cookies and seals second factors: never a default. */
  readonly secrets: SessionSecrets
  place(): PublicPlace
  readonly mustSignOn: MustSignOn
}

const SESSION_S_MAX = 30 * 24 * 3_600 // however much it is used
const PASSWORD_LENGTH_MIN = 10
const PASSWORD_LENGTH_MAX = 128
/** The address of whoever connects, put there by our own server: what the request itself claims is not believed. */
export const PEER_HEADER = 'x-usageflow-peer'

const SECOND_FACTOR_TRIES = 10
/** How long an account waits after that many wrong codes, wherever they came from. */
export const SECOND_FACTOR_LOCKED_S = 900

const PREFIXES: Readonly<Record<string, IdPrefix>> = {
  user: 'usr',
  session: 'ses',
  account: 'acc',
  verification: 'vrf',
  twoFactor: 'tfa',
}

/** Makes it when it is first needed: it wants to know the address at which people reach the server. */
export function createCredentials(deps: CredentialsDeps): Credentials {
  let opened: ReturnType<typeof openLibrary> | undefined
  const library = () => {
    opened ??= openLibrary(deps)
    return opened
  }
  return {
    answer: async (request) => library().handler(await signedByUs(request, deps)),
    enter: (userId, headers) =>
      library().api.enterBySignOn({ body: { userId }, headers, asResponse: true }),
  }
}

/** The library takes no cookie that an earlier secret has signed. To us its token says whose session it is. */
async function signedByUs(request: Request, deps: CredentialsDeps): Promise<Request> {
  const cookie = request.headers.get('cookie')
  if (cookie === null) return request
  const [{ value: secret }] = deps.secrets
  const name = cookieName(deps.place().isSecure)
  const headers = new Headers(request.headers)
  headers.set('cookie', await signedAnew(cookie, name, (token) => makeSignature(token, secret)))
  return new Request(request, { headers })
}

function openLibrary(deps: CredentialsDeps) {
  const place = deps.place()
  return betterAuth({
    appName: 'UsageFlow',
    baseURL: place.origin,
    basePath: '/api/auth',
    ...librarySecrets(deps.secrets),
    trustedOrigins: [...place.origins],
    telemetry: { enabled: false },
    logger: { log: (level, message) => deps.log[level]({}, `credentials: ${message}`) },
    database: withHashedSessions(
      kyselyAdapter(deps.db.kysely, { type: 'postgres', transaction: true }),
    ),
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: true,
      minPasswordLength: PASSWORD_LENGTH_MIN,
      maxPasswordLength: PASSWORD_LENGTH_MAX,
      password: {
        hash: (password) => hashPassword(password),
        verify: ({ hash, password }) => verifyPassword(hash, password),
      },
      resetPasswordTokenExpiresIn: LINK_S_MAX,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }) => send(deps, resetMail(user.email, token, place)),
      // Its link came to the address, and of what was there before nothing is left.
      onPasswordReset: async ({ user }) => {
        await deps.db.inTransaction((tx) => updateProven(tx, user.id, deps.clock()))
      },
    },
    emailVerification: {
      sendOnSignUp: true,
      sendOnSignIn: true,
      autoSignInAfterVerification: true,
      beforeEmailVerification: (user, request) => proveAccount(deps, user, request),
      expiresIn: LINK_S_MAX,
      sendVerificationEmail: ({ user, token }) =>
        send(deps, verificationMail(user.email, token, place)),
    },
    plugins: [
      askedAfterSignOn(twoFactor({ issuer: 'UsageFlow', schema: secondFactors, accountLockout })),
      signOn(),
    ],
    databaseHooks: refuseBound(deps),
    rateLimit: { enabled: false }, // `limit-attempts.ts` counts for all processes together, and by account
    ...storage,
    advanced: advanced(place),
  })
}

/** The library goes on by the address alone, which a sign-up may have given to another account meanwhile: ours does it by the account. */
async function proveAccount(
  { db, clock }: CredentialsDeps,
  user: { id: string },
  request: Request | undefined,
): Promise<void> {
  refuseLinkAlone(user, request)
  if (await db.inTransaction((tx) => updateProven(tx, user.id, clock()))) return
  throw new APIError('UNAUTHORIZED', {
    code: 'INVALID_TOKEN',
    message: 'The account that this link belongs to is there no more.',
  })
}

/** Whoever opens the link and does not know the password came into an account that somebody else has made. */
function refuseLinkAlone(user: { id: string }, request: Request | undefined): void {
  if (request?.headers.get(MAKER_HEADER) === user.id) return
  throw new APIError('FORBIDDEN', {
    code: PASSWORD_NEEDED,
    message:
      'This account was made in another browser: give its password as well. If you did not make it, choose a new password by a link.',
  })
}

async function send({ db, clock, sealer }: CredentialsDeps, mail: Mail): Promise<void> {
  await db.inTransaction((tx) => writeMail(tx, mail, { sealer, systemNow: clock() }))
}

function advanced({ isSecure }: PublicPlace) {
  const name = cookieName(isSecure)
  return {
    cookiePrefix: name,
    cookies: { session_token: { name } },
    useSecureCookies: false, // its prefix is a weaker one than ours
    defaultCookieAttributes: { secure: isSecure, httpOnly: true, sameSite: 'lax', path: '/' },
    disableOriginCheck: false,
    disableCSRFCheck: false,
    ipAddress: { ipAddressHeaders: [PEER_HEADER] as string[] },
    database: {
      generateId: ({ model }: { model: string }) => newId(PREFIXES[model] ?? 'vrf'),
    },
  } as const
}

const accountLockout = {
  enabled: true,
  maxFailedAttempts: SECOND_FACTOR_TRIES,
  durationSeconds: SECOND_FACTOR_LOCKED_S,
}

const TIMES = { createdAt: 'created_at', updatedAt: 'updated_at' }

const secondFactors = {
  user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
  twoFactor: {
    modelName: 'two_factors',
    fields: {
      userId: 'user_id',
      backupCodes: 'backup_codes',
      failedVerificationCount: 'failed_verification_count',
      lockedUntil: 'locked_until',
    },
  },
}

/** Our tables, and the names of their columns. */
const storage = {
  user: {
    modelName: 'users',
    fields: { ...TIMES, emailVerified: 'email_verified' },
  },
  session: {
    modelName: 'sessions',
    expiresIn: SESSION_S_MAX,
    disableSessionRefresh: true, // our own look-up notes its use
    cookieCache: { enabled: false }, // a session that was ended must be so at once
    fields: {
      ...TIMES,
      userId: 'user_id',
      expiresAt: 'expires_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
    },
  },
  account: {
    modelName: 'accounts',
    fields: {
      ...TIMES,
      userId: 'user_id',
      providerId: 'provider_id',
      accountId: 'account_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
    },
  },
  verification: {
    modelName: 'verifications',
    storeIdentifier: 'hashed',
    fields: { ...TIMES, expiresAt: 'expires_at' },
  },
} as const
