import { instantOf } from './change-values.ts'
import { NO_OVERRIDES, type OverrideValues, overridesBody } from './override-values.ts'

export type AddOnValues = { addOn: string | null; quantity: string }

export type NewValues = {
  customerId: string
  plan: string | null
  /** Null: the newest. */
  planVersion: number | null
  quantity: string
  /** Empty: those of the plan. */
  trialDays: string
  /** In UTC; empty: now. */
  startedAt: string
  /** In UTC; empty: nobody knows yet. */
  cancelAt: string
  timeZone: string
  anchor: 'day' | 'instant' | 'calendar'
  overrides: OverrideValues
  coupon: string | null
  addOns: AddOnValues[]
}

export const EMPTY_SUBSCRIPTION: NewValues = {
  ...{ customerId: '', plan: null, planVersion: null, quantity: '1', trialDays: '' },
  ...{ startedAt: '', cancelAt: '', timeZone: 'UTC', anchor: 'day', overrides: NO_OVERRIDES },
  ...{ coupon: null, addOns: [] },
}

/** As the API takes it: what is left empty is left to the plan and to the API. */
export function subscribeBody(values: NewValues) {
  const { plan, planVersion, timeZone, anchor, startedAt, cancelAt } = values
  const customerId = values.customerId.trim()
  const overrides = overridesBody(values.overrides)
  const addOns = chosenAddOns(values)
  return {
    ...{ plan: plan ?? '', quantity: values.quantity.trim() || '1', timeZone, anchor },
    ...(customerId === '' ? {} : { customerId }),
    ...(planVersion === null ? {} : { planVersion }),
    ...(values.trialDays.trim() ? { trialDays: Number(values.trialDays) } : {}),
    ...(startedAt ? { startedAt: instantOf(startedAt) ?? startedAt } : {}),
    ...(cancelAt ? { cancelAt: instantOf(cancelAt) ?? cancelAt } : {}),
    ...(Object.keys(overrides).length === 0 ? {} : { overrides }),
    ...(values.coupon === null ? {} : { coupon: values.coupon }),
    ...(addOns.length === 0 ? {} : { addOns }),
  }
}

function chosenAddOns({ addOns }: NewValues) {
  return addOns.flatMap(({ addOn, quantity }) =>
    addOn === null ? [] : [{ addOn, quantity: quantity.trim() || '1' }],
  )
}
