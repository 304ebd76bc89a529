import fc from 'fast-check'
import { expect, test } from 'vitest'
import { writeJson } from './metadata.ts'
import { RowWriter } from './row-writer.ts'

const row = new RowWriter(8)

function jsonOf(value: unknown): string {
  row.reset()
  const start = row.position()
  writeJson(row, value)
  return row.between(start, row.position()).toString()
}

/** The value with the keys of all its objects in order, which JSON.stringify then keeps. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(inOrder)
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, inOrder((value as never)[key])]))
}

/** Keys that look like numbers are put in front by every object, and can be in no other order. */
const key = fc.string({ unit: 'binary' }).filter((text) => !/^\d+$/.test(text))
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
  fc.constantFrom(
    '"',
    '\\',
    '\u0000',
    '\u001f',
    '\u007f',
    '\u0080',
    '\u2028',
    '\ud83d\ude00',
    '</script>',
  ),
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

test('the JSON of a value is what JSON.stringify writes with the keys in order', () => {
  fc.assert(
    fc.property(value, (sent) => {
      expect(jsonOf(sent)).toBe(JSON.stringify(inOrder(sent)))
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['a key that every object has', '{"__proto__":{"constructor":1}}'],
  ['keys out of order', '{"b":1,"a":{"d":[],"c":{}}}'],
  ['a text longer than the loop takes', `{"a":"${'x'.repeat(129)}"}`],
  ['characters of four bytes', '{"\u{1f600}":"\u{1f600}"}'],
])('%s: read back it is the same', (_what, json) => {
  expect(JSON.parse(jsonOf(JSON.parse(json)))).toEqual(JSON.parse(json))
})
