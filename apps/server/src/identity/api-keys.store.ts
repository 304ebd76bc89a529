import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Mode } from './api-key.ts'

/** A key as people see it. */
export type ApiKey = {
  readonly id: string
  readonly envId: number
  readonly name: string
  readonly prefix: string
  readonly lastFour: string
  readonly scopes: readonly string[]
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
}

/** All that a request needs to know of its key and environment, in one row. */
export type KeyInUse = {
  readonly id: string
  readonly envId: number
  readonly organizationId: string
  readonly mode: Mode
  readonly scopes: readonly string[]
  readonly refusesUnknownMeters: boolean
  readonly clock: { readonly offsetMs: number; readonly frozenAt: Date | null }
  /** When its organization is erased; null: nobody has deleted it. */
  readonly eraseAt: Date | null
}

export async function insertApiKey(
  tx: Tx,
  key: Pick<ApiKey, 'id' | 'envId' | 'name' | 'prefix' | 'lastFour' | 'scopes' | 'createdAt'> & {
    hash: Buffer
  },
): Promise<void> {
  await tx
    .insertInto('api_keys')
    .values({
      id: key.id,
      env_id: key.envId,
      name: key.name,
      hash: key.hash,
      prefix: key.prefix,
      last_four: key.lastFour,
      scopes: [...key.scopes],
      created_at: key.createdAt,
    })
    .execute()
}

export async function selectApiKeys(tx: Tx, envIds: readonly number[]): Promise<ApiKey[]> {
  const rows = await apiKeys(tx)
    .where(({ eb, fn, val }) => eb('env_id', '=', fn.any(val(envIds))))
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(fromRow)
}

/** Locks the key: whoever rotates or revokes it decides alone. */
export async function selectApiKeyForUpdate(
  tx: Tx,
  envIds: readonly number[],
  keyId: string,
): Promise<ApiKey | null> {
  const row = await apiKeys(tx)
    .where(({ eb, fn, val }) => eb('env_id', '=', fn.any(val(envIds))))
    .where('id', '=', keyId)
    .forUpdate()
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

export async function updateApiKeyEnd(
  tx: Tx,
  { envId, id }: Pick<ApiKey, 'envId' | 'id'>,
  end: { expiresAt: Date | null; revokedAt: Date | null },
): Promise<void> {
  await tx
    .updateTable('api_keys')
    .set({ expires_at: end.expiresAt, revoked_at: end.revokedAt })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

/** The valid key with this hash, or null. Notes its use, at most once a minute. */
// tidy: all environments — the tenant is what this finds out
export async function selectKeyInUse(
  tx: Tx,
  hash: Buffer,
  systemNow: Date,
): Promise<KeyInUse | null> {
  const { rows } = await sql<KeyRow>`
    select k.id, k.env_id, e.organization_id, e.mode, k.scopes, e.unknown_meters, c.offset_ms, c.frozen_at,
      o.erase_at, coalesce(k.last_used_at < ${systemNow}::timestamptz - interval '1 minute', true) as use_is_news
    from api_keys k
      join environments e using (env_id)
      join environment_clocks c using (env_id)
      join organizations o on o.id = e.organization_id
    where k.hash = ${hash} and k.revoked_at is null and (k.expires_at is null or k.expires_at > ${systemNow})`.execute(
    tx,
  )
  const [row] = rows
  if (!row) return null
  if (row.use_is_news) await noteUse(tx, row, systemNow)
  return {
    id: row.id,
    envId: row.env_id,
    organizationId: row.organization_id,
    mode: row.mode,
    scopes: row.scopes,
    refusesUnknownMeters: row.unknown_meters === 'refuse',
    clock: { offsetMs: Number(row.offset_ms), frozenAt: row.frozen_at },
    eraseAt: row.erase_at,
  }
}

/**
 * Skips a key that somebody is rotating at this moment: authentication never waits for a lock. Looks
 * again whether it is news: another process may have noted it since.
 */
async function noteUse(
  tx: Tx,
  { env_id, id }: Pick<KeyRow, 'env_id' | 'id'>,
  systemNow: Date,
): Promise<void> {
  await sql`
    update api_keys set last_used_at = ${systemNow}
    where id = (
      select id from api_keys
      where env_id = ${env_id} and id = ${id}
        and coalesce(last_used_at < ${systemNow}::timestamptz - interval '1 minute', true)
      for update skip locked
    )`.execute(tx)
}

function apiKeys(tx: Tx) {
  return tx
    .selectFrom('api_keys')
    .select(['id', 'env_id', 'name', 'prefix', 'last_four', 'scopes'])
    .select(['created_at', 'last_used_at', 'expires_at', 'revoked_at'])
}

type KeyRow = {
  id: string
  env_id: number
  organization_id: string
  mode: Mode
  scopes: string[]
  unknown_meters: string
  offset_ms: string
  frozen_at: Date | null
  erase_at: Date | null
  use_is_news: boolean
}

function fromRow(row: {
  id: string
  env_id: number
  name: string
  prefix: string
  last_four: string
  scopes: string[]
  created_at: Date
  last_used_at: Date | null
  expires_at: Date | null
  revoked_at: Date | null
}): ApiKey {
  return {
    id: row.id,
    envId: row.env_id,
    name: row.name,
    prefix: row.prefix,
    lastFour: row.last_four,
    scopes: row.scopes,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }
}
