import { z } from 'zod'
import { customerIdField, flagField, instantField, textField } from '../platform/http/fields.ts'
import { STATUSES } from './invoice.ts'
import type { InvoiceFilter } from './invoice-conditions.store.ts'

/** Which invoices a request is about. */
export const filterQuery = {
  number: textField(100).optional().meta({ description: 'As it stands on the invoice' }),
  customerId: customerIdField.optional(),
  subscriptionId: textField(100).optional(),
  status: z.enum(STATUSES).optional(),
  overdue: flagField.optional().meta({
    description: 'Whether they should have been paid by now, and are not',
  }),
  periodFrom: instantField.optional().meta({ description: 'Of periods that begin no earlier' }),
  periodTo: instantField.optional().meta({ description: 'Of periods that end no later' }),
}

const filter = z.object(filterQuery)

export function filterOf(query: z.output<typeof filter>): InvoiceFilter {
  return {
    number: query.number ?? null,
    customer: query.customerId ?? null,
    subscriptionId: query.subscriptionId ?? null,
    status: query.status ?? null,
    overdue: query.overdue ?? null,
    periodFrom: query.periodFrom ?? null,
    periodTo: query.periodTo ?? null,
  }
}
