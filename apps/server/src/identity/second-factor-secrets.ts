import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto'
import type { Database } from '../platform/db/database.ts'
import type { Resealed } from '../platform/secrets/reseal.ts'
import type { SessionSecrets } from '../platform/secrets/seal.ts'
import { selectFactorsSealedOtherwise, updateFactorSecrets } from './second-factors.store.ts'

/**
 * The secrets as the library takes them. What it sealed before it was told of versions says nothing of its secret: that was
 * the only one then, and is the last one now.
 */
export function librarySecrets(secrets: SessionSecrets): {
  secret: string
  secrets: { version: number; value: string }[]
} {
  return { secret: (secrets.at(-1) ?? secrets[0]).value, secrets: [...secrets] }
}

const AT_ONCE = 100

/**
 * Seals second factors and their backup codes under the first secret, those of everybody. May be interrupted, and run
 * twice at once. What no secret opens stays as it is.
 */
export async function resealSecondFactors(
  db: Database,
  secrets: SessionSecrets,
): Promise<Resealed> {
  const { secret: legacySecret } = librarySecrets(secrets)
  const keys = new Map(secrets.map(({ version, value }) => [version, value]))
  const key = { keys, currentVersion: secrets[0].version, legacySecret }
  const anew = async (data: string) =>
    symmetricEncrypt({ key, data: await symmetricDecrypt({ key, data }) })
  const lost: string[] = []
  let resealed = 0
  for (;;) {
    const found = await db.inTransaction(async (tx) => {
      const rows = await selectFactorsSealedOtherwise(tx, `$ba$${key.currentVersion}$`, {
        ...{ skipped: lost.length, limit: AT_ONCE },
      })
      for (const { id, secret, codes } of rows) {
        const sealed = await Promise.all([anew(secret), anew(codes)]).catch(() => null)
        if (sealed === null) lost.push(`second factor ${id}`)
        else await updateFactorSecrets(tx, { id, secret: sealed[0], codes: sealed[1] })
      }
      return rows.length
    })
    resealed += found
    if (found === 0) return { what: 'second factors', resealed: resealed - lost.length, lost }
  }
}
