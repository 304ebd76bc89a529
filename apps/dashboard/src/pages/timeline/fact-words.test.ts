import { expect, test } from 'vitest'
import { factWords } from './fact-words.ts'

const invoice = { number: 'INV-000007', totalMinor: '12000', currency: 'USD' }

test.each([
  ['invoice.finalized', invoice, 'Invoice INV-000007 over $120.00 finalized'],
  ['invoice.created', { totalMinor: '500', currency: 'JPY', number: null }, 'Draft over ¥500 made'],
  [
    'payment.failed',
    { amountMinor: '999', currency: 'USD', failureCode: 'card_declined' },
    'Payment of $9.99 failed: card declined',
  ],
  ['payment.failed', { amountMinor: '999', currency: 'USD' }, 'Payment of $9.99 failed'],
  [
    'dispute.opened',
    { amountMinor: '999', currency: 'USD', reason: 'product_not_received' },
    'Payment of $9.99 disputed: product not received',
  ],
  [
    'dispute.closed',
    { amountMinor: '999', currency: 'USD', status: 'lost' },
    'Dispute over $9.99 lost',
  ],
  ['subscription.changed', { plan: 'scale', planVersion: 3 }, 'Changed to scale, version 3'],
  [
    'credits.granted',
    { granted: { units: '5000' }, currency: null },
    '5,000 units of credits granted',
  ],
  [
    'credits.expired',
    { left: { amountMinor: '2550' }, currency: 'USD' },
    '$25.50 of credits expired',
  ],
  [
    'spend.threshold_reached',
    { name: 'Large bill ahead', threshold: '5000', currency: 'USD' },
    'Large bill ahead: spending reached $5,000.00',
  ],
  ['usage.threshold_reached', { name: '', threshold: '80%' }, 'Alert: usage reached 80%'],
  [
    'balance.threshold_reached',
    { name: 'Low', threshold: '1000', currency: null },
    'Low: no more than 1,000 left',
  ],
  ['tomorrow.happened', {}, 'tomorrow.happened'],
])('%s of %j reads as one line', (type, data, words) => {
  expect(factWords({ type, data })).toBe(words)
})
