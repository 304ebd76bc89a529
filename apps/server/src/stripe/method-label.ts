import type Stripe from 'stripe'

/** What people call a means to pay, and the last month of a card, like `2030-04`. */
export type MethodLabel = { readonly label: string; readonly expiresOn: string | null }

/** Names that are not written as Stripe writes them, but for the first letter. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ amex: 'American Express', diners: 'Diners Club', eftpos_au: 'eftpos', jcb: 'JCB' },
  ...{ cartes_bancaires: 'Cartes Bancaires', unionpay: 'UnionPay', unknown: 'Card' },
  ...{ sepa_debit: 'SEPA debit', us_bank_account: 'Bank account', paypal: 'PayPal' },
  ...{ bacs_debit: 'Bacs debit', au_becs_debit: 'BECS debit', acss_debit: 'Pre-authorized debit' },
}

/** What a payment method of Stripe is called: by its brand or bank, and the digits that its owner knows. */
export function methodLabel(method: Stripe.PaymentMethod): MethodLabel {
  const { card, type } = method
  if (!card) return { label: withDigits(nameOf(type), digitsOf(method)), expiresOn: null }
  const month = String(card.exp_month).padStart(2, '0')
  return {
    label: withDigits(nameOf(card.display_brand ?? card.brand), card.last4),
    expiresOn: `${card.exp_year}-${month}`,
  }
}

function digitsOf(method: Stripe.PaymentMethod): string | null | undefined {
  const { sepa_debit: sepa, us_bank_account: us, bacs_debit: bacs } = method
  return (sepa ?? us ?? bacs ?? method.au_becs_debit ?? method.acss_debit)?.last4
}

function withDigits(name: string, digits: string | null | undefined): string {
  return digits ? `${name} •••• ${digits}` : name
}

function nameOf(word: string): string {
  const plain = word.replaceAll('_', ' ')
  return NAMES[word] ?? plain.charAt(0).toUpperCase() + plain.slice(1)
}
