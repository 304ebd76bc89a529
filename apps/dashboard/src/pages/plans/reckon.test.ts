import { decimal, formatDecimal } from '@usageflow/pricing'
import { expect, test } from 'vitest'
import type { Price } from '../../api/records.ts'
import { reckon, telling } from './reckon.ts'

const named = { meter: 'API_CALL', meterId: 'mtr_1', taxRate: null }
const pro: Price = { ...named, model: 'per_unit', includedUnits: '10000', unitPrice: '0.01' }
const plan = { currency: 'USD', baseMinor: 10_000n, price: pro }

test('the example of the guide comes to what its invoice says', () => {
  expect(reckon(plan, decimal('12000'))).toBe(12_000n)
  expect(reckon(plan, decimal('10000'))).toBe(10_000n)
  expect(reckon(plan, decimal('10001'))).toBe(10_001n)
})

test('none, half of what is included, that, twice and ten times as much are told', () => {
  expect(telling(pro).map(formatDecimal)).toEqual(['0', '5000', '10000', '20000', '100000'])
})

test('tiers are told by their first border, packages by their size', () => {
  const tiers = [
    { upTo: '200', unitPrice: '1', flatFee: '0' },
    { upTo: null, unitPrice: '0.5', flatFee: '3' },
  ]
  const graduated: Price = { ...named, model: 'graduated', includedUnits: '0', tiers }
  expect(telling(graduated).map(formatDecimal).at(2)).toBe('200')
  expect(reckon({ ...plan, baseMinor: 0n, price: graduated }, decimal('300'))).toBe(25_300n)
  const packed: Price = {
    ...named,
    ...{ model: 'package', includedUnits: '0.000', packageSize: '50', packagePrice: '2' },
  }
  expect(telling(packed).map(formatDecimal).at(2)).toBe('50')
})

test('a plan with a minimum costs that at least', () => {
  const committed = { ...plan, minimumMinor: 15_000n }
  expect(reckon(committed, decimal('0'))).toBe(15_000n)
  expect(reckon(committed, decimal('20000'))).toBe(20_000n)
})

test('a plan without prices costs its base, whatever is used', () => {
  expect(reckon({ ...plan, price: null }, decimal('5'))).toBe(10_000n)
})
