import type { PayableInvoice } from '../invoicing/payable-invoices.ts'
import { newId } from '../platform/id.ts'
import type { Payment } from './payment.ts'
import type { PaymentMethod } from './payment-methods.store.ts'

/** An attempt to collect all that is due of an invoice; without a method it will fail. */
export function newCharge(
  invoice: PayableInvoice,
  method: PaymentMethod | undefined,
  origin: Payment['origin'],
  now: Date,
): Payment {
  return {
    ...unsent(invoice, now),
    kind: 'charge',
    origin,
    provider: method?.provider ?? null,
    methodId: method?.id ?? null,
    methodToken: method?.token ?? null,
    refundOf: null,
    amountMinor: invoice.amountDueMinor,
  }
}

/** Money that a person saw come in. */
export function recordedCharge(invoice: PayableInvoice, now: Date): Payment {
  const charge = newCharge(invoice, undefined, 'request', now)
  return { ...charge, provider: 'manual', status: 'succeeded', settledAt: now }
}

/** Gives a payment back, or a part of it. What a person recorded, a person gave back. */
export function newRefund(charge: Payment, amountMinor: bigint, now: Date): Payment {
  const isByHand = charge.provider === 'manual'
  return {
    ...charge,
    ...unsent({ ...charge, id: charge.invoiceId }, now),
    kind: 'refund',
    origin: 'request',
    refundOf: charge.id,
    amountMinor,
    ...(isByHand ? ({ status: 'succeeded', settledAt: now } as const) : {}),
  }
}

function unsent(
  invoice: { readonly id: string; readonly customer: string; readonly currency: string },
  now: Date,
) {
  return {
    id: newId('pay'),
    invoiceId: invoice.id,
    customer: invoice.customer,
    currency: invoice.currency,
    status: 'pending',
    failureCode: null,
    providerRef: null,
    providerAccount: null,
    actionUrl: null,
    isCancelAsked: false,
    isSurplus: false,
    sentAt: null,
    asks: 0,
    actionSince: null,
    createdAt: now,
    settledAt: null,
  } as const
}
