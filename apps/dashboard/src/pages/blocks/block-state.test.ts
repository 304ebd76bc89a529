import { expect, test } from 'vitest'
import { blockState } from './block-state.ts'

const NOW = new Date('2026-03-01T12:00:00Z')

test.each([
  [null, 'blocked'],
  ['2026-03-01T12:00:00.001Z', 'blocked'],
  ['2026-03-01T12:00:00.000Z', 'over'],
  ['2026-02-01T00:00:00.000Z', 'over'],
] as const)('a block until %s is %s at noon', (until, state) => {
  expect(blockState({ until }, NOW)).toBe(state)
})
