import type { Tx } from '../platform/db/transaction.ts'
import type { Payment } from './payment.ts'

/** What became of a charge or refund. */
export type ProviderOutcome = {
  /** What the provider calls it, where it calls it anything. */
  readonly providerRef?: string
} & (
  | { readonly status: 'succeeded' }
  | { readonly status: 'failed'; readonly failureCode: string }
  /** The customer has to do something first, like asking their bank; `actionUrl` is where. */
  | { readonly status: 'action_required'; readonly actionUrl?: string | null }
  | { readonly status: 'canceled' }
  /** The provider has it, and a bank takes its time, maybe days. */
  | { readonly status: 'processing' }
  /** Nobody can say yet: it is asked for again later. */
  | { readonly status: 'unknown' }
)

/** A movement of money that is wanted. The provider does one with the same idempotency key once. */
export type ProviderRequest = {
  readonly kind: Payment['kind']
  readonly idempotencyKey: string
  readonly customerRef: string
  /** What it is for, for the books of the provider: the invoice, or the payment that is given back. */
  readonly reference: string
  readonly methodToken: string
  readonly amountMinor: bigint
  readonly currency: string
  /** What the provider calls it; null until it has said so. */
  readonly providerRef: string | null
  /** At which account it is to be made, or was; null where the provider has no accounts. */
  readonly account: string | null
  /** What the provider calls the charge that a refund gives back; null for a charge. */
  readonly chargeRef: string | null
}

/** The names of the providers there are. */
export type ProviderWord = Exclude<Payment['provider'], 'manual' | null>

/**
 * Whoever moves money for us. A call that throws has an unknown outcome: the money may have moved.
 * Nothing of it is called inside a transaction of ours, unless it is given one.
 */
export type PaymentProvider = {
  readonly name: ProviderWord
  /**
   * At which account money of the environment is moved now, which stays so until the transaction ends; null where it has
   * none. Of a provider with accounts.
   */
  accountOf?(tx: Tx, envId: number): Promise<string | null>
  charge(envId: number, request: ProviderRequest): Promise<ProviderOutcome>
  refund(envId: number, request: ProviderRequest): Promise<ProviderOutcome>
  /**
   * What became of the request, which may have been sent any time ago; null when the provider never got
   * one. It is found by its idempotency key, however long the provider keeps those.
   */
  find(envId: number, request: ProviderRequest): Promise<ProviderOutcome | null>
  /** Gives up a charge that waits for its customer. What has gone through stays, and is the answer. */
  cancel(envId: number, request: ProviderRequest): Promise<ProviderOutcome>
}

/** By the names that payments bear. */
export type Providers = Readonly<Record<ProviderWord, PaymentProvider>>
