import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import { effectiveEvents } from './effective-events.store.ts'
import { READING, readings, storedMeters } from './readings.store.ts'
import { type AskedSlice, isAsked, slices } from './totals.store.ts'

/** An event as it counts for a meter: with the content of its newest correction. */
export type CountedEvent = {
  /** The 16 bytes of its key, as a uuid. */
  readonly key: string
  readonly customer: string
  readonly occurredAt: Date
  /** The same instant to the microsecond; continue after it. */
  readonly occurredAtText: string
  readonly sequence: bigint
  readonly amount: string
  /** The number that the meter read, in plain decimal digits; null when its aggregation reads none. */
  readonly value: string | null
}

/**
 * The events that a meter counted at the position `before` in some slices, by time and key; with `since`
 * only those that came or were corrected from that position on, with `key` that one alone.
 */
export async function selectCountedEvents(
  tx: Tx,
  envId: number,
  asked: {
    readonly slices: readonly AskedSlice[]
    readonly since: bigint | null
    readonly before: bigint
    readonly key: string | null
  },
  page: {
    readonly limit: number
    readonly after: Pick<CountedEvent, 'occurredAtText' | 'key'> | null
  },
): Promise<CountedEvent[]> {
  const { after, limit } = page
  const { rows } = await sql<CountedEventRow>`
    with ${slices('asked_slices', envId, asked.slices)},
    span as materialized (
      select asked_meter, env_id, customer, to_at,
        ${after ? sql`greatest(from_at, ${after.occurredAtText}::timestamptz)` : sql`from_at`} as from_at
      from asked_slices
    ),
    ${effectiveEvents({ before: sql`${asked.before}::bigint`, carried: ['asked_meter'] })},
    ${storedMeters(isAsked(envId, asked.slices))},
    ${readings({ events: sql`select * from effective_event e ${newSince(asked)}`, on: sql`and m.meter_no = any(e.asked_meter)` })}, ${READING}
    select key, customer, occurred_at, occurred_at::text as occurred_at_text, sequence, amount, value
    from reading
    where is_counted ${asked.key === null ? sql`` : sql`and key = ${asked.key}::uuid`} ${after ? sql`and (occurred_at, key) > (${after.occurredAtText}::timestamptz, ${after.key}::uuid)` : sql``}
    order by occurred_at, key limit ${limit}`.execute(tx)
  return rows.map(fromRow)
}

/** An event is new when it came, or was corrected, from `since` on. */
function newSince({ since, before }: { readonly since: bigint | null; readonly before: bigint }) {
  if (since === null) return sql``
  return sql`where e.xid >= ${since} or exists (
    select from event_corrections k
    where k.env_id = e.env_id and k.key = e.key and k.xid >= ${since} and k.xid < ${before})`
}

type CountedEventRow = {
  key: string
  customer: string
  occurred_at: Date
  occurred_at_text: string
  sequence: string
  amount: string
  value: string | null
}

function fromRow(row: CountedEventRow): CountedEvent {
  const { key, customer, sequence, amount, value } = row
  return {
    ...{ key, customer, amount, value },
    occurredAt: row.occurred_at,
    occurredAtText: row.occurred_at_text,
    sequence: BigInt(sequence),
  }
}
