import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** What the library has sealed of a second factor. */
export type Factor = { readonly id: string; readonly secret: string; readonly codes: string }

// tidy: all environments — an account belongs to none
export async function selectFactorsSealedOtherwise(
  tx: Tx,
  mark: string,
  { skipped, limit }: { readonly skipped: number; readonly limit: number },
): Promise<readonly Factor[]> {
  const { rows } = await sql<Factor>`
    select id, secret, backup_codes as codes from two_factors
    where not (starts_with(secret, ${mark}) and starts_with(backup_codes, ${mark}))
    order by id limit ${limit} offset ${skipped} for update`.execute(tx)
  return rows
}

// tidy: all environments — as above
export async function updateFactorSecrets(tx: Tx, { id, secret, codes }: Factor): Promise<void> {
  await tx
    .updateTable('two_factors')
    .set({ secret, backup_codes: codes })
    .where('id', '=', id)
    .execute()
}
