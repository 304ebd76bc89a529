import { invariant } from '../platform/errors.ts'

export const PAYMENT_STATUSES = [
  'pending',
  'action_required',
  'succeeded',
  'failed',
  'canceled',
] as const
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number]

export const PROVIDER_NAMES = ['manual', 'test', 'stripe'] as const
/** `manual`: a person saw the money and recorded it. */
export type ProviderName = (typeof PROVIDER_NAMES)[number]

/** One attempt to move money. Its id is the idempotency key that the provider is given. */
export type Payment = {
  readonly id: string
  readonly kind: 'charge' | 'refund'
  /** Who wanted it: the schedule of dunning, or a person. */
  readonly origin: 'schedule' | 'request'
  readonly invoiceId: string
  readonly customer: string
  /** Null when the customer had no payment method: such an attempt fails. */
  readonly provider: ProviderName | null
  readonly methodId: string | null
  /** What the provider calls the method. */
  readonly methodToken: string | null
  /** What the provider calls it; null until it has said so. */
  readonly providerRef: string | null
  /** At which account of the provider it was sent; null before, and where the provider has no accounts. */
  readonly providerAccount: string | null
  /** Where the customer does what the payment waits for. */
  readonly actionUrl: string | null
  /** The payment that a refund gives back. */
  readonly refundOf: string | null
  readonly amountMinor: bigint
  /** ISO 4217 code. */
  readonly currency: string
  readonly status: PaymentStatus
  /** It has moved money that its invoice was not owed any more: it is to be given back. */
  readonly isSurplus: boolean
  readonly failureCode: string | null
  /** Somebody wants it given up: the provider is to be told. */
  readonly isCancelAsked: boolean
  /** Set before the provider is called: from then on it is asked what became of it. */
  readonly sentAt: Date | null
  /** How often its outcome was asked for in vain. */
  readonly asks: number
  /** Since when it waits for its customer; null: they were never asked. */
  readonly actionSince: Date | null
  readonly createdAt: Date
  readonly settledAt: Date | null
}

/** The whole life of a payment. A status that is not named is not reached. */
export const NEXT_STATUSES: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  pending: ['action_required', 'succeeded', 'failed', 'canceled'],
  action_required: ['succeeded', 'failed', 'canceled'],
  succeeded: [],
  failed: [],
  canceled: [],
}

export function isOpen({ status }: Pick<Payment, 'status'>): boolean {
  return NEXT_STATUSES[status].length > 0
}

/**
 * A refund that had succeeded and that a bank has sent back. Of what has ended nothing else changes, but for what was ended
 * by hand. `now` is when that was heard of.
 */
export function sentBack(refund: Payment, failureCode: string, now: Date): Payment {
  const { kind, status } = refund
  invariant(kind === 'refund' && status === 'succeeded', `a ${kind} that ${status} was sent back`)
  return { ...refund, status: 'failed', failureCode, settledAt: now }
}

/** How an open payment goes on; `now` is when. */
export function movedOn(
  payment: Payment,
  next: { readonly status: PaymentStatus; readonly failureCode: string | null },
  now: Date,
): Payment {
  const { status, failureCode } = next
  invariant(NEXT_STATUSES[payment.status].includes(status), `${payment.status} became ${status}`)
  return { ...payment, status, failureCode, settledAt: isOpen({ status }) ? null : now }
}

/** Why a payment failed whose provider never said what became of it. */
export const ENDED_BY_HAND = 'ended_by_hand'

/** Whether a person ended it without knowing whether it moved money. */
export function isEndedByHand({
  status,
  failureCode,
}: Pick<Payment, 'status' | 'failureCode'>): boolean {
  return status === 'failed' && failureCode === ENDED_BY_HAND
}

/** A payment that was ended by hand and has moved money nevertheless. `now` is when that was heard of. */
export function foundPaid(payment: Payment, isSurplus: boolean, now: Date): Payment {
  invariant(isEndedByHand(payment), `a payment that ${payment.status} was found paid`)
  return { ...payment, status: 'succeeded', failureCode: null, isSurplus, settledAt: now }
}
