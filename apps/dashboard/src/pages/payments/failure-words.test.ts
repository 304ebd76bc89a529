import { expect, test } from 'vitest'
import { failureWords } from './failure-words.ts'

test('a failure is told in words, and one that nobody knows in its own', () => {
  expect(failureWords('insufficient_funds')).toBe('Not enough money')
  expect(failureWords('pin_try_exceeded')).toBe('pin try exceeded')
})
