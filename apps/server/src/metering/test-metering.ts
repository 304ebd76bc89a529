import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { createMeter, type NewRule } from '../catalog/create-meter.ts'
import type { Meter } from '../catalog/meter.ts'
import { anEnvironment, inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { backFill } from './back-fill.ts'
import { catchUp, committedSoFar } from './catch-up.ts'
import { indexCustomers } from './customer-index.ts'
import type { RollUpDeps } from './roll-up.ts'

const NOW = new Date('2026-03-01T00:00:00Z')

/** An event as a test says it; what it leaves out does not matter. */
export type TestEvent = {
  readonly key?: string
  readonly name?: string
  readonly customer?: string
  readonly at?: string
  readonly sequence?: number
  readonly amount?: string
  readonly metadata?: unknown
  /** Instead of it, as JSON that JavaScript would write otherwise. */
  readonly metadataText?: string
}

export type TestCorrection = {
  readonly key: string
  readonly no?: number
  readonly kind: 'void' | 'amend'
  readonly at?: string
  readonly amount?: string
  readonly metadata?: unknown
}

export async function deps(): Promise<RollUpDeps> {
  return { db: (await testDatabase()).database, clock: () => NOW }
}

/** A committed environment of its own. */
export function anEnv(): Promise<number> {
  return inOwnTransaction((tx) => anEnvironment(tx))
}

/** A committed meter, called like its aggregation unless it is said otherwise, of the events `request`. */
export function aMeter(
  envId: number,
  rule: Partial<NewRule> & { readonly key?: string },
): Promise<Meter> {
  const { aggregation = 'COUNT', key = aggregation } = rule
  const whole = {
    eventName: 'request',
    valueProperty: null,
    filter: null,
    groupBy: [],
    conversion: null,
  }
  return inOwnTransaction((tx) =>
    createMeter(tx, envId, { ...whole, ...rule, aggregation, key, name: key, unit: '' }, NOW),
  )
}

/** The key of an event whose idempotency key is `text`. */
export function keyOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex').slice(0, 32)
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

let made = 0

/** Stores events as ingest does, in one transaction of their own; nothing is folded yet. */
export async function store(envId: number, events: readonly TestEvent[]): Promise<void> {
  const { database } = await testDatabase()
  await database.inTransaction((tx) => insertEvents(tx, envId, events))
}

export async function insertEvents(
  tx: Parameters<Parameters<typeof inOwnTransaction>[0]>[0],
  envId: number,
  events: readonly TestEvent[],
): Promise<void> {
  const rows = events.map((event) => ({
    key: keyOf(event.key ?? `made ${made++}`),
    name: event.name ?? 'request',
    customer: event.customer ?? 'ann',
    at: event.at ?? NOW.toISOString(),
    sequence: event.sequence ?? 0,
    amount: event.amount ?? '1',
    metadata:
      event.metadataText ?? (event.metadata === undefined ? null : JSON.stringify(event.metadata)),
  }))
  await sql`
    insert into usage_events (env_id, key, fingerprint, occurred_at, sequence, name, customer, amount, metadata)
    select ${envId}, key, 0, at, sequence, name, customer, amount, metadata
    from json_to_recordset(${JSON.stringify(rows)}::json) as r (
      key uuid, at timestamptz, sequence bigint, name text, customer text, amount numeric, metadata text)`.execute(
    tx,
  )
}

/** Voids or amends in one transaction of its own; nothing is rebuilt yet. */
export async function correct(envId: number, correction: TestCorrection): Promise<void> {
  const { key, no = 1, kind, at = null, amount = null, metadata } = correction
  await inOwnTransaction((tx) =>
    tx
      .insertInto('event_corrections')
      .values({
        env_id: envId,
        key: keyOf(key),
        correction_no: no,
        kind,
        occurred_at: at,
        amount,
        metadata: metadata === undefined ? null : JSON.stringify(metadata),
        created_at: NOW,
      })
      .execute(),
  )
}

const WAITS_MAX = 1_000 // tests of other files write to the same cluster, and one of them may take its time

/** Folds all that is committed. */
export async function fold(): Promise<void> {
  const committed = await inOwnTransaction(committedSoFar)
  if (!(await catchUp(await deps(), committed, WAITS_MAX))) throw new Error('not folded')
}

/** Makes all that is committed findable by customer. */
export async function index(): Promise<void> {
  while ((await indexCustomers(await deps(), []))?.isCut);
}

/** Counts all older events of all meters. */
export async function backFillAll(eventsMax?: number): Promise<void> {
  while (await backFill(await deps(), eventsMax));
}
