import type { EventInput, EventLine, Mapping } from './event-line.ts'

// Client, two unused words, time, request line with escaped quotes, status, bytes; referrer and agent follow.
const LINE = /^(\S+) \S+ \S+ \[([^\]]+)\] "((?:[^"\\]|\\.)*)" (\d{3}) (\d+|-)/
const TIME = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})$/
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * Reads a line of a web server's log in the common or combined format: the client address is the
 * customer, `http.request` the event, and method, path, status and bytes its metadata.
 */
export function readCombinedLine(text: string, line: number, mapping: Mapping): EventLine {
  const match = LINE.exec(text)
  if (!match) return { line, refused: 'is not a line of the common or combined log format' }
  const [, client = '', time = '', request = '', status = '', bytes = ''] = match
  const timestamp = isoTime(time)
  if (!timestamp) return { line, refused: `has a time that cannot be read: ${time}` }
  const [method = '', path = ''] = request.split(' ')
  const event: EventInput = {
    name: mapping.constants.name ?? 'http.request',
    customerId: mapping.constants.customerId ?? client,
    timestamp,
    sequence: line,
    idempotencyKey: `${mapping.keyPrefix}-${line}`,
    metadata: { method, path, status: Number(status), bytes: bytes === '-' ? 0 : Number(bytes) },
  }
  return { line, event }
}

/** `17/May/2015:10:05:03 +0000` as ISO 8601, or null. Whether the day exists is for the server to say. */
function isoTime(text: string): string | null {
  const match = TIME.exec(text)
  if (!match) return null
  const [, day, monthName = '', year, clock, zoneHours, zoneMinutes] = match
  const month = MONTHS.indexOf(monthName) + 1
  if (month === 0) return null
  return `${year}-${String(month).padStart(2, '0')}-${day}T${clock}${zoneHours}:${zoneMinutes}`
}
