import { COLUMNS, type EventIdentity } from './copy-encoder.ts'
import type { SentEvent } from './event.ts'
import { type EventKey, keyOf, randomKey } from './event-key.ts'
import { type Fingerprint, fingerprintOf } from './fingerprint.ts'
import { writeJson } from './metadata.ts'
import { RowWriter } from './row-writer.ts'

/**
 * One usage fact on its way: never changed, only corrected by a later record. What is stored of it is
 * encoded as it arrives, so that nothing of the request has to outlive it.
 */
export type UsageEvent = EventIdentity & {
  readonly fingerprint: Fingerprint
  /** Whether it came with an idempotency key, so that it can be sent again. */
  readonly isKeyed: boolean
  /** Its row: the bytes from `start` to `end`. */
  readonly rows: EventRows
  readonly start: number
  readonly end: number
}

/** Where and when an event arrived. */
export type Arrival = {
  readonly envId: number
  /** What time it is in the environment, in microseconds since 1970. */
  readonly nowUs: number
}

const BYTES_AT_FIRST = 256 * 1024
const BYTES_KEPT_MAX = 4 * 1024 * 1024

let writer = new RowWriter(BYTES_AT_FIRST)

/** Calls `write` with rows to add to, which are there when it has returned. It waits for nothing: all share one buffer. */
export function writeRows<T>(write: (rows: EventRows) => T): T {
  if (writer.capacity > BYTES_KEPT_MAX) writer = new RowWriter(BYTES_AT_FIRST)
  writer.reset()
  const rows = new EventRows()
  const result = write(rows)
  rows.bytes = Buffer.from(writer.written())
  return result
}

/** The rows of events that arrived together, in PostgreSQL's binary format, one after the other. */
export class EventRows {
  bytes: Buffer = Buffer.alloc(0)

  /** The event to store. Without a timestamp it happened now. */
  add(sent: SentEvent, arrival: Arrival, importNo: number | null): UsageEvent {
    const { idempotencyKey } = sent
    const key = idempotencyKey === null ? randomKey() : keyOf(idempotencyKey)
    const start = writer.position()
    const { envId, nowUs } = arrival
    const fingerprint = writeRow(writer, sent, { envId, nowUs, key, importNo })
    return {
      envId,
      key,
      fingerprint,
      isKeyed: idempotencyKey !== null,
      rows: this,
      start,
      end: writer.position(),
    }
  }
}

type Known = Arrival & { readonly key: EventKey; readonly importNo: number | null }

/**
 * Writes the fields in the order of `COLUMNS`. The fingerprint is of what the client said, and of nothing that
 * the server adds: of the fields from `sequence` to `metadata`, and of the time only if the client chose it. So it is equal
 * for two events that say the same, however they are written: order of keys, `1` or `"1.0"`, zone of the
 * timestamp, defaults spelled out. Nor is the import in it: a file sent again through another import is a repeat.
 */
function writeRow(row: RowWriter, sent: SentEvent, known: Known): Fingerprint {
  row.short(COLUMNS.length)
  row.int4(known.envId)
  row.uuid(known.key)
  const fingerprintAt = row.position()
  row.int8Words(0, 0)
  const contentAt = row.position()
  row.int8(sent.sequence)
  row.text(sent.name)
  row.text(sent.customerId)
  row.numeric(sent.amount)
  if (sent.metadata === null) row.missing()
  else {
    const textAt = row.beginText()
    writeJson(row, sent.metadata)
    row.endText(textAt)
  }
  const timeAt = row.position()
  row.timestamptz(sent.timestampUs ?? known.nowUs)
  const saysTime = sent.timestampUs !== null && !sent.isTimeIncidental
  const contentEnd = saysTime ? row.position() : timeAt
  if (sent.idempotencyKey === null) row.missing()
  else row.text(sent.idempotencyKey)
  if (known.importNo === null) row.missing()
  else row.int4(known.importNo)
  const fingerprint = fingerprintOf(row.between(contentAt, contentEnd))
  row.overwriteInt8Words(fingerprintAt, fingerprint.high, fingerprint.low)
  return fingerprint
}
