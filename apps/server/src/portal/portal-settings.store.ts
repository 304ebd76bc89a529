import type { Tx } from '../platform/db/transaction.ts'
import type { PortalSettings } from './portal-settings.ts'

export async function selectSettings(tx: Tx, envId: number): Promise<PortalSettings | undefined> {
  const row = await tx
    .selectFrom('portal_settings')
    .selectAll()
    .where('env_id', '=', envId)
    .executeTakeFirst()
  return row && { accentColor: row.accent_color, planIds: row.plan_ids }
}

export async function upsertSettings(
  tx: Tx,
  envId: number,
  settings: PortalSettings,
  changedAt: Date,
): Promise<void> {
  const values = {
    accent_color: settings.accentColor,
    plan_ids: [...settings.planIds],
    changed_at: changedAt,
  }
  await tx
    .insertInto('portal_settings')
    .values({ env_id: envId, ...values })
    .onConflict((conflict) => conflict.column('env_id').doUpdateSet(values))
    .execute()
}
