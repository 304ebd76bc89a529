import { expect, test } from 'vitest'
import { base64Of, logoRefusal } from './logo.ts'

const file = { name: 'logo.png', type: 'image/png', size: 256 * 1024 }

test.each([
  ['exactly at the limit', {}, null],
  ['one byte above', { size: 256 * 1024 + 1 }, /257 KB/],
  ['what scripts could be in', { name: 'a.svg', type: 'image/svg+xml' }, /neither a PNG/],
  ['of no type that is known', { type: '' }, /neither a PNG/],
])('a file %s', (_what, changed, expected) => {
  const refusal = logoRefusal({ ...file, ...changed })
  if (expected === null) expect(refusal).toBeNull()
  else expect(refusal).toMatch(expected)
})

test('every byte arrives', async () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256)
  expect(await base64Of(new Blob([bytes]))).toBe(Buffer.from(bytes).toString('base64'))
})
