import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { entryLine, readLines, settledLine } from './spool-lines.ts'

const entry = (sequence: number, json = `{"n":${sequence}}`) => ({ sequence, json, count: 1 })
const lines = (...sequences: number[]) =>
  sequences.map((sequence) => entryLine(entry(sequence), crc32)).join('')

test('gives back what is not settled, in its order', () => {
  const text = lines(1, 2, 3) + settledLine(2, crc32) + lines(4)
  expect(readLines(text, crc32)).toEqual({ entries: [entry(3), entry(4)], damaged: 0 })
})

test('keeps text of any language as it is', () => {
  const special = entry(1, '{"a":"€ \\n ü 漢 😀"}')
  expect(readLines(entryLine(special, crc32), crc32).entries).toEqual([special])
})

test('wherever the end of a process cut the file, whole lines are whole, and half a one is counted', () => {
  const text = lines(1, 2)
  for (let length = 0; length <= text.length; length += 1) {
    const { entries, damaged } = readLines(text.slice(0, length), crc32)
    const whole = text.slice(0, length + 1).split('\n').length - 1
    const isCut = ![0, text.length / 2, text.length].some(
      (end) => length === end || length === end - 1,
    )
    expect(entries).toEqual([entry(1), entry(2)].slice(0, whole))
    expect(damaged).toBe(isCut ? 1 : 0)
  }
})

test('a flipped bit costs one line, and never invents one', () => {
  const text = lines(1, 2, 3)
  const flipped = text.replace('"n":2', '"n":3')
  expect(readLines(flipped, crc32)).toEqual({ entries: [entry(1), entry(3)], damaged: 1 })
})
