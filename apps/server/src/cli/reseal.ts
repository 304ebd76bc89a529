import type { Config } from '../config.ts'
import { resealSecondFactors } from '../identity/second-factor-secrets.ts'
import type { Database } from '../platform/db/database.ts'
import { SEALED_ANSWERS } from '../platform/http/idempotency.ts'
import { SEALED_MAILS } from '../platform/mail/mail.ts'
import { type Resealed, reseal } from '../platform/secrets/reseal.ts'
import { createSealer, type EncryptionKeys, sessionSecretsOf } from '../platform/secrets/seal.ts'
import { SEALED_CLIENT_SECRETS } from '../sign-on/connection.ts'
import { SEALED_API_KEYS, SEALED_WEBHOOK_SECRETS } from '../stripe/connection.ts'
import { SEALED_SECRETS } from '../webhooks/endpoint-secrets.ts'
import { say, sayJson, sayTable } from './print.ts'
import { onDatabase } from './with-database.ts'

export const PLACES = [
  ...[SEALED_SECRETS, SEALED_API_KEYS, SEALED_WEBHOOK_SECRETS, SEALED_CLIENT_SECRETS],
  ...[SEALED_MAILS, SEALED_ANSWERS],
]

/** Some secrets cannot be read with the keys that were given, and stay as they are. */
export class SecretsLost extends Error {
  constructor(lost: readonly string[]) {
    const named = lost.slice(0, NAMED_MAX).join(', ')
    const more = lost.length > NAMED_MAX ? ` and ${lost.length - NAMED_MAX} more` : ''
    super(
      `no key of USAGEFLOW_ENCRYPTION_KEY opens: ${named}${more}. Give the key that they were sealed with, too.`,
    )
    this.name = 'SecretsLost'
  }
}

const NAMED_MAX = 10

/** `usageflow reseal`: seals under the first key whatever is under another. Throws SecretsLost when all else is done. */
export async function resealAll(config: Config, flags: { readonly json?: boolean }): Promise<void> {
  const places = await onDatabase(config, (database, { encryptionKeys }) =>
    resealEach(database, encryptionKeys),
  )
  const total = places.reduce((sum, { resealed }) => sum + resealed, 0)
  if (flags.json) sayJson(places)
  else if (total > 0)
    sayTable(
      ['SEALED ANEW', 'WHAT'],
      places.map(({ what, resealed }) => [String(resealed), what]),
    )
  const lost = places.flatMap((place) => place.lost)
  if (lost.length > 0) throw new SecretsLost(lost)
  if (!flags.json) say('Everything is sealed under the first key: the others are needed no more.')
}

/** All secrets of the installation, place by place. */
export async function resealEach(database: Database, keys: EncryptionKeys): Promise<Resealed[]> {
  const sealer = createSealer(...keys)
  const done: Resealed[] = []
  for (const place of PLACES) done.push(await reseal(database, sealer, place))
  return [...done, await resealSecondFactors(database, sessionSecretsOf(keys))]
}
