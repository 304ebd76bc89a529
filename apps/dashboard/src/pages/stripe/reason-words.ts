const WORDS: Readonly<Record<string, string>> = {
  customer_not_linked: 'Stripe does not know the customer',
  key_refused: 'Stripe refuses the key',
  rate_limited: 'Stripe is asked too often',
  no_answer: 'Stripe did not answer',
  too_old: 'Too old for Stripe',
  too_many_digits: 'Too many digits for Stripe',
  unclear: 'Nobody knows whether it came',
  invalid_request: 'Stripe does not take it',
}

/** Why something waits or was refused; codes of Stripe that are not known here are shown as they are. */
export function reasonWords(reason: string): string {
  return WORDS[reason] ?? reason.replaceAll('_', ' ')
}
