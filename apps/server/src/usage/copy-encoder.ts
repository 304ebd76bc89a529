import type { EventKey } from './event-key.ts'
import type { UsageEvent } from './event-rows.ts'
import { RowWriter } from './row-writer.ts'

/** What tells an event from every other. */
export type EventIdentity = { readonly envId: number; readonly key: EventKey }

type Column = { readonly name: string; readonly type: string; readonly typeOid: number }

const INT4 = { type: 'int4', typeOid: 23 }
const INT8 = { type: 'int8', typeOid: 20 }
const TEXT = { type: 'text', typeOid: 25 }
const UUID = { type: 'uuid', typeOid: 2950 }
const NUMERIC = { type: 'numeric', typeOid: 1700 }
const TIMESTAMPTZ = { type: 'timestamptz', typeOid: 1184 }

const ENVIRONMENT = { name: 'env_id', ...INT4 }
const KEY = { name: 'key', ...UUID }

export const KEY_COLUMNS: readonly Column[] = [ENVIRONMENT, KEY]

/**
 * The columns of `usage_events` that ingest writes, in the order of the fields of a row. `xid` is left to its
 * default: the transaction that stores the row.
 */
export const COLUMNS: readonly Column[] = [
  ...KEY_COLUMNS,
  { name: 'fingerprint', ...INT8 },
  { name: 'sequence', ...INT8 },
  { name: 'name', ...TEXT },
  { name: 'customer', ...TEXT },
  { name: 'amount', ...NUMERIC },
  { name: 'metadata', ...TEXT },
  { name: 'occurred_at', ...TIMESTAMPTZ },
  { name: 'key_text', ...TEXT },
  { name: 'import_no', ...INT4 },
]

const COPY_SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1') // no flags, no extension
const COPY_END = -1
const ONE_DIMENSION = 1
const ELEMENT_BYTES = 32 // enough for most
const COUNT_BYTES = 2 // of the fields, in front of each row
const LENGTH_BYTES = 4 // in front of each field

/** Writes the rows of the events as one whole binary `COPY` of `COLUMNS`. */
export function writeCopy(row: RowWriter, events: readonly UsageEvent[]): void {
  row.append(COPY_SIGNATURE)
  for (const { rows, start, end } of events) row.appendPart(rows.bytes, start, end)
  row.short(COPY_END)
}

/** The rows of the events as one binary array for each of `COLUMNS`: its elements are written like fields of rows. */
export function columnArrays(events: readonly UsageEvent[]): Buffer[] {
  const arrays = COLUMNS.map((column) => beginArray(column, events.length))
  for (const { rows, start } of events) {
    let at = start + COUNT_BYTES
    for (const array of arrays) {
      const end = at + LENGTH_BYTES + Math.max(0, rows.bytes.readInt32BE(at)) // -1: no value
      array.appendPart(rows.bytes, at, end)
      at = end
    }
  }
  return arrays.map((array) => array.written())
}

/** The identities as one binary array for each of `KEY_COLUMNS`. */
export function keyArrays(identities: readonly EventIdentity[]): Buffer[] {
  const environments = beginArray(ENVIRONMENT, identities.length)
  const keys = beginArray(KEY, identities.length)
  for (const { envId, key } of identities) {
    environments.int4(envId)
    keys.uuid(key)
  }
  return [environments.written(), keys.written()]
}

function beginArray({ typeOid }: Column, length: number): RowWriter {
  const array = new RowWriter(ELEMENT_BYTES * (length + 1))
  array.long(ONE_DIMENSION)
  array.long(1) // may hold nulls
  array.long(typeOid)
  array.long(length)
  array.long(1) // the index of the first element
  return array
}
