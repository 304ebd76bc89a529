import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineSplitter } from './line-splitter.ts'

function split(chunks: readonly Buffer[], bytesMax: number): (string | null)[] {
  const splitter = new LineSplitter(bytesMax)
  const lines = chunks.flatMap((chunk) => splitter.push(chunk))
  return [...lines, ...splitter.end()].map((line) => line?.toString() ?? null)
}

test('finds the same lines however the bytes are cut, and none that is too long', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\n'), maxLength: 60 })
  fc.assert(
    fc.property(
      text,
      fc.array(fc.nat(80)),
      fc.integer({ min: 1, max: 20 }),
      (whole, cuts, bytesMax) => {
        const bytes = Buffer.from(whole)
        const places = [
          0,
          ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b),
          bytes.length,
        ]
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
        const lines = whole.split('\n')
        if (lines.at(-1) === '') lines.pop()
        const expected = lines.map((line) => (Buffer.byteLength(line) > bytesMax ? null : line))
        expect(split(chunks, bytesMax)).toEqual(expected)
      },
    ),
  )
})
