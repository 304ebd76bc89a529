import { minorDigits } from '@usageflow/pricing'

/** Currencies of which Stripe counts other minor units than ISO 4217 does. */
const STRIPE_DIGITS: Readonly<Record<string, number>> = { ISK: 2, MGA: 0, UGX: 2 }

/** Stripe takes no amount of these that is not a whole multiple of this many of its minor units. */
const STEPS: Readonly<Record<string, bigint>> = {
  ...{ BHD: 10n, JOD: 10n, KWD: 10n, OMR: 10n, TND: 10n },
  ...{ ISK: 100n, UGX: 100n },
}

/**
 * An amount in ISO minor units as Stripe counts it; null when Stripe cannot move exactly this amount, which
 * must not be rounded.
 */
export function toStripeAmount(amountMinor: bigint, currency: string): number | null {
  const digits = minorDigits(currency)
  const theirs = STRIPE_DIGITS[currency] ?? digits
  const scale = 10n ** BigInt(Math.abs(theirs - digits))
  if (theirs < digits && amountMinor % scale !== 0n) return null
  const amount = theirs < digits ? amountMinor / scale : amountMinor * scale
  if (amount % (STEPS[currency] ?? 1n) !== 0n || amount > AMOUNT_MAX) return null
  return Number(amount) // tidy: not money — exact, being smaller than AMOUNT_MAX
}

/** How much that is in ISO minor units. `amount` is what Stripe says, a whole number. */
export function fromStripeAmount(amount: number, currency: string): bigint {
  const digits = minorDigits(currency)
  const theirs = STRIPE_DIGITS[currency] ?? digits
  const scale = 10n ** BigInt(Math.abs(theirs - digits))
  return theirs < digits ? BigInt(amount) * scale : BigInt(amount) / scale
}

const AMOUNT_MAX = 999_999_999_999n // Stripe takes at most twelve digits
