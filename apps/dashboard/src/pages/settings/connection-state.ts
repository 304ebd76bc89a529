import type { StripeConnection } from '../../api/records.ts'

/** How a connection to Stripe is, in one word. */
export function connectionState({
  lastError,
  hasWebhookSecret,
}: Pick<StripeConnection, 'lastError' | 'hasWebhookSecret'>):
  | 'connected'
  | 'incomplete'
  | 'refused' {
  if (lastError !== null) return 'refused'
  return hasWebhookSecret ? 'connected' : 'incomplete'
}
