import type { Tx } from '../platform/db/transaction.ts'
import type { Plan, PlanVersion, PlanVersionRef } from './plan.ts'
import { failures } from './plan-failures.ts'
import { selectPlan, selectPlanNames, selectVersions, selectVersionsOf } from './plans.store.ts'

/** Throws `plan.unknown`. `ref` is an id or a key. */
export async function findPlan(tx: Tx, envId: number, ref: string): Promise<Plan> {
  const plan = await selectPlan(tx, envId, ref)
  if (!plan) throw failures.unknown(ref)
  return plan
}

/**
 * The version of a plan that a new subscription gets: the named one, or the newest. Throws
 * `plan.unknown`, `plan.version_unknown` and `plan.archived`.
 */
export async function versionOnSale(
  tx: Tx,
  envId: number,
  wanted: { readonly plan: string; readonly version: number | null },
): Promise<{ readonly plan: Plan; readonly content: PlanVersion }> {
  const plan = await findPlan(tx, envId, wanted.plan)
  if (plan.archivedAt) throw failures.archived(plan.key)
  const versions = await selectVersionsOf(tx, envId, [plan.id])
  const content = versions.find(({ version }) => version === (wanted.version ?? version))
  if (!content) throw failures.versionUnknown(plan.key, wanted.version ?? 0)
  return { plan, content }
}

/** A plan version with the name of its plan. */
export type NamedVersion = PlanVersion & { readonly planName: string }

/** The named versions in one go, to be looked up by `versionKey`. All must exist. */
export async function planVersions(
  tx: Tx,
  envId: number,
  refs: readonly PlanVersionRef[],
): Promise<ReadonlyMap<string, NamedVersion>> {
  const distinct = [...new Map(refs.map((ref) => [versionKey(ref), ref])).values()]
  if (distinct.length === 0) return new Map()
  const names = await selectPlanNames(tx, envId, [...new Set(distinct.map(({ planId }) => planId))])
  const versions = await selectVersions(tx, envId, distinct)
  return new Map(
    versions.map((version) => [
      versionKey(version),
      { ...version, planName: names.get(version.planId) ?? version.planId },
    ]),
  )
}

export function versionKey({ planId, version }: PlanVersionRef): string {
  return `${planId} ${version}`
}

/** One version of a plan, on sale or not. Throws `plan.unknown` and `plan.version_unknown`. */
export async function planVersion(
  tx: Tx,
  envId: number,
  wanted: { readonly plan: string; readonly version: number },
): Promise<NamedVersion> {
  const plan = await findPlan(tx, envId, wanted.plan)
  const ref = { planId: plan.id, version: wanted.version }
  const found = (await planVersions(tx, envId, [ref])).get(versionKey(ref))
  if (!found) throw failures.versionUnknown(plan.key, wanted.version)
  return found
}
