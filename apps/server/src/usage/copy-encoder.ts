import type { UsageEvent } from './event.ts'
import type { EventKey } from './event-key.ts'
import { RowWriter } from './row-writer.ts'

/** What tells an event from every other. */
export type EventIdentity = { readonly envId: number; readonly key: EventKey }

/** One column of `usage_events`: its type, and how an event fills it. */
type Column<Event> = {
  readonly name: string
  readonly type: string
  readonly typeOid: number
  readonly write: (row: RowWriter, event: Event) => void
}

const INT4 = { type: 'int4', typeOid: 23 }
const INT8 = { type: 'int8', typeOid: 20 }
const TEXT = { type: 'text', typeOid: 25 }
const UUID = { type: 'uuid', typeOid: 2950 }
const NUMERIC = { type: 'numeric', typeOid: 1700 }
const TIMESTAMPTZ = { type: 'timestamptz', typeOid: 1184 }

export const KEY_COLUMNS: readonly Column<EventIdentity>[] = [
  { name: 'env_id', ...INT4, write: (row, event) => row.int4(event.envId) },
  { name: 'key', ...UUID, write: (row, event) => row.uuid(event.key) },
]

/** What ingest writes. `xid` is left to its default: the transaction that stores the row. */
export const COLUMNS: readonly Column<UsageEvent>[] = [
  ...KEY_COLUMNS,
  {
    name: 'fingerprint',
    ...INT8,
    write: (row, { fingerprint }) => row.int8Words(fingerprint.high, fingerprint.low),
  },
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
const ONE_DIMENSION = 1
const ELEMENT_BYTES = 32 // enough for most

/** Writes the events as one whole binary `COPY` of `COLUMNS`. */
export function writeCopy(row: RowWriter, events: readonly UsageEvent[]): void {
  row.append(COPY_SIGNATURE)
  for (const event of events) writeTuple(row, event)
  row.short(COPY_END)
}

/** On its own, since V8 compiles what is called often; of one loop in another it made code that it soon gave up. */
function writeTuple(row: RowWriter, event: UsageEvent): void {
  row.short(COLUMNS.length)
  for (const column of COLUMNS) column.write(row, event)
}

/** The events as one binary array for each of `columns`. */
export function encodeArrays<Event>(
  events: readonly Event[],
  columns: readonly Column<Event>[],
): Buffer[] {
  return columns.map((column) => {
    const row = new RowWriter(ELEMENT_BYTES * (events.length + 1))
    row.long(ONE_DIMENSION)
    row.long(1) // may hold nulls
    row.long(column.typeOid)
    row.long(events.length)
    row.long(1) // the index of the first element
    for (const event of events) column.write(row, event)
    return row.written()
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
