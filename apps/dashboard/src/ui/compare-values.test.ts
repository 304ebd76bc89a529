import { expect, test } from 'vitest'
import { compareValues } from './compare-values.ts'

test('nothing comes first, numbers go by size, and digits in texts as well', () => {
  const sorted = (values: (string | bigint | null)[]) => [...values].sort(compareValues)
  expect(sorted([10n, 9n, null])).toEqual([null, 9n, 10n])
  expect(sorted(['v10', 'v9', 'V1'])).toEqual(['V1', 'v9', 'v10'])
})

test('decimals that stand in texts go by what they are worth', () => {
  expect(compareValues('0.9', '0.10')).toBeGreaterThan(0)
  expect(compareValues('-2', '-10')).toBeGreaterThan(0)
  expect(compareValues('123456789012345678', '123456789012345679')).toBeLessThan(0)
})
