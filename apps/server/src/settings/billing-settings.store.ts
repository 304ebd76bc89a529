import type { Tx } from '../platform/db/transaction.ts'
import type { BillingSettings, DocumentLanguage } from './billing-settings.ts'

export async function selectSettings(tx: Tx, envId: number): Promise<BillingSettings | undefined> {
  const row = await tx
    .selectFrom('billing_settings')
    .selectAll()
    .where('env_id', '=', envId)
    .executeTakeFirst()
  return (
    row && {
      sellerName: row.seller_name,
      sellerAddress: row.seller_address,
      taxNumbers: row.tax_numbers,
      email: row.email,
      logo: row.logo,
      language: row.language as DocumentLanguage, // nothing else is ever stored
      timeZone: row.time_zone,
      numberPattern: row.number_pattern,
      creditNotePattern: row.credit_note_pattern,
      note: row.note,
    }
  )
}

export async function selectOrganizationName(tx: Tx, envId: number): Promise<string> {
  const { name } = await tx
    .selectFrom('environments as e')
    .innerJoin('organizations as o', 'o.id', 'e.organization_id')
    .select('o.name')
    .where('e.env_id', '=', envId)
    .executeTakeFirstOrThrow()
  return name
}

export async function upsertSettings(
  tx: Tx,
  envId: number,
  settings: BillingSettings,
  changedAt: Date,
): Promise<void> {
  const values = {
    seller_name: settings.sellerName,
    seller_address: [...settings.sellerAddress],
    tax_numbers: [...settings.taxNumbers],
    email: settings.email,
    logo: settings.logo,
    language: settings.language,
    time_zone: settings.timeZone,
    number_pattern: settings.numberPattern,
    credit_note_pattern: settings.creditNotePattern,
    note: settings.note,
    changed_at: changedAt,
  }
  await tx
    .insertInto('billing_settings')
    .values({ env_id: envId, ...values })
    .onConflict((row) => row.column('env_id').doUpdateSet(values))
    .execute()
}
