export const DISPUTE_STATUSES = ['open', 'won', 'lost', 'closed'] as const

/** A payment that its customer disputes at a bank, as the provider tells of it. */
export type Dispute = {
  /** What the provider calls it. */
  readonly id: string
  readonly paymentId: string
  readonly amountMinor: bigint
  /** ISO 4217 code. */
  readonly currency: string
  /** In the words of the provider. */
  readonly reason: string
  /** `closed`: it was a question only, and money did not move. */
  readonly status: (typeof DISPUTE_STATUSES)[number]
  /** Until when the provider takes evidence. */
  readonly evidenceDueAt: Date | null
  readonly openedAt: Date
  readonly closedAt: Date | null
}
