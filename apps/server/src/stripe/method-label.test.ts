import type Stripe from 'stripe'
import { expect, test } from 'vitest'
import { methodLabel } from './method-label.ts'

test.each([
  [{ brand: 'visa', display_brand: 'visa' }, 'Visa •••• 4242'],
  [{ brand: 'visa', display_brand: 'cartes_bancaires' }, 'Cartes Bancaires •••• 4242'],
  [{ brand: 'amex', display_brand: null }, 'American Express •••• 4242'],
  [{ brand: 'unknown', display_brand: null }, 'Card •••• 4242'],
])('a card %o is called %s', (brand, label) => {
  const card = { ...brand, last4: '4242', exp_month: 4, exp_year: 2030 }
  expect(methodLabel(method({ type: 'card', card }))).toEqual({ label, expiresOn: '2030-04' })
})

test.each([
  [{ type: 'sepa_debit', sepa_debit: { last4: '3000' } }, 'SEPA debit •••• 3000'],
  [{ type: 'us_bank_account', us_bank_account: { last4: '6789' } }, 'Bank account •••• 6789'],
  [{ type: 'sepa_debit', sepa_debit: { last4: null } }, 'SEPA debit'],
  [{ type: 'revolut_pay' }, 'Revolut pay'],
  [{ type: 'link', link: { email: 'ann@example.com' } }, 'Link'],
])('anything else %o is called %s, and has no last month', (of, label) => {
  expect(methodLabel(method(of))).toEqual({ label, expiresOn: null })
})

function method(of: object): Stripe.PaymentMethod {
  return { id: 'pm_1', object: 'payment_method', ...of } as Stripe.PaymentMethod
}
