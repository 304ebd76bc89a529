import { COLUMNS } from './copy-encoder.ts'
import { readEvent } from './event.ts'
import { type UsageEvent, writeRows } from './event-rows.ts'

/** The event of a body as `/api/v1/events` takes it. */
export function eventOf(
  body: object,
  arrival: { readonly envId: number; readonly nowUs: number },
  importNo: number | null = null,
): UsageEvent {
  const sent = readEvent(body, 'name')
  return writeRows((rows) => rows.add(sent, arrival, importNo))
}

const MICROS_TO_2000 = 946_684_800_000_000n

/** What the row of an event says, by the names of its columns; numerics are left as bytes. */
export function fieldsOf({ rows, start }: UsageEvent): Record<string, unknown> {
  let at = start + 2
  return Object.fromEntries(
    COLUMNS.map(({ name, type }) => {
      const length = rows.bytes.readInt32BE(at)
      const bytes = rows.bytes.subarray(at + 4, at + 4 + Math.max(0, length))
      at += 4 + bytes.length
      return [name, length === -1 ? null : read(type, bytes)]
    }),
  )
}

function read(type: string, bytes: Buffer): unknown {
  if (type === 'text') return bytes.toString('utf8')
  if (type === 'int4') return bytes.readInt32BE()
  if (type === 'int8') return bytes.readBigInt64BE()
  if (type === 'timestamptz') return bytes.readBigInt64BE() + MICROS_TO_2000
  return bytes.toString('hex')
}
