import type { Meter } from '../../api/records.ts'
import type { paths } from '../../api/schema.gen.ts'
import { instantOf } from '../subscriptions/change-values.ts'
import { TRIGGER_TYPES } from './trigger-types.ts'

type Body = NonNullable<
  paths['/api/v1/stripe/triggers']['post']['requestBody']
>['content']['application/json']

/** As it is typed: numbers are texts, and `usageFrom` is a time in UTC as the browser's field has it. */
export type TriggerValues = {
  type: string
  meter: string | null
  priceId: string
  eventName: string
  multiplier: string
  usageFrom: string
  createCustomers: boolean
}

export const EMPTY: TriggerValues = {
  type: Object.keys(TRIGGER_TYPES)[0] ?? '',
  meter: null,
  priceId: '',
  eventName: '',
  multiplier: '1',
  usageFrom: '',
  createCustomers: false,
}

/** What was left empty is not sent. */
export function triggerBody(values: TriggerValues): Body {
  const priceId = values.priceId.trim()
  const eventName = values.eventName.trim()
  const { usageFrom, createCustomers } = values
  return {
    type: values.type as NonNullable<Body['type']>,
    meter: values.meter ?? '',
    multiplier: values.multiplier.trim(),
    createCustomers,
    ...(priceId === '' ? {} : { priceId }),
    ...(eventName === '' ? {} : { eventName }),
    ...(usageFrom === '' ? {} : { usageFrom: instantOf(usageFrom) ?? usageFrom }),
  }
}

/** Whether the quantities of its hours add up to that of a month, which Stripe is told by. */
export function addsUp({ aggregation, rounding }: Pick<Meter, 'aggregation' | 'rounding'>) {
  return ['COUNT', 'SUM'].includes(aggregation) && rounding.mode === 'none'
}
