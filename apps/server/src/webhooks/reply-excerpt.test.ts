import fc from 'fast-check'
import { expect, test } from 'vitest'
import { replyExcerpt } from './reply-excerpt.ts'

test('shows an ordinary answer as it is', () => {
  expect(replyExcerpt(Buffer.from('{"ok": true}\n\tgrüße 🎉'))).toBe('{"ok": true}\n\tgrüße 🎉')
})

test('is at most 1 KiB of text that a database takes and a terminal survives, whatever came', () => {
  const bytes = fc.uint8Array({ maxLength: 3_000 })
  fc.assert(
    fc.property(bytes, (bytes) => {
      const text = replyExcerpt(Buffer.from(bytes))
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_024)
      expect(text.isWellFormed()).toBe(true)
      expect(text).not.toMatch(/(?![\t\n])\p{Cc}/u)
    }),
  )
})

test.each([
  ['NUL and escape sequences', 'a\0b\u001b[31mc', 'ab[31mc'],
  ['marks that turn the writing', 'a\u202eb\u2066c', 'abc'],
])('takes out %s', (_, sent, shown) => expect(replyExcerpt(Buffer.from(sent))).toBe(shown))

test('cuts between characters', () => {
  expect(replyExcerpt(Buffer.from('€'.repeat(1_000)))).toBe('€'.repeat(341))
})
