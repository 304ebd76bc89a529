import { Failure } from '../errors.ts'

/** Writes where a page ended as an opaque cursor: the sort values of its last row. */
export function encodeCursor(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/** Reads a cursor of `count` values. Throws `page.cursor_malformed` for anything else. */
export function decodeCursor(cursor: string, count: number): string[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(values) && values.length === count && values.every(isCleanText)) return values
  } catch {
    // falls through: whatever was wrong with it, it is not one of ours
  }
  throw failures.cursorMalformed()
}

/** Reads a cursor of an instant and an id, made by `toISOString`. Throws `page.cursor_malformed`. */
export function decodeTimeCursor(cursor: string): readonly [at: string, id: string] {
  const [at = '', id = ''] = decodeCursor(cursor, 2)
  if (!isInstant(at)) throw failures.cursorMalformed()
  return [at, id]
}

/** What `toISOString` writes of the years 1970 to 9999: `Date` reads more than that, and PostgreSQL less. */
function isInstant(text: string): boolean {
  const instant = new Date(text) // reads 31 February as 3 March
  const isIn = instant.getTime() >= 0 && text.length === 'YYYY-MM-DDTHH:MM:SS.sssZ'.length
  return isIn && instant.toISOString() === text
}

/**
 * Cuts one row too many off a list: `rows` holds up to `limit + 1` rows, in order.
 * A page that is not the last one has a cursor, made of the sort values of its last row.
 */
export function pageFrom<T>(
  rows: readonly T[],
  limit: number,
  sortValues: (row: T) => readonly string[],
): { data: T[]; nextCursor: string | null } {
  const data = rows.slice(0, limit)
  const last = data.at(-1)
  const isMore = rows.length > limit && last !== undefined
  return { data, nextCursor: isMore ? encodeCursor(sortValues(last)) : null }
}

function isCleanText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0') && value.isWellFormed()
}

export const failures = {
  cursorMalformed: () =>
    new Failure(
      'malformed',
      'page.cursor_malformed',
      'Send `cursor` exactly as `nextCursor` of the previous page gave it.',
    ),
}
