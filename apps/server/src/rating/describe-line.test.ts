import { decimal, ZERO } from '@usageflow/pricing'
import { expect, test } from 'vitest'
import { describeBase, describeUsage } from './describe-line.ts'

const NOTHING = { quantity: ZERO, included: ZERO, credited: ZERO, billable: ZERO, units: ZERO }
const LINE = {
  ...NOTHING,
  unitPrice: ZERO,
  fixed: ZERO,
  rule: 'per_unit',
  dimension: null,
} as const
const CALLS = { name: 'API Calls', unit: 'calls' }

test.each([
  ['12000', '10000', CALLS, 'API Calls: 12,000 calls, 10,000 included'],
  ['999', '0', CALLS, 'API Calls: 999 calls'],
  ['1234567.0005', '1000.5', CALLS, 'API Calls: 1,234,567.0005 calls, 1,000.5 included'],
  ['-1500', '0', { name: 'Drift', unit: '' }, 'Drift: -1,500'],
])('%s units of which %s are included read well', (quantity, included, meter, text) => {
  const line = { ...LINE, quantity: decimal(quantity), included: decimal(included) }
  expect(describeUsage(meter, line, 'USD')).toBe(text)
})

test.each([
  [{ rule: 'tier', unitPrice: '0.9' }, 'API Calls: 12.5 calls, tier at 0.90 USD'],
  [
    { rule: 'tier', unitPrice: '0.9', fixed: '5' },
    'API Calls: 12.5 calls, tier at 0.90 USD + 5.00 USD',
  ],
  [{ rule: 'volume', unitPrice: '0.000012' }, 'API Calls: 12.5 calls, all at 0.000012 USD'],
  [
    { rule: 'package', unitPrice: '0.05', units: '2' },
    'API Calls: 12.5 calls, 2 packages at 0.05 USD',
  ],
  [
    { rule: 'percentage', unitPrice: '0.029', fixed: '0.3' },
    'API Calls: 12.5 calls, 2.9 % + 0.30 USD',
  ],
  [{ rule: 'per_unit', credited: '2.5' }, 'API Calls: 12.5 calls, 2.5 by credits'],
  [{ rule: 'minimum' }, 'API Calls: up to the minimum'],
  [{ rule: 'maximum' }, 'API Calls: down to the maximum'],
] as const)('%o says how it was priced', (rule, text) => {
  const { rule: name, ...decimals } = rule
  const read = Object.entries(decimals).map(([field, value]) => [field, decimal(value)])
  const line = { ...LINE, quantity: decimal('12.5'), ...Object.fromEntries(read), rule: name }
  expect(describeUsage(CALLS, line, 'USD')).toBe(text)
})

test('usage priced by a dimension names its values', () => {
  const line = { ...LINE, quantity: decimal('3'), dimension: ['gpt-4', null] }
  expect(describeUsage(CALLS, line, 'USD')).toBe('API Calls (gpt-4, none): 3 calls')
})

test('a base price says when it is for a part of the period only', () => {
  expect(describeBase('Pro', { part: 31n, whole: 31n })).toBe('Pro, base price')
  expect(describeBase('Pro', { part: 30n, whole: 31n })).toBe(
    'Pro, base price for a part of the period',
  )
})
