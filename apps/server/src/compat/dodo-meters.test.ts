import { decimal } from '@usageflow/pricing'
import { expect, test } from 'vitest'
import type { Filter } from '../catalog/filter.ts'
import { type Meter, UNROUNDED } from '../catalog/meter.ts'
import { toDodoMeter } from './dodo-meters.ts'

const METER: Meter = {
  ...{ id: 'mtr_1', meterNo: 1, key: 'k', name: 'K', unit: '', eventName: 'e' },
  ...{ aggregation: 'SUM', valueProperty: ['a', 'b'], filter: null, groupBy: [] },
  ...{ factor: decimal('1'), divisor: decimal('1'), rounding: UNROUNDED, lateUsage: 'bill' },
  ...{ createdAt: new Date(0), archivedAt: null, isComplete: true },
}

const filterOf = (filter: Filter | null) => toDodoMeter({ ...METER, filter }, 'org_1').filter

const is = (property: string, value: string) =>
  ({ property: [property], operator: 'eq', value }) as const
const equals = (key: string, value: string) => ({ key, operator: 'equals', value })

test('a filter of a meter is one of theirs, that says the same', () => {
  expect(filterOf(null)).toBeNull()
  expect(filterOf(is('a', 'x'))).toEqual({ conjunction: 'and', clauses: [equals('a', 'x')] })
  expect(filterOf({ and: [is('a', 'x'), { or: [is('b', 'y'), is('c', 'z')] }] })).toEqual({
    conjunction: 'and',
    clauses: [
      { conjunction: 'and', clauses: [equals('a', 'x')] },
      { conjunction: 'or', clauses: [equals('b', 'y'), equals('c', 'z')] },
    ],
  })
  expect(filterOf({ property: ['a'], operator: 'in', value: ['x', 'y'] })).toEqual({
    conjunction: 'or',
    clauses: [equals('a', 'x'), equals('a', 'y')],
  })
  expect(filterOf({ property: ['a', 'b'], operator: 'not_contains', value: 'x' })).toEqual({
    conjunction: 'and',
    clauses: [{ key: 'a.b', operator: 'does_not_contain', value: 'x' }],
  })
})
