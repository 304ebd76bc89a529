import type { Decimal } from '@usageflow/pricing'

export const DURATIONS = ['once', 'periods', 'forever'] as const
export type Duration = (typeof DURATIONS)[number]

/** A discount that customers and subscriptions can be given. What it says never changes. */
export type Coupon = {
  readonly id: string
  readonly key: string
  readonly name: string
  /** A part of what is left of the lines, or an amount of it. */
  readonly discount: Discount
  /** For the first invoice, for the invoices of `periods` periods, or for all. */
  readonly duration: Duration
  readonly periods: number | null
  /** How often it can be given; null: without limit. */
  readonly redemptionsMax: number | null
  readonly redemptions: number
  /** From then on nobody gets it any more; who has it keeps it. */
  readonly expiresAt: Date | null
  readonly createdAt: Date
  readonly archivedAt: Date | null
}

export type Discount =
  | { readonly percent: Decimal }
  | { readonly amountMinor: bigint; readonly currency: string }

/** For how many invoices it counts; null: for all. */
export function invoicesOf({
  duration,
  periods,
}: Pick<Coupon, 'duration' | 'periods'>): number | null {
  return duration === 'once' ? 1 : periods
}
