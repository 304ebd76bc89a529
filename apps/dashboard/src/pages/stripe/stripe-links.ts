/** A page of the account at Stripe, like `payments/pi_1`; null: of whichever account the reader has open there. */
export function stripeUrl(mode: 'live' | 'test', accountId: string | null, page: string): string {
  const parts = [accountId, mode === 'test' ? 'test' : null, page]
  return `https://dashboard.stripe.com/${parts.filter((part) => part !== null && part !== '').join('/')}`
}
