import { expect, test } from 'vitest'
import { stripeUrl } from './stripe-links.ts'

test.each([
  ['live', 'acct_1', 'customers/cus_1', 'https://dashboard.stripe.com/acct_1/customers/cus_1'],
  ['test', 'acct_1', 'customers/cus_1', 'https://dashboard.stripe.com/acct_1/test/customers/cus_1'],
  ['test', null, 'payments/pi_1', 'https://dashboard.stripe.com/test/payments/pi_1'],
  ['live', 'acct_1', '', 'https://dashboard.stripe.com/acct_1'],
] as const)('in %s, %s shows %s at %s', (mode, account, page, url) => {
  expect(stripeUrl(mode, account, page)).toBe(url)
})
