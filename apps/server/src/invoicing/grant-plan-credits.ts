import { planVersions, versionKey } from '../catalog/find-plan.ts'
import { grantForPeriod } from '../credits/grant-for-period.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { BilledPeriod } from '../subscriptions/billed-periods.ts'

/** Grants what the plans of these periods give for them. A repeat changes nothing. */
export async function grantPlanCredits(
  tx: Tx,
  envId: number,
  periods: readonly BilledPeriod[],
  now: Date,
): Promise<void> {
  const billed = periods.filter(({ period }) => period.isBilled)
  if (billed.length === 0) return
  const versions = await planVersions(tx, envId, billed.map(versionOf))
  for (const each of billed) {
    const { subscription, period } = each
    const credits = versions.get(versionKey(versionOf(each)))?.credits ?? []
    if (credits.length > 0) await grantForPeriod(tx, envId, { subscription, period, credits }, now)
  }
}

function versionOf({ subscription: { plan } }: BilledPeriod) {
  return { planId: plan.id, version: plan.version }
}
