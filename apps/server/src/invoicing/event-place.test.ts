import { expect, test } from 'vitest'
import { encodeCursor } from '../platform/http/page.ts'
import { placeFromCursor } from './event-place.ts'

const KEY = '0190aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee'

test.each(['2026-03-01 12:00:00.123456+00', '2026-03-01T12:00:00Z'])(
  'reads back %s',
  (occurredAtText) => {
    const cursor = encodeCursor([occurredAtText, KEY])
    expect(placeFromCursor(cursor)).toEqual({ occurredAtText, key: KEY })
  },
)

test.each([
  ['30 February', ['2026-02-30 12:00:00+00', KEY]],
  ['a month of 99', ['2026-99-01 12:00:00+00', KEY]],
  ['an infinite time', ['infinity', KEY]],
  ['no key', ['2026-03-01 12:00:00+00', 'x']],
  ['one value', ['2026-03-01 12:00:00+00']],
])('refuses %s, which the database would choke on', (_what, values) => {
  expect(() => placeFromCursor(encodeCursor(values))).toThrow(
    expect.objectContaining({ code: 'page.cursor_malformed' }),
  )
})
