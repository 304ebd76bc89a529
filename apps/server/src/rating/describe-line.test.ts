import { decimal } from '@usageflow/pricing'
import { expect, test } from 'vitest'
import { describeBase, describeUsage } from './describe-line.ts'

const CALLS = { name: 'API Calls', unit: 'calls' }

test.each([
  ['12000', '10000', CALLS, 'API Calls: 12,000 calls, 10,000 included'],
  ['999', '0', CALLS, 'API Calls: 999 calls'],
  ['1234567.0005', '1000.5', CALLS, 'API Calls: 1,234,567.0005 calls, 1,000.5 included'],
  ['-1500', '0', { name: 'Drift', unit: '' }, 'Drift: -1,500'],
])('%s units of which %s are included read well', (quantity, included, meter, text) => {
  const line = { quantity: decimal(quantity), included: decimal(included) }
  expect(describeUsage(meter, line)).toBe(text)
})

test('a base price says when it is for a part of the period only', () => {
  expect(describeBase('Pro', { part: 31n, whole: 31n })).toBe('Pro, base price')
  expect(describeBase('Pro', { part: 30n, whole: 31n })).toBe(
    'Pro, base price for a part of the period',
  )
})
