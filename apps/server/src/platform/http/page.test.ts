import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Failure } from '../errors.ts'
import { decodeCursor, decodeTimeCursor, encodeCursor, pageFrom } from './page.ts'

/** The code of what was thrown, or the value. */
function outcome(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return error instanceof Failure ? error.code : error
  }
}

describe('a cursor', () => {
  test('reads back as it was written, whatever the text', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'))
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (values) => {
        const cursor = encodeCursor(values)
        expect(cursor).toMatch(/^[\w-]*$/)
        expect(decodeCursor(cursor, values.length)).toEqual(values)
      }),
    )
  })

  test('is refused when it is anything else, and never breaks', () => {
    const bytes = fc.uint8Array().map((array) => Buffer.from(array).toString('base64url'))
    const json = fc.json().map((value) => Buffer.from(value).toString('base64url'))
    fc.assert(
      fc.property(fc.oneof(fc.string(), bytes, json), (cursor) => {
        const read = outcome(() => decodeCursor(cursor, 2))
        if (!Array.isArray(read)) expect(read).toBe('page.cursor_malformed')
        else for (const value of read) expect(typeof value).toBe('string')
      }),
      { numRuns: 1_000 },
    )
  })

  test.each([
    ['nothing', ''],
    ['one value too few', encodeCursor(['a'])],
    ['one too many', encodeCursor(['a', 'b', 'c'])],
    ['a number', Buffer.from('[1,"b"]').toString('base64url')],
    ['null', Buffer.from('[null,"b"]').toString('base64url')],
    ['a list in it', Buffer.from('[["a"],"b"]').toString('base64url')],
    ['an object', Buffer.from('{"0":"a","1":"b","length":2}').toString('base64url')],
    ['a NUL, which no text in the database can hold', encodeCursor(['a\0', 'b'])],
    ['half a surrogate pair', encodeCursor(['\ud800', 'b'])],
    ['deep nesting', Buffer.from('['.repeat(700)).toString('base64url')],
  ])('is refused with %s', (_what, cursor) => {
    expect(outcome(() => decodeCursor(cursor, 2))).toBe('page.cursor_malformed')
  })

  test.each([
    ['text', 'yesterday'],
    ['a day that does not exist', '2026-02-31T00:00:00.000Z'],
    ['a time without a zone', '2026-02-01T00:00:00.000'],
    ['the year 0, which PostgreSQL does not know', '0000-01-01T00:00:00.000Z'],
    ['a year of six digits', '+275760-09-13T00:00:00.000Z'],
    ['a negative year', '-000001-01-01T00:00:00.000Z'],
    ['infinity, which PostgreSQL would read', 'infinity'],
    ['now, which PostgreSQL would read', 'now'],
    ['SQL', "2026-01-01T00:00:00.000Z'; drop table facts"],
  ])('of an instant is refused with %s', (_what, at) => {
    expect(outcome(() => decodeTimeCursor(encodeCursor([at, 'id'])))).toBe('page.cursor_malformed')
  })

  test('of an instant reads back', () => {
    const at = '2026-02-28T23:59:59.999Z'
    expect(decodeTimeCursor(encodeCursor([at, 'id']))).toEqual([at, 'id'])
  })
})

describe('a page', () => {
  const page = (found: number) => {
    const rows = Array.from({ length: found }, (_, n) => ({ id: `id_${n}` }))
    return pageFrom(rows, 3, (row) => [row.id])
  }

  test.each([0, 2, 3])('is the last one with %i of 3 rows', (found) => {
    expect(page(found)).toEqual({ data: page(found).data, nextCursor: null })
    expect(page(found).data).toHaveLength(found)
  })

  test('has a cursor to its own last row when there is one row more', () => {
    const { data, nextCursor } = page(4)
    expect(data.map((row) => row.id)).toEqual(['id_0', 'id_1', 'id_2'])
    expect(decodeCursor(nextCursor ?? '', 1)).toEqual(['id_2'])
  })
})
