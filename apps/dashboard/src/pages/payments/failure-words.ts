/** Why a payment came to nothing, for whoever asks the customer about it. Stripe's codes, and ours. */
const WORDS: Readonly<Record<string, string>> = {
  action_not_taken: 'The customer did not confirm it in time',
  amount_not_possible: 'Stripe cannot move this amount',
  amount_too_large: 'More than Stripe moves at once',
  amount_too_small: 'Less than Stripe charges at least',
  authentication_required: 'The bank wants the customer',
  card_declined: 'The bank declined the card',
  card_not_supported: 'The card cannot pay this',
  charge_already_refunded: 'It was given back already',
  charge_unknown: 'Nothing that could be given back',
  currency_not_supported: 'The card cannot pay in this currency',
  declined: 'Declined',
  do_not_honor: 'The bank declined the card',
  ended_by_hand: 'Ended by hand, without an answer',
  expired_card: 'The card has expired',
  fraudulent: 'Stripe takes it for fraud',
  generic_decline: 'The bank declined the card',
  incorrect_cvc: 'The security code is wrong',
  insufficient_funds: 'Not enough money',
  lost_card: 'The card was reported lost',
  lost_or_stolen_card: 'The card was reported lost or stolen',
  no_account: 'Stripe is not connected',
  no_payment_method: 'No payment method',
  other_account: 'It was paid at another account of Stripe',
  payment_intent_authentication_failure: 'The customer did not confirm it at the bank',
  processing_error: 'Stripe could not process it',
  stolen_card: 'The card was reported stolen',
  transaction_not_allowed: 'The bank does not allow it',
}

/** A code that nobody has put into words is shown as it is, without its underscores. */
export function failureWords(code: string): string {
  return WORDS[code] ?? code.replaceAll('_', ' ')
}
