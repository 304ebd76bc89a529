import type { Plan, PlanVersion, Subscription } from '../../api/records.ts'
import { type OverrideValues, overridesBody, overrideValues } from './override-values.ts'

/** From when on something holds; `at` is a time in UTC as the browser's field has it. */
export type WhenValues = { kind: 'now' | 'period_end' | 'at'; at: string }

export type ChangeValues = {
  plan: string
  planVersion: number
  quantity: string
  overrides: OverrideValues
  when: WhenValues
}

/** As the API takes it; a time that cannot be read goes as it is, and the server says so. */
export function whenBody({ kind, at }: WhenValues): string {
  if (kind !== 'at') return kind
  return instantOf(at) ?? at
}

/** A time in UTC from a field of the browser, with its zone; null: it is none. */
export function instantOf(typed: string): string | null {
  const time = new Date(`${typed}Z`)
  return Number.isNaN(time.getTime()) ? null : time.toISOString()
}

/** What is to be sold instead, said in full, so that nothing depends on what else was clicked. */
export function changeBody({ plan, planVersion, quantity, overrides, when }: ChangeValues) {
  return {
    ...{ plan, planVersion, quantity: quantity.trim() },
    overrides: overridesBody(overrides),
    when: whenBody(when),
  }
}

/** What a change begins with: what holds now. */
export function changeValues(subscription: Subscription, plans: readonly Plan[]): ChangeValues {
  const { plan, planVersion, quantity, overrides } = subscription
  const version = versionOf(plans, { plan, planVersion })
  return {
    ...{ plan, planVersion, quantity, overrides: overrideValues(overrides, version) },
    when: { kind: 'period_end', at: '' },
  }
}

export function versionOf(
  plans: readonly Plan[],
  { plan, planVersion }: { readonly plan: string | null; readonly planVersion: number | null },
): PlanVersion | undefined {
  const versions = plans.find(({ key }) => key === plan)?.versions ?? []
  return versions.find(({ version }) => version === planVersion)
}
