const WORDS: Readonly<Record<string, string>> = {
  customer_not_linked: 'Stripe does not know the customer',
  key_refused: 'Stripe refuses the key',
  rate_limited: 'Stripe is asked too often',
  no_answer: 'Stripe did not answer',
  too_old: 'Too old for Stripe',
  too_many_digits: 'Too many digits for Stripe',
  unclear: 'Nobody knows whether it came',
  no_subscription_item: 'No live subscription has an item of the price',
  several_subscription_items: 'Several subscriptions have an item of the price',
  period_over: 'Its period was over before Stripe answered',
  not_connected: 'Its account of Stripe is not connected',
  amount_not_possible: 'Stripe cannot bill exactly this amount',
  amount_differs: 'It comes to something else at Stripe',
  missing_at_stripe: 'It was deleted at Stripe',
  void_at_stripe: 'It was declared void at Stripe',
  paid_at_stripe: 'It was paid at Stripe as well',
  invoiced_at_stripe: 'It stands on a final invoice of Stripe',
  invalid_request: 'Stripe does not take it',
}

/** Why something waits or was refused; codes of Stripe that are not known here are shown as they are. */
export function reasonWords(reason: string): string {
  return WORDS[reason] ?? reason.replaceAll('_', ' ')
}
