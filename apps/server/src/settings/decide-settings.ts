import { isTimeZone } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import { selectOrganizationName, selectSettings, upsertSettings } from './billing-settings.store.ts'
import { type BillingSettings, defaultSettings, patternProblem } from './billing-settings.ts'
import { failures } from './failures.ts'
import { logoProblem } from './logo.ts'

/** What has been decided, or the defaults. */
export async function billingSettings(tx: Tx, envId: number): Promise<BillingSettings> {
  const decided = await selectSettings(tx, envId)
  return decided ?? defaultSettings(await selectOrganizationName(tx, envId))
}

/**
 * Changes what is given and leaves the rest. Throws `settings.pattern_impossible`, `settings.logo_impossible`
 * and `settings.time_zone_unknown`.
 */
export async function decideSettings(
  tx: Tx,
  envId: number,
  changes: Partial<BillingSettings>,
  now: Date,
): Promise<BillingSettings> {
  const settings = { ...(await billingSettings(tx, envId)), ...changes }
  for (const pattern of [settings.numberPattern, settings.creditNotePattern]) {
    const problem = patternProblem(pattern)
    if (problem) throw failures.patternImpossible(pattern, problem)
  }
  if (!isTimeZone(settings.timeZone)) throw failures.timeZoneUnknown(settings.timeZone)
  const logoWrong = changes.logo ? logoProblem(changes.logo) : null
  if (logoWrong) throw failures.logoImpossible(logoWrong)
  await upsertSettings(tx, envId, settings, now)
  return settings
}
