import type { OwnConnection } from '../platform/db/own-connection.ts'
import { invariant } from '../platform/errors.ts'
import {
  COLUMNS,
  columnArrays,
  type EventIdentity,
  KEY_COLUMNS,
  keyArrays,
  writeCopy,
} from './copy-encoder.ts'
import { keyOfUuid } from './event-key.ts'
import type { UsageEvent } from './event-rows.ts'
import type { Fingerprint } from './fingerprint.ts'
import { RowWriter } from './row-writer.ts'

/*
 * The statements of ingest. All see batches in which the rows are sorted by key: two batches that
 * share keys then wait for each other instead of deadlocking. Each is a transaction of its own.
 *
 * Measured per event, PostgreSQL alone: `COPY` into the keyed table 3.1–3.9 µs; a look for stored keys and
 * then `COPY` about 2 µs more; `INSERT … ON CONFLICT` from binary arrays 7.2–7.6 µs; `COPY` into a staging
 * table and from there 6.8–7.2 µs. So: `COPY`, a look only for a batch that collided, and `INSERT` only
 * when others store the same keys at that very moment.
 */

const NAMES = COLUMNS.map((column) => column.name).join(', ')
const KEY_NAMES = KEY_COLUMNS.map((column) => column.name).join(', ')
const ARRAYS = COLUMNS.map((column, index) => `$${index + 1}::${column.type}[]`).join(', ')
const KEY_ARRAYS = KEY_COLUMNS.map((column, index) => `$${index + 1}::${column.type}[]`).join(', ')

// tidy: all environments — a batch holds events of many, and names the environment of each
const COPY = `copy usage_events (${NAMES}) from stdin (format binary)`

// tidy: all environments — a batch holds events of many, and names the environment of each
const INSERT = `
  with fresh as (
    insert into usage_events (${NAMES})
    select ${NAMES} from unnest(${ARRAYS}) as sent (${NAMES})
    on conflict on constraint one_event_per_key do nothing
    returning ${KEY_NAMES}
  )
  select ${KEY_NAMES} from unnest(${KEY_ARRAYS}) as sent (${KEY_NAMES})
  except
  select ${KEY_NAMES} from fresh`

// tidy: all environments — a batch holds events of many, and names the environment of each
const SELECT_FINGERPRINTS = `
  select ${KEY_NAMES}, int8send(fingerprint) as fingerprint
  from unnest(${KEY_ARRAYS}) as asked (${KEY_NAMES})
  join usage_events using (${KEY_NAMES})`

const BYTES_AT_FIRST = 256 * 1024

/** Writes events over one connection of its own, which it reuses a buffer for. */
export class EventTable {
  private readonly connection: OwnConnection
  private readonly row = new RowWriter(BYTES_AT_FIRST)

  constructor(connection: OwnConnection) {
    this.connection = connection
  }

  /**
   * Stores all events, or none: rejects with 23505 when one of their keys is stored, or stands twice
   * among them. Resolves after the commit.
   */
  async copy(events: readonly UsageEvent[]): Promise<void> {
    this.row.reset()
    writeCopy(this.row, events)
    const rows = await this.connection.copyIn(COPY, this.row.written())
    invariant(rows === events.length, `of ${events.length} events ${rows} were copied`)
  }

  /**
   * Stores the events whose keys are not stored yet. Resolves, after the commit, to the others. Waits
   * for other transactions that are storing one of the keys.
   */
  async insertFresh(events: readonly UsageEvent[]): Promise<EventIdentity[]> {
    const rows = await this.connection.query<KeyRow>({
      name: 'insert_events',
      text: INSERT,
      values: columnArrays(events),
    })
    return rows.map(identityOf)
  }

  /** What holds these keys. A statement of its own: the insert's own snapshot is too old to see it. */
  async selectFingerprints(
    events: readonly EventIdentity[],
  ): Promise<(EventIdentity & { readonly fingerprint: Fingerprint })[]> {
    const rows = await this.connection.query<KeyRow & { fingerprint: Buffer }>({
      name: 'select_fingerprints',
      text: SELECT_FINGERPRINTS,
      values: keyArrays(events),
    })
    return rows.map((row) => ({
      ...identityOf(row),
      fingerprint: fingerprintFrom(row.fingerprint),
    }))
  }
}

function fingerprintFrom(bytes: Buffer): Fingerprint {
  return { high: bytes.readInt32BE(0), low: bytes.readInt32BE(4) }
}

type KeyRow = { env_id: number; key: string }

function identityOf(row: KeyRow): EventIdentity {
  return { envId: row.env_id, key: keyOfUuid(row.key) }
}
