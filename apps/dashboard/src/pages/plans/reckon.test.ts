import { decimal, formatDecimal } from '@usageflow/pricing'
import { expect, test } from 'vitest'
import type { Price } from '../../api/records.ts'
import type { Reckoned } from './plan-values.ts'
import { choicesOf, leftOut, reckon, telling } from './reckon.ts'

const named = { meter: 'API_CALL', meterId: 'mtr_1', taxRate: null }
const pro: Price = { ...named, model: 'per_unit', includedUnits: '10000', unitPrice: '0.01' }
const plan: Reckoned = {
  ...{ currency: 'USD', baseMinor: '10000', minimum: null, prices: [pro] },
  ...{ flatPrices: [], credits: [] },
}
const given = { priority: 100, isPromotional: true, rollover: null }

function costs(version: Reckoned, quantity: string, at = 0): bigint {
  return reckon(version, choicesOf(version)[at] ?? null, decimal(quantity))
}

function told(price: Price): string[] {
  return telling(choicesOf({ ...plan, prices: [price] })[0] ?? null).map(formatDecimal)
}

test('the example of the guide comes to what its invoice says', () => {
  expect(costs(plan, '12000')).toBe(12_000n)
  expect(costs(plan, '10000')).toBe(10_000n)
  expect(costs(plan, '10001')).toBe(10_001n)
})

test('none, half of what is included, that, twice and ten times as much are told', () => {
  expect(told(pro)).toEqual(['0', '5000', '10000', '20000', '100000'])
})

test('tiers are told by their first border, packages by their size', () => {
  const tiers = [
    { upTo: '200', unitPrice: '1', flatFee: '0' },
    { upTo: null, unitPrice: '0.5', flatFee: '3' },
  ]
  const graduated: Price = { ...named, model: 'graduated', includedUnits: '0', tiers }
  expect(told(graduated)[2]).toBe('200')
  expect(costs({ ...plan, baseMinor: '0', prices: [graduated] }, '300')).toBe(25_300n)
  const packed: Price = {
    ...named,
    ...{ model: 'package', includedUnits: '0.000', packageSize: '50', packagePrice: '2' },
  }
  expect(told(packed)[2]).toBe('50')
})

test('a plan with a minimum costs that at least', () => {
  const committed = { ...plan, minimum: '150' }
  expect(costs(committed, '0')).toBe(15_000n)
  expect(costs(committed, '20000')).toBe(20_000n)
})

test('a plan without prices costs its base, whatever is used', () => {
  expect(costs({ ...plan, prices: [] }, '5')).toBe(10_000n)
})

test('a price by a property is reckoned case by case, each by its own rule', () => {
  const rule = { model: 'per_unit', includedUnits: '0', unitPrice: '1' } as const
  const price: Price = {
    ...{ ...named, model: 'by_dimension', properties: ['size'], otherwise: rule },
    cases: [{ values: ['large'], price: { ...rule, unitPrice: '3', minimum: '7' } }],
  }
  const version = { ...plan, baseMinor: '0', prices: [price] }
  expect(choicesOf(version).map(({ label }) => label)).toEqual([
    'API_CALL: large',
    'API_CALL: all others',
  ])
  expect(costs(version, '5')).toBe(1_500n)
  expect(costs(version, '5', 1)).toBe(500n + 700n) // what is not used costs its minimum
  const twice = { ...price, cases: [...price.cases, ...price.cases] } as Price
  expect(() => costs({ ...version, prices: [twice] }, '5')).toThrow('the same values')
})

test('fixed prices of every period count, and what is due once is told instead', () => {
  const flat = { name: 'Support', amount: '20', amountMinor: '2000', taxRate: null }
  const version: Reckoned = {
    ...plan,
    flatPrices: [
      { ...flat, recurring: 'period' },
      { ...flat, name: 'Set-up', recurring: 'once' },
    ],
  }
  expect(costs(version, '0')).toBe(12_000n)
  expect(leftOut(version, null).join(' ')).toMatch(/Without .*20.* once: Set-up/)
})

test('credits of a period pay for units beyond the included ones, and money for the rest', () => {
  const units = { ...given, meter: 'mtr_1', units: '1500' }
  expect(costs({ ...plan, credits: [units] }, '12000')).toBe(10_500n)
  expect(costs({ ...plan, credits: [units] }, '11000')).toBe(10_000n)
  expect(costs({ ...plan, credits: [{ ...units, meter: 'mtr_2' }] }, '12000')).toBe(12_000n)
  for (const isPromotional of [true, false]) {
    const money = { ...given, isPromotional, amount: '110' }
    expect(costs({ ...plan, credits: [money] }, '12000')).toBe(1_000n)
    expect(costs({ ...plan, credits: [money] }, '0')).toBe(0n)
  }
})
