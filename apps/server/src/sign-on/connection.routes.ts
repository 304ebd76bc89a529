import { z } from 'zod'
import { memberRoute } from '../platform/http/account-route.ts'
import { instantText, textField } from '../platform/http/fields.ts'
import type { Route } from '../platform/http/route.ts'
import { type Connection, NEW_MEMBER_ROLES, secretContext } from './connection.ts'
import { selectConnection, selectDomains } from './connections.store.ts'
import { failures } from './failures.ts'
import { openIssuer } from './issuer.ts'
import { removeConnection, saveConnection } from './set-up.ts'
import { redirectUrl, type SignOnDeps } from './sign-on.ts'

const PATH = '/api/v1/organizations/:organizationId/sign-on'
const TAG = 'Organizations'
const params = z.strictObject({ organizationId: z.string() })

const connectionReply = z.object({
  issuer: z.string(),
  clientId: z.string(),
  role: z.enum(NEW_MEMBER_ROLES),
  enabled: z.boolean(),
  enforced: z.boolean(),
  changedAt: instantText,
})

const reply = z.object({
  connection: connectionReply.nullable().meta({ description: 'null: none is set up' }),
  domains: z.array(z.string()).meta({
    description: 'The e-mail domains that the operator of the server has allowed',
  }),
  redirectUrl: z.string().meta({
    description:
      'What the issuer must know as the redirect address, to the letter: it is of this organization alone',
  }),
  signInUrl: z.string().meta({ description: 'Where members sign on' }),
})

const body = z.strictObject({
  issuer: z.string().min(1).max(2_048).meta({ example: 'https://login.example.com' }),
  clientId: textField(500),
  clientSecret: textField(2_000).optional().meta({
    description: 'Stored sealed, and never shown. Left out: as it was',
  }),
  role: z.enum(NEW_MEMBER_ROLES).meta({ description: 'What somebody new becomes' }),
  enabled: z.boolean(),
  enforced: z.boolean().meta({
    description: 'Whether members of the domains, but OWNERs, can sign in no other way',
  }),
})

const issuerFailures = [
  failures.issuerMalformed,
  failures.issuerUnreachable,
  failures.issuerRefused,
]

/** What OWNERs set up so that members sign on through an issuer. */
export function connectionRoutes(deps: SignOnDeps): Route[] {
  return [readRoute(deps), saveRoute(deps), checkRoute(deps), removeRoute()]
}

function readRoute(deps: SignOnDeps): Route {
  return memberRoute({
    method: 'GET',
    path: PATH,
    tag: TAG,
    summary: 'How members sign on',
    access: 'members:read',
    params,
    replies: { 200: reply },
    async handle({ tx, member: { organizationId } }) {
      const connection = await selectConnection(tx, organizationId)
      return { status: 200, body: await replyOf(connection) }

      async function replyOf(found: Connection | null) {
        const { origin } = deps.place()
        return {
          connection: found && connectionOf(found),
          domains: await selectDomains(tx, organizationId),
          redirectUrl: redirectUrl(deps.place(), organizationId),
          signInUrl: `${origin}/sign-in?organization=${organizationId}`,
        }
      }
    },
  })
}

function connectionOf({ issuer, clientId, role, enabled, enforced, changedAt }: Connection) {
  return { ...{ issuer, clientId, role, enabled, enforced }, changedAt: changedAt.toISOString() }
}

function saveRoute(deps: SignOnDeps): Route {
  return memberRoute({
    method: 'PUT',
    path: PATH,
    tag: TAG,
    summary: 'Set up sign-on through an issuer of OpenID Connect',
    description:
      'Asks the issuer what it is before anything is stored. Whoever is bound by it from now on is signed out.',
    access: 'sign_on:write',
    params,
    body,
    replies: { 200: connectionReply },
    failures: [...issuerFailures, failures.secretMissing, failures.domainMissing],
    prepare: ({ body: { issuer, clientId } }) =>
      openIssuer(deps, { issuer, clientId, clientSecret: 'not needed to ask' }),
    async handle({ tx, member: { organizationId }, body: wanted, systemNow }) {
      const saved = await saveConnection(tx, organizationId, wanted, { ...deps, systemNow })
      return { status: 200, body: connectionOf(saved) }
    },
  })
}

function checkRoute(deps: SignOnDeps): Route {
  return memberRoute({
    method: 'POST',
    path: `${PATH}/check`,
    tag: TAG,
    summary: 'Ask the issuer whether it is still there',
    description: 'Whether it knows the client and its secret shows only when somebody signs on.',
    access: 'sign_on:write',
    params,
    replies: { 200: z.object({ issuer: z.string(), answers: z.literal(true) }) },
    failures: [failures.connectionUnknown, ...issuerFailures],
    async prepare({ member: { organizationId } }) {
      const found = await deps.db.inTransaction((tx) => selectConnection(tx, organizationId))
      if (!found) throw failures.connectionUnknown()
      const clientSecret = deps.sealer.open(found.sealedSecret, secretContext(organizationId))
      await openIssuer(deps, { ...found, clientSecret })
      return found.issuer
    },
    handle: async ({ prepared: issuer }) => ({ status: 200, body: { issuer, answers: true } }),
  })
}

function removeRoute(): Route {
  return memberRoute({
    method: 'DELETE',
    path: PATH,
    tag: TAG,
    summary: 'Remove the connection',
    description: 'Members keep their accounts. Who has no password asks for a link to choose one.',
    access: 'sign_on:write',
    params,
    replies: { 200: z.object({ removed: z.literal(true) }) },
    failures: [failures.connectionUnknown],
    async handle({ tx, member: { organizationId } }) {
      await removeConnection(tx, organizationId)
      return { status: 200, body: { removed: true } }
    },
  })
}
