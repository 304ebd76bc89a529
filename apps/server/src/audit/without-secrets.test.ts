import { expect, test } from 'vitest'
import { withoutSecrets } from './without-secrets.ts'

test('what is named like a secret is not kept, however deep it stands', () => {
  const sent = {
    url: 'https://a.example',
    nested: [{ apiToken: 'x1', Password: 'x2' }],
    secret: 'x3',
  }
  const kept = withoutSecrets(sent)
  expect(kept).toContain('https://a.example')
  expect(kept).not.toMatch(/x[123]/)
})

test('what is longer than an entry should be leaves its length', () => {
  const room = 4_000 - JSON.stringify({ text: '' }).length
  expect(withoutSecrets({ text: 'a'.repeat(room) })).toContain('aaa')
  expect(withoutSecrets({ text: 'a'.repeat(room + 1) })).toBe('{"tooLong":"4001 characters"}')
})

test('nothing, and amounts, can be kept too', () => {
  expect(withoutSecrets(undefined)).toBe('{}')
  expect(withoutSecrets({ amountMinor: 5n })).toBe('{"amountMinor":"5"}')
})
