import type { UsageEvent } from './event.ts'
import { RowWriter } from './row-writer.ts'

/** One column of `usage_events`: its type, and how an event fills it. */
type Column = {
  readonly name: string
  readonly type: string
  readonly typeOid: number
  readonly write: (row: RowWriter, event: UsageEvent) => void
}

const INT4 = { type: 'int4', typeOid: 23 }
const INT8 = { type: 'int8', typeOid: 20 }
const TEXT = { type: 'text', typeOid: 25 }
const UUID = { type: 'uuid', typeOid: 2950 }
const NUMERIC = { type: 'numeric', typeOid: 1700 }
const TIMESTAMPTZ = { type: 'timestamptz', typeOid: 1184 }

/** What ingest writes. `xid` is left to its default: the transaction that stores the row. */
export const COLUMNS: readonly Column[] = [
  { name: 'env_id', ...INT4, write: (row, event) => row.int4(event.envId) },
  { name: 'key', ...UUID, write: (row, event) => row.raw(event.key) },
  { name: 'fingerprint', ...INT8, write: (row, event) => row.raw(event.fingerprint) },
  {
    name: 'occurred_at',
    ...TIMESTAMPTZ,
    write: (row, event) => row.timestamptz(event.occurredAtUs),
  },
  { name: 'sequence', ...INT8, write: (row, event) => row.int8(event.sequence) },
  { name: 'name', ...TEXT, write: (row, event) => row.text(event.name) },
  { name: 'customer', ...TEXT, write: (row, event) => row.text(event.customerId) },
  { name: 'amount', ...NUMERIC, write: (row, event) => row.numeric(event.amount) },
  { name: 'metadata', ...TEXT, write: (row, event) => textOrNull(row, event.metadata) },
  { name: 'key_text', ...TEXT, write: (row, event) => textOrNull(row, event.keyText) },
  { name: 'import_no', ...INT4, write: (row, event) => int4OrNull(row, event.importNo) },
]

const COPY_SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1') // no flags, no extension
const COPY_END = -1
const FIXED_BYTES_MAX = 160 // of a row: all lengths, and all fields but the texts
const UTF8_BYTES_MAX = 3 // for one UTF-16 unit
const ONE_DIMENSION = 1

/** An upper bound of what the event takes on the wire, and about what it takes in memory. */
export function bytesMax(event: UsageEvent): number {
  const { name, customerId, metadata, keyText } = event
  const length = name.length + customerId.length + (metadata?.length ?? 0) + (keyText?.length ?? 0)
  return FIXED_BYTES_MAX + UTF8_BYTES_MAX * length
}

/** Appends the events as one whole binary `COPY` of `COLUMNS`. */
export function writeCopy(row: RowWriter, events: readonly UsageEvent[]): void {
  row.reserve(COPY_SIGNATURE.length)
  row.length += COPY_SIGNATURE.copy(row.bytes, row.length)
  for (const event of events) {
    row.reserve(bytesMax(event))
    row.short(COLUMNS.length)
    for (const column of COLUMNS) column.write(row, event)
  }
  row.reserve(2)
  row.short(COPY_END)
}

/** The events as one binary array for each of `COLUMNS`. */
export function encodeArrays(events: readonly UsageEvent[]): Buffer[] {
  return COLUMNS.map((column) => {
    const row = new RowWriter(64 * (events.length + 1))
    row.long(ONE_DIMENSION)
    row.long(1) // may hold nulls
    row.long(column.typeOid)
    row.long(events.length)
    row.long(1) // the index of the first element
    for (const event of events) {
      row.reserve(bytesMax(event))
      column.write(row, event)
    }
    return row.bytes.subarray(0, row.length)
  })
}

function textOrNull(row: RowWriter, value: string | null): void {
  if (value === null) row.missing()
  else row.text(value)
}

function int4OrNull(row: RowWriter, value: number | null): void {
  if (value === null) row.missing()
  else row.int4(value)
}
