import { formatMinor } from '@usageflow/pricing'
import { z } from 'zod'
import { instantText } from '../platform/http/fields.ts'
import { PAYMENT_STATUSES, type Payment, PROVIDER_NAMES } from './payment.ts'
import { METHOD_PROVIDERS, type PaymentMethod } from './payment-methods.store.ts'

export const paymentReply = z
  .object({
    id: z.string(),
    kind: z.enum(['charge', 'refund']),
    origin: z
      .enum(['schedule', 'request'])
      .meta({ description: 'Begun by the schedule of the environment, or by a request' }),
    invoiceId: z.string(),
    customerId: z.string(),
    provider: z
      .enum(PROVIDER_NAMES)
      .nullable()
      .meta({ description: 'Null: the customer had no payment method' }),
    paymentMethodId: z.string().nullable(),
    refundOf: z.string().nullable(),
    amountMinor: z.string(),
    amount: z.string(),
    currency: z.string(),
    status: z.enum(PAYMENT_STATUSES),
    failureCode: z.string().nullable(),
    surplus: z.boolean().meta({
      description:
        'It was ended by hand and has taken money that its invoice is not owed: it is to be given back',
    }),
    providerRef: z.string().nullable().meta({ description: 'What the provider calls it' }),
    actionUrl: z
      .string()
      .nullable()
      .meta({ description: 'Where the customer does what the payment waits for' }),
    createdAt: instantText,
    settledAt: instantText.nullable(),
  })
  .meta({ id: 'Payment' })

export function toPayment(payment: Payment): z.input<typeof paymentReply> {
  const { id, kind, origin, invoiceId, provider, refundOf, amountMinor, currency } = payment
  return {
    ...{ id, kind, origin, invoiceId, provider, refundOf, currency },
    customerId: payment.customer,
    paymentMethodId: payment.methodId,
    amountMinor: String(amountMinor),
    amount: formatMinor(amountMinor, currency),
    status: payment.status,
    failureCode: payment.failureCode,
    surplus: payment.isSurplus,
    providerRef: payment.providerRef,
    actionUrl: payment.actionUrl,
    createdAt: payment.createdAt.toISOString(),
    settledAt: payment.settledAt?.toISOString() ?? null,
  }
}

export const methodReply = z
  .object({
    id: z.string(),
    customerId: z.string(),
    provider: z.enum(METHOD_PROVIDERS),
    token: z.string(),
    label: z.string().meta({ description: 'What people call it, like `Visa •••• 4242`' }),
    expiresOn: z
      .string()
      .nullable()
      .meta({ description: 'The last month of a card, like `2030-04`' }),
    isDefault: z.boolean().meta({ description: 'Invoices are collected with it' }),
    attachedAt: instantText,
  })
  .meta({ id: 'PaymentMethod' })

/** What people call a method; where nobody has said, its token. */
export function methodLabelOf({ label, token }: PaymentMethod): string {
  return label ?? token
}

export function toMethod(method: PaymentMethod): z.input<typeof methodReply> {
  const { id, provider, token, expiresOn, isDefault } = method
  const label = methodLabelOf(method)
  const attachedAt = method.attachedAt.toISOString()
  return {
    id,
    customerId: method.customer,
    provider,
    token,
    label,
    expiresOn,
    isDefault,
    attachedAt,
  }
}
