import { expect, test } from 'vitest'
import { evenTicks } from './even-ticks.ts'

test.each([
  [1, [0, 0.5, 1]],
  [4, [0, 1, 2, 3, 4]],
  [400, [0, 100, 200, 300, 400]],
  [401, [0, 200, 400, 600]],
  [550, [0, 200, 400, 600]],
  [1_100, [0, 500, 1_000, 1_500]],
  [2_000_000, [0, 500_000, 1_000_000, 1_500_000, 2_000_000]],
  [0.003, [0, 0.001, 0.002, 0.003]],
])('an axis up to %d has the ticks %j', (most, ticks) => {
  expect(evenTicks(most)).toEqual(ticks)
})

test('the last tick is never below the greatest value, and there are at most five', () => {
  for (let most = 1; most < 20_000; most += 7) {
    const ticks = evenTicks(most)
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(most)
    expect(ticks.length).toBeLessThanOrEqual(5)
  }
})

test('where nothing was measured, the axis is there nevertheless', () => {
  expect(evenTicks(0)).toEqual([0, 1])
  expect(evenTicks(Number.NaN)).toEqual([0, 1])
})
