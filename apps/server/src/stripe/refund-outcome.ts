import type Stripe from 'stripe'
import type { ProviderOutcome } from '../payments/provider.ts'

/** What a refund comes to. */
export function refundOutcome(refund: Stripe.Refund): ProviderOutcome {
  const { id: providerRef, status } = refund
  switch (status) {
    case 'succeeded':
    case 'canceled':
      return { providerRef, status }
    case 'failed':
      return { providerRef, status, failureCode: refund.failure_reason ?? 'refused' }
    default: // on its way, or it waits for somebody at Stripe
      return { providerRef, status: 'processing' }
  }
}
