import { expect, test } from 'vitest'
import { stateOfKey } from './key-state.ts'
import { SCOPES, scopesText } from './scopes.ts'

test('a key is active until it is revoked, or the grace of its successor is over', () => {
  const now = new Date('2026-03-01T00:00:00Z')
  const state = (expiresAt: string | null, revokedAt: string | null = null) =>
    stateOfKey({ expiresAt, revokedAt }, now)
  expect(state(null)).toBe('active')
  expect(state('2026-03-01T00:00:01Z')).toBe('ending')
  expect(state('2026-03-01T00:00:00Z')).toBe('expired')
  expect(state('2026-03-02T00:00:00Z', '2026-02-01T00:00:00Z')).toBe('revoked')
})

test('a key that may do all of it is said to in a word', () => {
  const all = SCOPES.map(({ scope }) => scope)
  expect(scopesText(all)).toBe('everything')
  expect(scopesText(all.slice(0, 2))).toBe('usage:write, usage:read')
})
