import { expect, test } from 'vitest'
import { reasonWords } from './reason-words.ts'

test.each([
  ['too_old', 'Too old for Stripe'],
  ['timestamp_in_future', 'timestamp in future'],
])('%s is said as "%s"', (reason, words) => {
  expect(reasonWords(reason)).toBe(words)
})
