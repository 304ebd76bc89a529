import { describe, expect, test } from 'vitest'
import { theirInstant, theirUtcInstant, unixInstant } from './instant.ts'

test.each([
  ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z'],
  ['2026-03-01T12:00:00.123456789Z', '2026-03-01T12:00:00.123456Z'],
  ['2026-03-01t12:00:00.5z', '2026-03-01T12:00:00.5Z'],
  ['2026-03-01T12:00:00.1234567+02:00', '2026-03-01T12:00:00.123456+02:00'],
  [1772366400, 1772366400],
])('an instant of another product, %s, is ours', (theirs, ours) => {
  expect(theirInstant(theirs)).toBe(ours)
})

test.each([
  ['2026-03-01T12:00:00', '2026-03-01T12:00:00Z'],
  ['2026-03-01T12:00:00.25', '2026-03-01T12:00:00.25Z'],
  ['2026-03-01T12:00:00-05:00', '2026-03-01T12:00:00-05:00'],
  ['2026-03-01T12:00:00z', '2026-03-01T12:00:00Z'],
  ['2026-03-01', '2026-03-01'],
])('without a zone it is UTC where the product says so: %s', (theirs, ours) => {
  expect(theirUtcInstant(theirs)).toBe(ours)
})

describe('Unix seconds', () => {
  test.each([
    [1772366400, '2026-03-01T12:00:00Z'],
    ['1772366400', '2026-03-01T12:00:00Z'],
    [0, '1970-01-01T00:00:00Z'],
    ['1772366400.1', '2026-03-01T12:00:00.1Z'],
    [1772366400.123, '2026-03-01T12:00:00.123Z'],
    ['1772366400.123456789', '2026-03-01T12:00:00.123456Z'],
  ])('%s keep every digit', (seconds, ours) => {
    expect(unixInstant(seconds)).toBe(ours)
  })

  test.each([['-1'], ['1e9'], [''], [null], [1e21], ['2026-03-01T12:00:00Z'], ['999999999999']])(
    'are not %s',
    (value) => {
      expect(unixInstant(value)).toBe(value)
    },
  )
})
