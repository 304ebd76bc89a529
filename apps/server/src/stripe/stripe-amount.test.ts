import { expect, test } from 'vitest'
import { fromStripeAmount, toStripeAmount } from './stripe-amount.ts'

test.each([
  [12_345n, 'USD', 12_345],
  [500n, 'JPY', 500],
  [500n, 'ISK', 50_000],
  [500n, 'UGX', 50_000],
  [50_000n, 'MGA', 500],
  [12_340n, 'KWD', 12_340],
  [999_999_999_999n, 'EUR', 999_999_999_999],
])('%d minor units of %s are %d at Stripe, and back', (minor, currency, amount) => {
  expect(toStripeAmount(minor, currency)).toBe(amount)
  expect(fromStripeAmount(amount, currency)).toBe(minor)
})

test.each([
  [50_001n, 'MGA'],
  [12_345n, 'KWD'],
  [1_000_000_000_000n, 'USD'],
])('%d minor units of %s cannot be moved exactly, and are not rounded', (minor, currency) => {
  expect(toStripeAmount(minor, currency)).toBeNull()
})
