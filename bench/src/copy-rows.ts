import { randomFillSync } from 'node:crypto'
import type pg from 'pg'
import { EVENT_NAME, sampleEvent } from './events.ts'

/** The columns that `buildRows` fills, in its order; the others have defaults. */
const COLUMNS =
  'env_id, key, fingerprint, occurred_at, sequence, name, customer, amount, metadata, key_text'
const COLUMN_COUNT = 10

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const TRAILER = Buffer.from([0xff, 0xff])
const KEY_BYTES = 16
const KEY_TEXT_LENGTH = 28
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1)

/** A whole binary COPY of rows of `usage_events`, that can be sent again with new keys. */
export type Rows = {
  readonly bytes: Buffer
  readonly keyOffsets: readonly number[]
  readonly keys: Buffer
}

/** Builds `count` rows, their times spread over the `spreadMs` before `until`. */
export function buildRows(
  count: number,
  of: { envId: number; first: number; until: Date; spreadMs: number },
): Rows {
  const parts: Buffer[] = [SIGNATURE]
  const keyOffsets: number[] = []
  let length = SIGNATURE.length
  for (let nth = 0; nth < count; nth += 1) {
    const atMs = of.until.getTime() - (of.spreadMs * nth) / count
    const { row, keyAt } = encodeRow(of.envId, of.first + nth, Math.floor(atMs))
    keyOffsets.push(length + keyAt)
    parts.push(row)
    length += row.length
  }
  parts.push(TRAILER)
  return { bytes: Buffer.concat(parts), keyOffsets, keys: Buffer.alloc(count * KEY_BYTES) }
}

/** Gives every row a key that no other has. */
export function renewRowKeys({ bytes, keyOffsets, keys }: Rows): void {
  randomFillSync(keys)
  for (let nth = 0; nth < keyOffsets.length; nth += 1)
    keys.copy(bytes, keyOffsets[nth], nth * KEY_BYTES, (nth + 1) * KEY_BYTES)
}

/** Stores the rows in one statement, which is one transaction, with one round trip. */
export function copyRows(client: pg.Client, table: string, rows: Rows): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: Error | undefined
    client.query({
      submit(connection: pg.Connection) {
        connection.query(`copy ${table} (${COLUMNS}) from stdin (format binary)`)
        const wire = connection as unknown as CopyWire // pg's types leave out its own methods
        wire.sendCopyFromChunk(rows.bytes)
        wire.endCopyFrom()
      },
      handleCopyInResponse() {},
      handleCommandComplete() {},
      handleError(error: Error) {
        failure = error
      },
      handleReadyForQuery() {
        if (failure) reject(failure)
        else resolve()
      },
    } as pg.Submittable)
  })
}

type CopyWire = { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void }

function encodeRow(envId: number, nth: number, atMs: number): { row: Buffer; keyAt: number } {
  const { customer, metadata } = sampleEvent(nth)
  const count = Buffer.alloc(2)
  count.writeInt16BE(COLUMN_COUNT)
  const before = [count, field(int4(envId))]
  const keyAt = before.reduce((sum, part) => sum + part.length, 4)
  const row = Buffer.concat([
    ...before,
    field(Buffer.alloc(KEY_BYTES)),
    field(int8(BigInt(nth) * 0x9e3779b97f4an)),
    field(int8(BigInt(atMs - POSTGRES_EPOCH_MS) * 1_000n)),
    field(int8(0n)),
    field(Buffer.from(EVENT_NAME)),
    field(Buffer.from(customer)),
    field(NUMERIC_ONE),
    field(Buffer.from(JSON.stringify(metadata))),
    field(Buffer.from(`copy-${nth}`.padEnd(KEY_TEXT_LENGTH, '-'))),
  ])
  return { row, keyAt }
}

/** One digit of base 10,000, at weight 0, positive, nothing after the point. */
const NUMERIC_ONE = Buffer.from([0, 1, 0, 0, 0, 0, 0, 0, 0, 1])

function field(content: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(content.length)
  return Buffer.concat([length, content])
}

function int4(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function int8(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt.asIntN(64, value))
  return bytes
}
