import * as oidc from 'openid-client'
import { EgressRefused } from '../platform/egress/egress.ts'
import type { GuardedFetch } from '../platform/egress/guarded-fetch.ts'
import { readOutwardUrl } from '../platform/egress/outward-url.ts'
import type { Failure } from '../platform/errors.ts'
import { failures } from './failures.ts'

/** The way to issuers. */
export type IssuersDeps = {
  readonly fetch: GuardedFetch
  /** Whether the operator allows networks that are not public; only there issuers may speak plain http. */
  readonly allowsPrivate: boolean
}

export type Client = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
}

/** An issuer that was asked what it is. */
export type Issuer = {
  /** Where people are sent, with whatever the answer is checked against. */
  authorizationUrl(
    checks: Checks,
    more: { redirectUrl: string; email: string | null },
  ): Promise<string>
  /** Whom the issuer says to have signed on. Throws `sign_on.declined` and `sign_on.answer_refused`. */
  claimsIn(answer: URL, checks: Checks): Promise<Claims>
}

/** What belongs to one sign-on, and has to come back with it. */
export type Checks = { readonly state: string; readonly nonce: string; readonly verifier: string }

export type Claims = {
  readonly subject: string
  readonly email: unknown
  readonly emailVerified: unknown
  readonly name: unknown
}

export function newChecks(): Checks {
  return {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    verifier: oidc.randomPKCECodeVerifier(),
  }
}

/** The address of an issuer in the spelling that the issuer itself must use. Throws `sign_on.issuer_malformed`. */
export function readIssuer(text: string, { allowsPrivate }: IssuersDeps): string {
  const url = readOutwardUrl(text)
  const isPlain = url instanceof URL && url.search === '' && !text.includes('#')
  if (!isPlain || (url.protocol === 'http:' && !allowsPrivate)) throw failures.issuerMalformed()
  return text.trim()
}

/**
 * Asks the issuer what it is. Throws `sign_on.issuer_malformed`, `sign_on.issuer_unreachable` and
 * `sign_on.issuer_refused`.
 */
export async function openIssuer(deps: IssuersDeps, client: Client): Promise<Issuer> {
  const issuer = readIssuer(client.issuer, deps)
  const config = await discovered(deps, { ...client, issuer })
  const { authorization_endpoint: begin = '', token_endpoint: token } = config.serverMetadata()
  if (!(readOutwardUrl(begin) instanceof URL) || !token)
    throw failures.issuerRefused(issuer, 'it names no address to sign on at, or none for tokens.')
  return {
    authorizationUrl: (checks, more) => authorizationUrl(config, checks, more),
    claimsIn: (answer, checks) => claimsIn(config, answer, checks),
  }
}

async function discovered(deps: IssuersDeps, client: Client): Promise<oidc.Configuration> {
  const url = new URL(client.issuer)
  try {
    return await oidc.discovery(url, client.clientId, {}, authentication(client.clientSecret), {
      [oidc.customFetch]: guarded(deps.fetch),
      execute: [
        // The signature is checked although the token comes straight from the issuer.
        oidc.enableNonRepudiationChecks,
        ...(url.protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
      ],
    })
  } catch (error) {
    throw discoveryFailure(client.issuer, error)
  }
}

function discoveryFailure(issuer: string, error: unknown): Failure {
  const isAnswered = reasonOf(error).startsWith('OAUTH_')
  const isThere = isAnswered && reasonOf(error) !== 'OAUTH_RESPONSE_IS_NOT_CONFORM'
  if (!isThere) return failures.issuerUnreachable(issuer)
  return failures.issuerRefused(issuer, sentence(error))
}

function sentence(error: unknown): string {
  const { cause, message } = error as { cause?: { message?: unknown }; message: string }
  return typeof cause?.message === 'string' ? cause.message : message
}

/** Issuers who say nothing take the secret in a header. */
function authentication(secret: string): oidc.ClientAuth {
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const way = methods.includes('client_secret_basic')
      ? oidc.ClientSecretBasic(secret)
      : oidc.ClientSecretPost(secret)
    way(server, client, body, headers)
  }
}

function guarded(fetch: GuardedFetch): oidc.CustomFetch {
  return (url, { method, headers, body }) => fetch(url, { method, headers, body: textOf(body) })
}

function textOf(body: oidc.FetchBody): string | undefined {
  if (body === null || body === undefined) return undefined
  if (typeof body === 'string' || body instanceof URLSearchParams) return String(body)
  throw new TypeError('what is sent to an issuer is text')
}

async function authorizationUrl(
  config: oidc.Configuration,
  { state, nonce, verifier }: Checks,
  { redirectUrl, email }: { redirectUrl: string; email: string | null },
): Promise<string> {
  return oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUrl,
    scope: 'openid email profile',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...{ state, nonce },
    ...(email === null ? {} : { login_hint: email }),
  }).href
}

async function claimsIn(
  config: oidc.Configuration,
  answer: URL,
  { state, nonce, verifier }: Checks,
): Promise<Claims> {
  try {
    const tokens = await oidc.authorizationCodeGrant(config, answer, {
      ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    if (!claims) throw new TypeError('a checked answer has an id_token')
    // An issuer may keep the address for those who come back with the access token.
    const told =
      claims.email === undefined && config.serverMetadata().userinfo_endpoint
        ? await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
        : claims
    const { email, email_verified: emailVerified, name } = told
    return { subject: claims.sub, email, emailVerified, name }
  } catch (error) {
    throw answerFailure(error)
  }
}

function answerFailure(error: unknown): Failure {
  if (error instanceof oidc.AuthorizationResponseError) return failures.declined(error.error)
  return failures.answerRefused(reasonOf(error))
}

function reasonOf(error: unknown): string {
  if (error instanceof EgressRefused) return 'unreachable'
  const { code, error: word } = error as { code?: unknown; error?: unknown }
  return typeof word === 'string' ? word : typeof code === 'string' ? code : 'unreachable'
}
