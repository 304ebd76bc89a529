import type { Tx } from '../platform/db/transaction.ts'
import { SCOPES } from '../platform/http/caller.ts'
import { newId } from '../platform/id.ts'
import { randomBase62 } from '../platform/random.ts'
import { apiKeyText, hashOfKey, SECRET_LENGTH, shownParts } from './api-key.ts'
import {
  type ApiKey,
  insertApiKey,
  selectApiKeyForUpdate,
  selectApiKeys,
  updateApiKeyEnd,
} from './api-keys.store.ts'
import { failures } from './failures.ts'
import { type Environment, selectEnvironments } from './identity.store.ts'
import { isName } from './name.ts'

/** `key` is shown here for the only time: what is stored cannot be turned back into it. */
export type NewApiKey = { readonly id: string; readonly key: string }

/** Makes a key of an environment. Throws `name.malformed`, `key.scopes_missing` and `key.scope_unknown`. */
export async function createApiKey(
  tx: Tx,
  environment: Environment,
  input: { readonly name: string; readonly scopes: readonly string[]; readonly systemNow: Date },
): Promise<NewApiKey> {
  if (!isName(input.name)) throw failures.nameMalformed()
  if (input.scopes.length === 0) throw failures.scopesMissing()
  for (const scope of input.scopes) if (!isScope(scope)) throw failures.scopeUnknown(scope, SCOPES)
  const key = apiKeyText(environment.mode, randomBase62(SECRET_LENGTH))
  const id = newId('key')
  await insertApiKey(tx, {
    id,
    envId: environment.envId,
    name: input.name,
    scopes: [...new Set(input.scopes)],
    createdAt: input.systemNow,
    hash: hashOfKey(key),
    ...shownParts(key),
  })
  return { id, key }
}

/**
 * Makes a key with the same name and scopes, and lets the old one work for `graceMs` longer, so that
 * both are valid while the change is rolled out. A key is rotated once. Throws `key.unknown`,
 * `key.ended` and `key.rotated`.
 */
export async function rotateApiKey(
  tx: Tx,
  organizationId: string,
  keyId: string,
  input: { readonly graceMs: number; readonly systemNow: Date },
): Promise<NewApiKey> {
  const { old, environment } = await lockKey(tx, organizationId, keyId)
  const { systemNow } = input
  if (old.revokedAt || (old.expiresAt && old.expiresAt <= systemNow)) throw failures.keyEnded(keyId)
  if (old.expiresAt) throw failures.keyRotated(keyId)
  const made = await createApiKey(tx, environment, {
    name: old.name,
    scopes: old.scopes,
    systemNow,
  })
  await updateApiKeyEnd(tx, old, {
    expiresAt: new Date(systemNow.getTime() + input.graceMs),
    revokedAt: null,
  })
  return made
}

/** Ends a key. Every process refuses it within a second. Revoking twice changes nothing. Throws `key.unknown`. */
export async function revokeApiKey(
  tx: Tx,
  organizationId: string,
  keyId: string,
  systemNow: Date,
): Promise<void> {
  const { old } = await lockKey(tx, organizationId, keyId)
  if (!old.revokedAt)
    await updateApiKeyEnd(tx, old, { expiresAt: old.expiresAt, revokedAt: systemNow })
}

/** The keys of both environments of an organization, oldest first. */
export async function listApiKeys(tx: Tx, organizationId: string): Promise<ApiKey[]> {
  const environments = await selectEnvironments(tx, organizationId)
  return selectApiKeys(
    tx,
    environments.map(({ envId }) => envId),
  )
}

/** Throws `key.unknown`. */
export async function findApiKey(tx: Tx, organizationId: string, keyId: string): Promise<ApiKey> {
  return (await lockKey(tx, organizationId, keyId)).old
}

async function lockKey(tx: Tx, organizationId: string, keyId: string) {
  const environments = await selectEnvironments(tx, organizationId)
  const envIds = environments.map(({ envId }) => envId)
  const old = await selectApiKeyForUpdate(tx, envIds, keyId)
  const environment = environments.find(({ envId }) => envId === old?.envId)
  if (!old || !environment) throw failures.keyUnknown(keyId)
  return { old, environment }
}

function isScope(text: string): boolean {
  return (SCOPES as readonly string[]).includes(text)
}
