import { z } from 'zod'
import { memberRoute } from '../platform/http/account-route.ts'
import { SCOPES } from '../platform/http/caller.ts'
import { instantText, textField } from '../platform/http/fields.ts'
import type { Route } from '../platform/http/route.ts'
import type { ApiKey } from './api-keys.store.ts'
import {
  createApiKey,
  findApiKey,
  listApiKeys,
  revokeApiKey,
  rotateApiKey,
} from './create-api-key.ts'
import { environmentOf } from './create-organization.ts'
import { failures as keyFailures } from './failures.ts'
import { ofOrganization } from './organizations.routes.ts'
import { type Role, scopesOf } from './roles.ts'
import { failures } from './session-failures.ts'

const BASE = '/api/v1/organizations/:organizationId/keys'
const HOUR_MS = 3_600_000
const GRACE_HOURS = 24
const GRACE_HOURS_MAX = 24 * 30
const ofKey = ofOrganization.extend({ keyId: z.string() })

const newKeyReply = z.object({
  id: z.string(),
  key: z.string().meta({ description: 'Shown here for the only time' }),
})

const keyReply = z.object({
  id: z.string(),
  mode: z.enum(['live', 'test']),
  name: z.string(),
  prefix: z.string(),
  lastFour: z.string(),
  scopes: z.array(z.string()),
  createdAt: instantText,
  lastUsedAt: instantText.nullable(),
  expiresAt: instantText.nullable(),
  revokedAt: instantText.nullable(),
})

/** API keys, by members: a key may do no more than whoever made or renewed it. */
export function keysRoutes(): Route[] {
  return [createRoute(), listRoute(), rotateRoute(), revokeRoute()]
}

function createRoute(): Route {
  return memberRoute({
    method: 'POST',
    path: BASE,
    tag: 'Organizations',
    summary: 'Make an API key',
    description: 'It may do no more than you. The answer shows it for the only time.',
    access: 'keys:write',
    params: ofOrganization,
    body: z.strictObject({
      mode: z.enum(['live', 'test']),
      name: textField(200),
      scopes: z.array(z.enum(SCOPES)).min(1),
    }),
    replies: { 201: newKeyReply },
    failures: [keyFailures.nameMalformed, failures.keyAboveYou],
    async handle({ tx, member, body: { mode, ...wanted }, systemNow }) {
      assertWithin(member.role as Role, wanted.scopes)
      const environment = await environmentOf(tx, member.organizationId, mode)
      return { status: 201, body: await createApiKey(tx, environment, { ...wanted, systemNow }) }
    },
  })
}

function listRoute(): Route {
  return memberRoute({
    method: 'GET',
    path: BASE,
    tag: 'Organizations',
    summary: 'List the API keys of both environments',
    access: 'keys:read',
    isSensitive: true,
    params: ofOrganization,
    replies: { 200: z.object({ data: z.array(keyReply) }) },
    async handle({ tx, member: { organizationId } }) {
      const { envId: live } = await environmentOf(tx, organizationId, 'live')
      const keys = await listApiKeys(tx, organizationId)
      return { status: 200, body: { data: keys.map((key) => toReply(key, live)) } }
    },
  })
}

function rotateRoute(): Route {
  return memberRoute({
    method: 'POST',
    path: `${BASE}/:keyId/rotate`,
    tag: 'Organizations',
    summary: 'Make the successor of an API key',
    description: 'Both work for `graceHours`; then the old one ends.',
    access: 'keys:write',
    params: ofKey,
    body: z.strictObject({
      graceHours: z.int().min(0).max(GRACE_HOURS_MAX).default(GRACE_HOURS),
    }),
    replies: { 201: newKeyReply },
    failures: [
      keyFailures.keyUnknown,
      keyFailures.keyEnded,
      keyFailures.keyRotated,
      failures.keyAboveYou,
    ],
    async handle({ tx, member, params: { keyId }, body, systemNow }) {
      const { organizationId, role } = member
      assertWithin(role as Role, (await findApiKey(tx, organizationId, keyId)).scopes)
      const graceMs = body.graceHours * HOUR_MS
      const made = await rotateApiKey(tx, organizationId, keyId, { graceMs, systemNow })
      return { status: 201, body: made }
    },
  })
}

function revokeRoute(): Route {
  return memberRoute({
    method: 'DELETE',
    path: `${BASE}/:keyId`,
    tag: 'Organizations',
    summary: 'End an API key, everywhere within a second',
    access: 'keys:write',
    params: ofKey,
    replies: { 200: z.object({ id: z.string(), revoked: z.literal(true) }) },
    failures: [keyFailures.keyUnknown],
    async handle({ tx, member, params: { keyId }, systemNow }) {
      await revokeApiKey(tx, member.organizationId, keyId, systemNow)
      return { status: 200, body: { id: keyId, revoked: true } }
    },
  })
}

/** Throws `key.scope_above_you`: a key would else be a way up. */
function assertWithin(role: Role, scopes: readonly string[]): void {
  const mine: ReadonlySet<string> = scopesOf(role)
  const above = scopes.filter((scope) => !mine.has(scope))
  if (above.length > 0) throw failures.keyAboveYou(above)
}

function toReply({ envId, ...key }: ApiKey, liveEnvId: number) {
  return {
    ...key,
    mode: envId === liveEnvId ? 'live' : 'test',
    createdAt: key.createdAt.toISOString(),
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
  }
}
