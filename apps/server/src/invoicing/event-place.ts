import { decodeCursor, failures } from '../platform/http/page.ts'

/** Where a page of events ended: the last one's time, to the microsecond, and its key. */
export type EventPlace = { readonly occurredAtText: string; readonly key: string }

const INSTANT = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d(:\d\d)?)$/
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Reads a cursor of an event's time and key. Throws `page.cursor_malformed`. */
export function placeFromCursor(cursor: string): EventPlace {
  const [occurredAtText = '', key = ''] = decodeCursor(cursor, 2)
  if (!isInstant(occurredAtText) || !UUID.test(key)) throw failures.cursorMalformed()
  return { occurredAtText, key }
}

/** 30 February looks like one and is none. */
function isInstant(text: string): boolean {
  if (!INSTANT.test(text)) return false
  const civil = text.slice(0, 19).replace(' ', 'T')
  const at = new Date(`${civil}Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(civil)
}
