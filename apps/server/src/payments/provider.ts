/** What became of a charge or refund. */
export type ProviderOutcome =
  | { readonly status: 'succeeded' }
  | { readonly status: 'failed'; readonly failureCode: string }
  /** The customer has to do something first, like asking their bank. */
  | { readonly status: 'action_required' }
  | { readonly status: 'canceled' }
  /** Nobody can say yet: it is asked for again later. */
  | { readonly status: 'unknown' }

/** A movement of money that is wanted. The provider does one with the same idempotency key once. */
export type ProviderRequest = {
  readonly idempotencyKey: string
  readonly customerRef: string
  /** What it is for, for the books of the provider: the invoice, or the payment that is given back. */
  readonly reference: string
  readonly methodToken: string
  readonly amountMinor: bigint
  readonly currency: string
}

/**
 * Whoever moves money for us. A call that throws has an unknown outcome: the money may have moved.
 * Nothing here is called inside a transaction of ours.
 */
export type PaymentProvider = {
  readonly name: 'test'
  charge(envId: number, request: ProviderRequest): Promise<ProviderOutcome>
  refund(envId: number, request: ProviderRequest): Promise<ProviderOutcome>
  /** What became of the request with this key; null when the provider never got one. */
  find(envId: number, idempotencyKey: string): Promise<ProviderOutcome | null>
  /** Gives up a charge that waits for its customer. What has gone through stays, and is the answer. */
  cancel(envId: number, idempotencyKey: string): Promise<ProviderOutcome>
}

/** By the names that payments bear. */
export type Providers = Readonly<Record<PaymentProvider['name'], PaymentProvider>>
