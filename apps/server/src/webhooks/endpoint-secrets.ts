import type { Tx } from '../platform/db/transaction.ts'
import type { SealedPlace } from '../platform/secrets/reseal.ts'
import type { Sealer } from '../platform/secrets/seal.ts'
import { failures } from './failures.ts'
import { newSecret } from './sign.ts'
import {
  deleteExpiredSecrets,
  endSecrets,
  insertSecret,
  selectValidSecrets,
} from './webhook-secrets.store.ts'

const HOUR_MS = 60 * 60 * 1_000
const SECRETS_MAX = 5 // each adds a signature to a header that receivers limit

/** Gives a new endpoint its first secret and returns it: afterwards nobody can read it back. */
export async function giveSecret(
  tx: Tx,
  envId: number,
  endpointId: string,
  context: { readonly sealer: Sealer; readonly now: Date; readonly no?: number },
): Promise<string> {
  const { sealer, now, no = 1 } = context
  const secret = newSecret()
  const sealed = sealer.seal(secret, sealContext(envId, endpointId, no))
  await insertSecret(tx, envId, endpointId, { no, sealed, createdAt: now })
  return secret
}

/**
 * Gives the endpoint a new secret and returns it. For `oldValidHours` both sign, so that the receiver
 * can change over without losing a delivery; 0 ends all earlier ones, for a secret that has leaked.
 *
 * The endpoint's row must be locked. Throws `webhooks.secrets_too_many`.
 */
export async function rotateSecret(
  tx: Tx,
  envId: number,
  endpointId: string,
  rotation: { readonly sealer: Sealer; readonly now: Date; readonly oldValidHours: number },
): Promise<string> {
  const { sealer, now, oldValidHours } = rotation
  const valid = await selectValidSecrets(tx, envId, endpointId, now)
  if (valid.length >= SECRETS_MAX && oldValidHours > 0) throw failures.secretsTooMany()
  await endSecrets(tx, envId, endpointId, new Date(now.getTime() + oldValidHours * HOUR_MS))
  await deleteExpiredSecrets(tx, envId, endpointId, now)
  return giveSecret(tx, envId, endpointId, { sealer, now, no: (valid[0]?.no ?? 0) + 1 })
}

/** The secrets that sign a message to the endpoint at `now`, the latest first. */
export async function signingSecrets(
  tx: Tx,
  envId: number,
  endpointId: string,
  context: { readonly sealer: Sealer; readonly now: Date },
): Promise<string[]> {
  const secrets = await selectValidSecrets(tx, envId, endpointId, context.now)
  return secrets.map(({ no, sealed }) =>
    context.sealer.open(sealed, sealContext(envId, endpointId, no)),
  )
}

export const SEALED_SECRETS: SealedPlace = {
  ...{ what: 'secrets of webhook endpoints', table: 'webhook_secrets', column: 'sealed' },
  keys: ['env_id', 'endpoint_id', 'secret_no'],
  context: (row) => sealContext(Number(row.env_id), String(row.endpoint_id), Number(row.secret_no)),
}

/** A secret can be opened only as that of its own endpoint. */
function sealContext(envId: number, endpointId: string, no: number): string {
  return `webhook secret ${envId} ${endpointId} ${no}`
}
