import { findPlan } from '../catalog/find-plan.ts'
import type { Plan } from '../catalog/plan.ts'
import { failures as planFailures } from '../catalog/plan-failures.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { selectSettings, upsertSettings } from './portal-settings.store.ts'

/** What the portal of an environment is like. */
export type PortalSettings = {
  /** `#rrggbb`, in small letters; null: ours. */
  readonly accentColor: string | null
  /** What customers may change to by themselves, in the order in which they are shown. */
  readonly planIds: readonly string[]
}

const DEFAULTS: PortalSettings = { accentColor: null, planIds: [] }

/** What has been decided, or the defaults. */
export async function portalSettings(tx: Tx, envId: number): Promise<PortalSettings> {
  return (await selectSettings(tx, envId)) ?? DEFAULTS
}

/** Changes what is given and leaves the rest; plans by id or key. Throws `plan.unknown` and `plan.archived`. */
export async function decideSettings(
  tx: Tx,
  envId: number,
  changes: { readonly accentColor?: string | null; readonly plans?: readonly string[] },
  now: Date,
): Promise<PortalSettings> {
  const before = await portalSettings(tx, envId)
  const { accentColor = before.accentColor, plans } = changes
  const planIds = plans ? await idsOnSale(tx, envId, plans) : before.planIds
  const settings = { accentColor, planIds }
  await upsertSettings(tx, envId, settings, now)
  return settings
}

async function idsOnSale(tx: Tx, envId: number, refs: readonly string[]): Promise<string[]> {
  const ids = new Set<string>()
  for (const ref of refs) {
    const plan = await findPlan(tx, envId, ref)
    if (plan.archivedAt) throw planFailures.archived(plan.key)
    ids.add(plan.id)
  }
  return [...ids]
}

/** The plans of the settings, in their order. */
export async function plansOf(tx: Tx, envId: number, { planIds }: PortalSettings): Promise<Plan[]> {
  const plans: Plan[] = []
  for (const id of planIds) plans.push(await findPlan(tx, envId, id))
  return plans
}
