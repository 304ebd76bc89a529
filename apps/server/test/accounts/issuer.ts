import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type KoaContextWithOIDC } from 'oidc-provider'

/** Somebody whom the issuer knows. */
export type Known = {
  readonly subject: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
}

type Token = { header: Record<string, unknown>; claims: Record<string, unknown> }

/** A real provider of OpenID Connect on this machine, which can be made to lie. */
export type TestIssuer = {
  readonly url: string
  readonly client: { readonly clientId: string; readonly clientSecret: string }
  /** Who is at the keyboard when it asks for a sign-in; it lets them in without a password. */
  person: Known
  /** Changes an id_token before it is sent; what comes back is signed anew, with its own key unless given. */
  lie: ((token: Token) => Token & { readonly key?: KeyObject | null }) | null
  /** What happens while its token endpoint is asked. */
  meanwhile: (() => Promise<unknown>) | null
  /** How often its token endpoint was asked. */
  asked: number
  /** Goes through its pages as `person`, from the address to which somebody was sent; the query that comes back. */
  walk(url: string): Promise<string>
  close(): Promise<void>
}

/** Another client of the same issuer, with the same secret. */
export const OTHER_CLIENT_ID = 'usageflow-anew'
const CLIENT = { clientId: 'usageflow', clientSecret: 'the secret of the client' }

/**
 * `inToken`: whether the address stands in the id_token; else it is asked for with the access token.
 * `promisesIss`: whether it publishes that its answers name it, so that one without is refused.
 */
export async function startIssuer(
  redirectUrl: string,
  {
    inToken = true,
    promisesIss = true,
  }: { readonly inToken?: boolean; readonly promisesIss?: boolean } = {},
): Promise<TestIssuer> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const known = new Map<string, Known>()
  const provider = new Provider(url, {
    ...settings(privateKey, redirectUrl),
    conformIdTokenClaims: !inToken,
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => {
        const { subject: sub, ...claims } = known.get(id) ?? { subject: id }
        return { sub, ...claims }
      },
    }),
  })
  provider.on('server_error', (_context, error) => process.stderr.write(`issuer: ${error.stack}\n`))
  const issuer: TestIssuer = {
    ...{ url, client: CLIENT, lie: null, meanwhile: null, asked: 0 },
    person: { subject: 'nobody' },
    walk: (from) => walk(from, redirectUrl),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  provider.use(async (context, next) => {
    await next()
    const route = (context as KoaContextWithOIDC).oidc?.route
    if (route === 'discovery' && !promisesIss)
      delete (context.body as Record<string, unknown>)
        .authorization_response_iss_parameter_supported
    if (route !== 'token') return
    issuer.asked += 1
    await issuer.meanwhile?.()
    const body = context.body as { id_token?: string }
    if (issuer.lie && body.id_token)
      context.body = { ...body, id_token: changed(body.id_token, issuer.lie, privateKey) }
  })
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response)
    const { subject } = issuer.person
    known.set(subject, issuer.person)
    return provider.interactionFinished(request, response, { login: { accountId: subject } })
  })
  return issuer
}

function settings(key: KeyObject, redirectUrl: string) {
  return {
    clients: [CLIENT.clientId, OTHER_CLIENT_ID].map((clientId) => ({
      client_id: clientId,
      client_secret: CLIENT.clientSecret,
      redirect_uris: [redirectUrl],
    })),
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['some key'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    ttl: {
      AccessToken: 60,
      AuthorizationCode: 60,
      IdToken: 60,
      Grant: 60,
      Interaction: 60,
      Session: 60,
    },
    async loadExistingGrant({ oidc }: KoaContextWithOIDC) {
      const { session, client } = oidc
      const grant = new oidc.provider.Grant({
        clientId: client?.clientId ?? '',
        accountId: session?.accountId ?? '',
      })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  }
}

/** A browser of its own: it remembers nobody from before. */
async function walk(from: string, redirectUrl: string): Promise<string> {
  const cookies = new Map<string, string>()
  for (let url = from; ; ) {
    if (url.startsWith(`${redirectUrl}?`)) return url.slice(redirectUrl.length + 1)
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const one of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (one.split(';')[0] ?? '').split('=')
      cookies.set(name, value)
    }
    const next = answer.headers.get('location')
    if (next === null) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
    url = new URL(next, url).href
  }
}

function changed(text: string, lie: NonNullable<TestIssuer['lie']>, own: KeyObject): string {
  const [header = '', claims = ''] = text.split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  const told = lie({ header: read(header), claims: read(claims) })
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const signed = `${encode(told.header)}.${encode(told.claims)}`
  const key = told.key === undefined ? own : told.key
  return `${signed}.${key ? sign('sha256', Buffer.from(signed), key).toString('base64url') : ''}`
}

/** A key that the issuer does not have. */
export function anotherKey(): KeyObject {
  return createPrivateKey(
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    }),
  )
}
