import { expect, test } from 'vitest'
import { connectionState } from './connection-state.ts'

const lastError = { at: '2026-03-01T00:00:00.000Z', code: 'api_key_expired' }

test.each([
  ['connected', null, true],
  ['incomplete', null, false],
  ['refused', lastError, true],
  ['refused', lastError, false],
] as const)(
  'a connection is %s with the last error %o and a signing secret: %s',
  (state, lastError, hasWebhookSecret) => {
    expect(connectionState({ lastError, hasWebhookSecret })).toBe(state)
  },
)
