import type { Anchor, Cycle, Decimal } from '@usageflow/pricing'
import type { Overrides } from '../catalog/overrides.ts'
import type { Plan, PlanVersion } from '../catalog/plan.ts'

/** What a term is for. Usage in a trial and a pause is counted and covered, and never billed. */
export type TermKind = 'billed' | 'trial' | 'pause'

/** The version of a plan, as far as it decides when something is billed. */
export type SoldPlan = {
  readonly id: string
  readonly key: string
  readonly version: number
  readonly cycle: Cycle
  readonly baseInAdvance: boolean
  readonly graceSeconds: number
}

/** What is sold, and how often. */
export type Offer = {
  readonly plan: SoldPlan
  /** How often the base price is due, like the seats of a team. */
  readonly quantity: Decimal
  /** Prices that hold for this subscription alone. */
  readonly overrides: Overrides
}

/** What a subscription is sold as in `[since, until)`; `until: null` means as long as it lasts. */
export type Term = Offer & {
  readonly no: number
  readonly kind: TermKind
  readonly since: Date
  readonly until: Date | null
  readonly anchor: Anchor
}

/** Terms that follow each other without a gap, the first one first; only the last has no end. */
export type Timeline = readonly [Term, ...Term[]]

/** The term that holds at an instant. What lies before the first, on the day of the start, belongs to it. */
export function termAt(terms: Timeline, at: Date): Term {
  return terms.findLast(({ since }) => since <= at) ?? terms[0]
}

/** What a subscription keeps of a version of a plan. */
export function soldPlan(plan: Pick<Plan, 'id' | 'key'>, content: PlanVersion): SoldPlan {
  const { version, cycle, baseInAdvance, graceSeconds } = content
  return { id: plan.id, key: plan.key, version, cycle, baseInAdvance, graceSeconds }
}
