import { type Config, ConfigError } from '../config.ts'
import {
  createApiKey,
  listApiKeys,
  revokeApiKey,
  rotateApiKey,
} from '../identity/create-api-key.ts'
import { environmentOf, findOrganization } from '../identity/create-organization.ts'
import { noteOperator } from './note-operator.ts'
import { say, sayJson, sayTable } from './print.ts'
import { withDatabase } from './with-database.ts'

type Json = { readonly json?: boolean }
type KeyOfOrg = { readonly org: string; readonly keyId: string }

const HOUR_MS = 3_600_000

export async function createKey(
  config: Config,
  org: string,
  flags: Json & { readonly mode: string; readonly name: string; readonly scopes: string },
): Promise<void> {
  const mode = flags.mode === 'live' ? 'live' : 'test'
  const scopes = flags.scopes
    .split(',')
    .map((scope) => scope.trim())
    .filter(Boolean)
  if (scopes.length === 0) throw new ConfigError('--scopes: name at least one')
  const made = await withDatabase(config, async (tx, systemNow) => {
    const { id: organizationId } = await findOrganization(tx, org)
    const environment = await environmentOf(tx, organizationId, mode)
    const sent = { mode, name: flags.name, scopes }
    const key = await createApiKey(tx, environment, { ...sent, systemNow })
    const { envId } = environment
    const change = { organizationId, envId, target: key.id, sent, at: systemNow }
    await noteOperator(tx, { ...change, action: 'usageflow key create' })
    return key
  })
  if (flags.json) return sayJson(made)
  say(made.key)
  say(`This is ${made.id}. Keep it safe: it is not shown again.`)
}

export async function listKeys(config: Config, org: string, flags: Json): Promise<void> {
  const keys = await withDatabase(config, async (tx, at) => {
    const { id: organizationId } = await findOrganization(tx, org)
    await noteOperator(tx, { organizationId, action: 'usageflow key list', at })
    return listApiKeys(tx, organizationId)
  })
  if (flags.json) return sayJson(keys.map(({ envId: _, ...key }) => key))
  if (keys.length === 0)
    return say(`${org} has no key yet. Make one with: usageflow key create ${org}`)
  sayTable(
    ['ID', 'KEY', 'NAME', 'SCOPES', 'LAST USED', 'STATE'],
    keys.map((key) => [
      key.id,
      `${key.prefix}…${key.lastFour}`,
      key.name,
      String(key.scopes.length),
      key.lastUsedAt?.toISOString() ?? 'never',
      stateOf(key),
    ]),
  )
}

export async function rotateKey(
  config: Config,
  key: KeyOfOrg,
  flags: Json & { readonly grace: number },
): Promise<void> {
  const graceMs = flags.grace * HOUR_MS
  const made = await withDatabase(config, async (tx, systemNow) => {
    const { id: organizationId } = await findOrganization(tx, key.org)
    const change = {
      organizationId,
      target: key.keyId,
      sent: { graceHours: flags.grace },
      at: systemNow,
    }
    await noteOperator(tx, { ...change, action: 'usageflow key rotate' })
    return rotateApiKey(tx, organizationId, key.keyId, { graceMs, systemNow })
  })
  if (flags.json) return sayJson(made)
  say(made.key)
  say(`This is ${made.id}, the successor of ${key.keyId}, which ends in ${flags.grace} hours.`)
}

export async function revokeKey(config: Config, key: KeyOfOrg, flags: Json): Promise<void> {
  await withDatabase(config, async (tx, systemNow) => {
    const { id: organizationId } = await findOrganization(tx, key.org)
    const change = { organizationId, target: key.keyId, at: systemNow }
    await noteOperator(tx, { ...change, action: 'usageflow key revoke' })
    await revokeApiKey(tx, organizationId, key.keyId, systemNow)
  })
  if (flags.json) return sayJson({ id: key.keyId, revoked: true })
  say(`${key.keyId} is revoked: every process refuses it within a second.`)
}

function stateOf(key: {
  readonly revokedAt: Date | null
  readonly expiresAt: Date | null
}): string {
  if (key.revokedAt) return `revoked ${key.revokedAt.toISOString()}`
  return key.expiresAt ? `until ${key.expiresAt.toISOString()}` : 'valid'
}
