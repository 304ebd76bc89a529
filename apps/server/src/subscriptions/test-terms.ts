import { anchorAt, wholeDecimal } from '@usageflow/pricing'
import type { SoldPlan, Term } from './term.ts'

export const A_PLAN: SoldPlan = {
  id: 'plan_1',
  key: 'pro',
  version: 1,
  cycle: 'month',
  baseInAdvance: false,
  graceSeconds: 3600,
}

/** A term without an end from `since` on, billed by the month from midnight of that day. */
export function aTerm(since: string, overrides: Partial<Term> = {}): Term {
  return {
    no: 0,
    kind: 'billed',
    since: new Date(since),
    until: null,
    plan: A_PLAN,
    quantity: wholeDecimal(1n),
    overrides: {},
    anchor: anchorAt('day', new Date(since), 'UTC'),
    ...overrides,
  }
}
