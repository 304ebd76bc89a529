import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

export type SealedSecret = { readonly no: number; readonly sealed: Buffer }

export async function insertSecret(
  tx: Tx,
  envId: number,
  endpointId: string,
  secret: SealedSecret & { readonly createdAt: Date },
): Promise<void> {
  await tx
    .insertInto('webhook_secrets')
    .values({
      env_id: envId,
      endpoint_id: endpointId,
      secret_no: secret.no,
      sealed: secret.sealed,
      created_at: secret.createdAt,
    })
    .execute()
}

/** The secrets that are valid at `now`, the latest first. */
export async function selectValidSecrets(
  tx: Tx,
  envId: number,
  endpointId: string,
  now: Date,
): Promise<SealedSecret[]> {
  return await tx
    .selectFrom('webhook_secrets')
    .where('env_id', '=', envId)
    .where('endpoint_id', '=', endpointId)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .select(['secret_no as no', 'sealed'])
    .orderBy('secret_no', 'desc')
    .execute()
}

/** Ends all secrets at `expiresAt`, those that end earlier then. */
export async function endSecrets(
  tx: Tx,
  envId: number,
  endpointId: string,
  expiresAt: Date,
): Promise<void> {
  await tx
    .updateTable('webhook_secrets')
    .set({ expires_at: sql<Date>`least(expires_at, ${expiresAt}::timestamptz)` }) // ignores nulls
    .where('env_id', '=', envId)
    .where('endpoint_id', '=', endpointId)
    .execute()
}

/** A secret that signs nothing any more need not lie about. */
export async function deleteExpiredSecrets(
  tx: Tx,
  envId: number,
  endpointId: string,
  now: Date,
): Promise<void> {
  await tx
    .deleteFrom('webhook_secrets')
    .where('env_id', '=', envId)
    .where('endpoint_id', '=', endpointId)
    .where('expires_at', '<=', now)
    .execute()
}
