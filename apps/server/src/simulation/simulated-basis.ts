import { sum, ZERO } from '@usageflow/pricing'
import { type NamedVersion, versionKey } from '../catalog/find-plan.ts'
import { creditsUsedIn } from '../invoicing/settle-credits.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { type Basis, basisNow } from '../rating/basis.ts'
import type { BilledPeriod } from '../subscriptions/billed-periods.ts'

/**
 * What is true now, with a version that need not be stored; and with the credits of units as if nothing of
 * these periods were billed yet. Money that customers have is not what a price is judged by.
 */
export async function simulatedBasis(
  tx: Tx,
  envId: number,
  periods: readonly BilledPeriod[],
  version: NamedVersion,
): Promise<Basis> {
  const now = basisNow(tx, envId)
  const refs = periods.map(({ subscription, period }) => ({
    subscriptionId: subscription.id,
    periodNo: period.no,
  }))
  const used = await creditsUsedIn(tx, envId, refs)
  return {
    ...now,
    async versions(asked) {
      const stored = await now.versions(
        asked.filter((ref) => versionKey(ref) !== versionKey(version)),
      )
      return new Map([...stored, [versionKey(version), version]])
    },
    async grants(customers, window) {
      const grants = await now.grants(customers, window)
      return grants
        .filter(({ asset }) => asset.kind === 'units')
        .map((grant) => ({ ...grant, left: sum([grant.left, used.get(grant.id) ?? ZERO]) }))
    },
  }
}
