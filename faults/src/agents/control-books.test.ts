import { expect, test } from 'vitest'
import { openBooks } from './control-books.ts'

const usage = (idempotencyKey: string, requests: number) => ({
  usage: [{ idempotencyKey, requests }],
})
const COUNTS = { produced: 5, delivered: 2, queued: 1, refused: 1, dropped: 1 }
const report = (sequence: number, usage = COUNTS) => ({ producer: 'one', sequence, usage })

test('usage counts once for its key, and a key that comes back with another content is found', () => {
  const books = openBooks()
  books.take(usage('a', 3))
  books.take(usage('a', 3))
  books.take(usage('b', 1))
  expect(books).toMatchObject({ recorded: 4, repeated: 1, wrong: [] })
  books.take(usage('a', 4))
  expect(books.recorded).toBe(4)
  expect(books.wrong).toEqual([expect.stringMatching(/^a was sent again with other content/)])
})

test('counts that do not add up are found, and so is a report that is missing', () => {
  const books = openBooks()
  books.hear(report(1))
  books.hear(report(1))
  expect(books).toMatchObject({ reports: 1, wrong: [] })
  books.hear(report(2, { ...COUNTS, dropped: 0 }))
  books.hear(report(4))
  expect(books.wrong).toEqual([
    expect.stringMatching(/^report 2 does not add up/),
    'report 4 came after 2',
  ])
})
