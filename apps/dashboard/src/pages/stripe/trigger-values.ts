import type { Meter } from '../../api/records.ts'
import type { paths } from '../../api/schema.gen.ts'
import { instantOf } from '../subscriptions/change-values.ts'
import { TRIGGER_TYPES, triggerType } from './trigger-types.ts'

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
  prorationBehavior: string
  createInvoices: boolean
  collectionMethod: string
}

/** What Stripe makes of a change of quantity within a period. */
export const PRORATIONS = [
  { value: 'none', label: 'Bill nothing for the change' },
  { value: 'create_prorations', label: 'Prorate on the next invoice' },
  { value: 'always_invoice', label: 'Prorate and invoice at once' },
]

/** How Stripe collects an invoice that it makes for one of ours. */
export const COLLECTION_METHODS = [
  { value: 'charge_automatically', label: 'Charge what the customer pays with at Stripe' },
  { value: 'send_invoice', label: 'Send it, due as the invoice here is' },
]

export const EMPTY: TriggerValues = {
  type: Object.keys(TRIGGER_TYPES)[0] ?? '',
  meter: null,
  priceId: '',
  eventName: '',
  multiplier: '1',
  usageFrom: '',
  createCustomers: false,
  prorationBehavior: 'none',
  createInvoices: true,
  collectionMethod: COLLECTION_METHODS[0]?.value ?? '',
}

/** What was left empty is not sent. */
export function triggerBody(values: TriggerValues): Body {
  const priceId = values.priceId.trim()
  const eventName = values.eventName.trim()
  const { usageFrom, createCustomers } = values
  const type = values.type as NonNullable<Body['type']>
  const { tells } = triggerType(type)
  if (tells === 'invoices') return { type, createCustomers, ...invoicesBody(values) }
  const said = { type, meter: values.meter ?? '', multiplier: values.multiplier.trim() }
  if (tells === 'quantity') {
    const prorationBehavior = values.prorationBehavior as NonNullable<Body['prorationBehavior']>
    return { ...said, prorationBehavior, ...(priceId === '' ? {} : { priceId }) }
  }
  return {
    ...said,
    createCustomers,
    ...(priceId === '' ? {} : { priceId }),
    ...(eventName === '' ? {} : { eventName }),
    ...(usageFrom === '' ? {} : { usageFrom: instantOf(usageFrom) ?? usageFrom }),
  }
}

function invoicesBody({ createInvoices, collectionMethod }: TriggerValues) {
  if (!createInvoices) return { createInvoices }
  const method = collectionMethod as NonNullable<Body['collectionMethod']>
  return { createInvoices, collectionMethod: method }
}

/** Whether the quantities of its hours add up to that of a month, which Stripe is told by. */
export function addsUp({ aggregation, rounding }: Pick<Meter, 'aggregation' | 'rounding'>) {
  return ['COUNT', 'SUM'].includes(aggregation) && rounding.mode === 'none'
}
