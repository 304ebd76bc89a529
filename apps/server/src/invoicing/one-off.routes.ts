import { decimal, ZERO } from '@usageflow/pricing'
import { z } from 'zod'
import { failures as planFailures } from '../catalog/plan-failures.ts'
import { failures as taxRateFailures } from '../catalog/tax-rate-failures.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import { customerIdField, decimalField, instantField, textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { createOneOff, type NewOneOff, oneOffContent } from './create-one-off.ts'
import { failures } from './failures.ts'
import { invoiceReply, previewReply, toInvoice, toPreview } from './invoice-reply.ts'

const ITEMS_MAX = 200
const NET_DAYS_MAX = 366
const QUANTITY_MAX = decimal('1000000000000')

const item = z.strictObject({
  description: textField(500),
  quantity: decimalField
    .refine(
      (text) => decimal(text) > ZERO && decimal(text) <= QUANTITY_MAX,
      'is not more than 0 and at most 10^12',
    )
    .default('1'),
  unitAmount: decimalField.meta({ description: 'Of one, in the major unit', example: '150' }),
  taxRate: textField(100)
    .nullable()
    .default(null)
    .meta({ description: 'Id or key; null: that of the customer' }),
})

const body = z.strictObject({
  customerId: customerIdField,
  currency: z.string().length(3).meta({ description: 'ISO 4217', example: 'USD' }),
  items: z.array(item).min(1).max(ITEMS_MAX),
  netDays: z
    .number()
    .int()
    .min(0)
    .max(NET_DAYS_MAX)
    .optional()
    .meta({ description: 'Until it is due; those of the customer, else 0, unless given' }),
  period: z
    .strictObject({ start: instantField, end: instantField })
    .optional()
    .meta({ description: 'When it was supplied; at this instant unless given' }),
})

const contentFailures = [
  customerFailures.unknown,
  planFailures.currencyUnknown,
  planFailures.amountImpossible,
  taxRateFailures.unknown,
  taxRateFailures.archived,
  failures.periodImpossible,
  failures.amountTooLarge,
]

/** Invoices that are of no subscription. */
export function oneOffRoutes(): Route[] {
  return [createRoute(), previewRoute()]
}

function createRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/invoices',
    tag: 'Invoices',
    summary: 'Make a one-off invoice',
    description:
      'Charges a customer for something beside all plans. It is final at once: numbered, told of and collected like every invoice. Taxed by the rate of each item, else of the customer; credits of money pay for it.',
    scope: 'billing:write',
    body,
    replies: { 201: invoiceReply },
    failures: contentFailures,
    async handle({ tx, caller, body, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      const invoice = await createOneOff(tx, caller.envId, wantedOf(body), now)
      return { status: 201, body: toInvoice(invoice) }
    },
  })
}

function previewRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/invoices/preview',
    tag: 'Invoices',
    summary: 'Show what a one-off invoice would say',
    description: 'By the function that makes it; nothing is written.',
    scope: 'billing:read',
    body,
    replies: { 200: previewReply },
    failures: contentFailures,
    async handle({ tx, caller, body, systemNow }) {
      const now = await environmentNow(tx, caller.envId, systemNow)
      const content = await oneOffContent(tx, caller.envId, wantedOf(body), now)
      return { status: 200, body: toPreview({ customer: body.customerId, id: null }, content) }
    },
  })
}

function wantedOf({ customerId, netDays, period, items, currency }: z.output<typeof body>) {
  return {
    ...{ customer: customerId, currency, netDays: netDays ?? null, period: period ?? null },
    items: items.map(({ quantity, ...rest }) => ({ ...rest, quantity: decimal(quantity) })),
  } satisfies NewOneOff
}
