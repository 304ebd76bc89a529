/**
 * `waiting`: nothing of it is at Stripe. `sending`: Stripe was called, and has none, some or all of it. `sent`: it has all.
 * `paid`: Stripe was paid, and so is ours. `refused`: Stripe does not take it as it is. `withdrawing`: ours is paid by hand
 * or void, so it is to be taken back there. `withdrawn`: nothing of it is billed there.
 */
export const INVOICE_STATES = [
  'waiting',
  'sending',
  'sent',
  'paid',
  'refused',
  'withdrawing',
  'withdrawn',
] as const
export type StripeInvoiceState = (typeof INVOICE_STATES)[number]

/** What becomes of an invoice of ours at Stripe. */
export type StripeInvoice = {
  readonly invoiceId: string
  readonly triggerId: string
  readonly customer: string
  readonly currency: string
  /** What is due, to which its items add up. */
  readonly amountMinor: bigint
  readonly state: StripeInvoiceState
  /** Why it waits or was refused: a word of ours, or a code of Stripe. */
  readonly reason: string | null
  /** What Stripe said. */
  readonly reasonText: string | null
  readonly attempts: number
  /** Goes into its idempotency keys. */
  readonly keyNo: number
  /** Real time, like `sentAt` and `createdAt`: from then on Stripe may know these keys. Null: it was never called. */
  readonly keySince: Date | null
  readonly sentAt: Date | null
  readonly customerRef: string | null
  /** The invoice that was made for it, or on which its items came. Null: neither is known. */
  readonly invoiceRef: string | null
  /** Of that invoice, in the words of Stripe. */
  readonly invoiceStatus: string | null
  readonly createdAt: Date
}

/** A line at Stripe. */
export type StripeInvoiceItem = {
  readonly itemNo: number
  readonly description: string
  /** Negative: it takes off. */
  readonly amountMinor: bigint
  readonly period: { readonly from: Date; readonly to: Date }
  /** Null: it is not known to be there. */
  readonly itemRef: string | null
}

/** Words of ours for why it waits or was refused. */
export const INVOICE_REASONS = {
  notLinked: 'customer_not_linked',
  notConnected: 'not_connected',
  amountNotPossible: 'amount_not_possible',
  amountDiffers: 'amount_differs',
  missing: 'missing_at_stripe',
  voidAtStripe: 'void_at_stripe',
  paidAtStripe: 'paid_at_stripe',
  invoicedAtStripe: 'invoiced_at_stripe',
} as const

/** What people can do about it; null where nothing is wrong. */
export function adviceOnInvoice({
  state,
  reason,
}: Pick<StripeInvoice, 'state' | 'reason'>): string | null {
  if (reason === null) return null
  const known = ADVICE[reason]
  if (known !== undefined) return known
  return state === 'refused' ? 'Change at Stripe what `reasonText` names, then retry.' : null
}

const ADVICE: Readonly<Record<string, string>> = {
  [INVOICE_REASONS.notLinked]:
    'Link the customer with PUT /api/v1/customers/{customerId}/stripe-customer; what waits is sent then.',
  [INVOICE_REASONS.notConnected]:
    'Connect the account of Stripe that the trigger was made for, with PUT /api/v1/stripe; it goes on then.',
  key_refused:
    'Give a key that may write Invoices and Customers, with PUT /api/v1/stripe. It is tried each minute.',
  rate_limited: 'Nothing: Stripe is asked again, ever more slowly.',
  no_answer: 'Nothing: what came of it is looked up, and only what is missing is sent again.',
  [INVOICE_REASONS.amountNotPossible]:
    'Stripe cannot bill exactly this amount in this currency. Record how it is paid, or declare the invoice void.',
  [INVOICE_REASONS.amountDiffers]:
    'Stripe adds something, like a tax or a discount of the account. Change that there, then retry: the draft is compared anew. It is not finalized as it is.',
  [INVOICE_REASONS.missing]:
    'Somebody deleted it at Stripe. Retry to have it made again, or declare the invoice void.',
  [INVOICE_REASONS.voidAtStripe]:
    'Somebody declared it void at Stripe. Retry to have another one made, or declare the invoice void here as well.',
  [INVOICE_REASONS.paidAtStripe]:
    'It was paid at Stripe, and is paid by hand or void here. Give the money back at Stripe.',
  [INVOICE_REASONS.invoicedAtStripe]:
    'Its items stand on an invoice of Stripe that is final, while it is paid by hand or void here. Make a credit note for them at Stripe.',
}
