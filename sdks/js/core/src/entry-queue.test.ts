import { expect, test } from 'vitest'
import { EntryQueue } from './entry-queue.ts'

const NOTHING = { length: 0, bytes: 0 }

test('is bounded in events and in bytes, what is to come included', () => {
  const queue = new EntryQueue(3, 1_000)
  expect(queue.hasRoom('x'.repeat(2_000), NOTHING)).toBe(false)
  queue.push('{}', 1)
  queue.push('{}', 1)
  expect(queue.hasRoom('{}', NOTHING)).toBe(true)
  expect(queue.hasRoom('{}', { length: 1, bytes: 0 })).toBe(false)
  expect(queue.hasRoom('{}', { length: 0, bytes: 900 })).toBe(false)
})

test('counts what is beyond ASCII for as much as it may take', () => {
  const queue = new EntryQueue(10, 1_000)
  expect(queue.hasRoom('a'.repeat(300), NOTHING)).toBe(true)
  expect(queue.hasRoom('€'.repeat(300), NOTHING)).toBe(false)
})

test('gives what came first, keeps it until it is removed, and is exact over many', () => {
  const queue = new EntryQueue(100_000, 2 ** 30)
  for (let number = 1; number <= 20_000; number += 1) queue.push(String(number), 2)
  for (let taken = 0; taken < 20_000; taken += 800) {
    const [first] = queue.peek(800, 2 ** 30)
    expect([first?.json, first?.sequence]).toEqual([String(taken + 1), taken + 1])
    expect(queue.count).toBe(2 * (20_000 - taken))
    queue.remove(800)
  }
  expect([queue.length, queue.count, queue.bytes]).toEqual([0, 0, 0])
})

test('a batch holds at least one, and no more bytes than it may', () => {
  const queue = new EntryQueue(10, 2 ** 20)
  for (const length of [5_000, 10, 10]) queue.push('x'.repeat(length), 1)
  expect(queue.peek(10, 100)).toHaveLength(1)
  expect(queue.peek(10, 5_300)).toHaveLength(2)
  expect(queue.peek(2, 2 ** 20)).toHaveLength(2)
})
