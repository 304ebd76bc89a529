import { expect, test } from 'vitest'
import { decide, parseRateLimit, quotaExceeded } from './index.ts'

test('a refusal names the limits that refuse, and not those that would not', () => {
  const limit = parseRateLimit({ limit: 10, window: '1h' })
  const full = decide(limit, decide(limit, null, 10, 0).state, 1, 1)
  const limits = [
    { name: 'per hour', limit, decision: full },
    { name: 'per day', limit, decision: decide(limit, null, 1, 0) },
  ]
  expect(quotaExceeded(limits)).toMatchObject({ status: 429, 'violated-policies': ['per hour'] })
})
