import { decimal, formatDecimal } from '@usageflow/pricing'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Schema } from '../platform/db/schema.gen.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { Filter } from './filter.ts'
import type { Aggregation, LateUsage, Meter, Rounding } from './meter.ts'

type NewMeter = Omit<Meter, 'meterNo' | 'archivedAt' | 'isComplete'>

/** Null when the key is taken, also by a meter that another transaction is making. */
export async function insertMeter(
  tx: Tx,
  envId: number,
  meter: NewMeter,
  filterPath: string | null,
): Promise<Meter | null> {
  const row = await tx
    .insertInto('meters')
    .values({
      env_id: envId,
      id: meter.id,
      key: meter.key,
      name: meter.name,
      unit: meter.unit,
      event_name: meter.eventName,
      aggregation: meter.aggregation,
      value_property: meter.valueProperty && [...meter.valueProperty],
      filter: meter.filter && JSON.stringify(meter.filter),
      filter_path: filterPath,
      group_by: [...meter.groupBy],
      factor: formatDecimal(meter.factor),
      divisor: formatDecimal(meter.divisor),
      rounding: meter.rounding.mode,
      rounding_digits: meter.rounding.digits,
      late_usage: meter.lateUsage,
      created_at: meter.createdAt,
    })
    .onConflict((conflict) => conflict.constraint('one_meter_per_key').doNothing())
    .returning(COLUMNS)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** The meter with this id or key. */
export async function selectMeter(tx: Tx, envId: number, ref: string): Promise<Meter | undefined> {
  const row = await meters(tx, envId).where(isNamed(ref)).executeTakeFirst()
  return row && fromRow(row)
}

export async function selectMetersById(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<Meter[]> {
  const rows = await meters(tx, envId).where(sql<boolean>`id = any(${ids}::text[])`).execute()
  return rows.map(fromRow)
}

/** The meters that read events of this name, archived ones too, in the order of their keys. */
export async function selectMetersOfEvent(
  tx: Tx,
  envId: number,
  eventName: string,
): Promise<Meter[]> {
  const rows = await meters(tx, envId).where('event_name', '=', eventName).orderBy('key').execute()
  return rows.map(fromRow)
}

/** The keys of meters, by their numbers in big tables. */
export async function selectKeysByNo(
  tx: Tx,
  envId: number,
  meterNos: readonly number[],
): Promise<Map<number, string>> {
  const rows = await tx
    .selectFrom('meters')
    .where('env_id', '=', envId)
    .where('meter_no', '=', sql<number>`any(${meterNos}::int[])`)
    .select(['meter_no', 'key'])
    .execute()
  return new Map(rows.map((row) => [row.meter_no, row.key]))
}

/** Up to `limit` meters in the order of their keys, those after `after`; archived ones are left out. */
export async function selectMeters(
  tx: Tx,
  envId: number,
  page: {
    readonly limit: number
    readonly after: string | null
    readonly offset?: number
    /** Those that are archived instead of those that are not. */
    readonly isArchived?: boolean
  },
): Promise<Meter[]> {
  let query = meters(tx, envId).where('archived_at', page.isArchived ? 'is not' : 'is', null)
  if (page.after !== null) query = query.where('key', '>', page.after)
  const rows = await query
    .orderBy('key')
    .limit(page.limit)
    .offset(page.offset ?? 0)
    .execute()
  return rows.map(fromRow)
}

export async function updateMeter(
  tx: Tx,
  envId: number,
  id: string,
  { name, unit, lateUsage }: Pick<Meter, 'name' | 'unit' | 'lateUsage'>,
): Promise<void> {
  await tx
    .updateTable('meters')
    .set({ name, unit, late_usage: lateUsage })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .execute()
}

export async function updateArchived(tx: Tx, envId: number, id: string, at: Date): Promise<void> {
  await tx
    .updateTable('meters')
    .set({ archived_at: at })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .execute()
}

/** Whether somebody can still subscribe to a price on this meter. */
export async function isPriced(tx: Tx, envId: number, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('prices')
    .innerJoin('plans', (join) =>
      join.onRef('plans.env_id', '=', 'prices.env_id').onRef('plans.id', '=', 'prices.plan_id'),
    )
    .where('prices.env_id', '=', envId)
    .where('prices.meter_id', '=', id)
    .where('plans.archived_at', 'is', null)
    .select('prices.plan_id')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** The names of the events that some meter of the environment reads. */
export async function selectMeteredNames(
  kysely: Kysely<Schema>,
  envId: number,
): Promise<ReadonlySet<string>> {
  const rows = await kysely
    .selectFrom('meters')
    .where('env_id', '=', envId)
    .select('event_name')
    .distinct()
    .execute()
  return new Set(rows.map((row) => row.event_name))
}

/**
 * Lets the meters that are new count every event from transaction `position` on; all environments.
 * Returns how many there were.
 */
// tidy: all environments — one cursor reads the events of them all, so new meters begin together
export async function updateLiveFrom(tx: Tx, position: bigint): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('meters')
    .set({ live_from: position })
    .where('live_from', 'is', null)
    .where('backfilled_at', 'is', null) // the index is of these
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

export type BackFill = {
  readonly envId: number
  readonly meterNo: number
  /** Events of transactions below this one are older than the meter. */
  readonly liveFrom: bigint
  /** The key up to which they are counted; null: none is. */
  readonly after: string | null
}

/** A meter whose older events are not all counted, of any of all environments; null: there is none. */
export async function selectBackFill(tx: Tx): Promise<BackFill | null> {
  const row = await tx
    .selectFrom('meters')
    .where('live_from', 'is not', null)
    .where('backfilled_at', 'is', null)
    .select(['env_id', 'meter_no', 'live_from', 'backfill_after'])
    .orderBy('env_id')
    .orderBy('meter_no')
    .limit(1)
    .executeTakeFirst()
  if (!row || row.live_from === null) return null
  const { env_id: envId, meter_no: meterNo, live_from: liveFrom, backfill_after: after } = row
  return { envId, meterNo, liveFrom: BigInt(liveFrom), after }
}

/** How many meters, of all environments, have not counted all their older events. */
// tidy: all environments — operators watch them all
export async function countBackFills(tx: Tx): Promise<number> {
  const row = await tx
    .selectFrom('meters')
    .where('backfilled_at', 'is', null)
    .select((meters) => meters.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count) // tidy: not money — a count of rows
}

/** Notes that the older events are counted up to the key `after`, or, with `doneAt`, all of them. */
export async function updateBackFill(
  tx: Tx,
  meter: Pick<BackFill, 'envId' | 'meterNo'>,
  progress: { readonly after: string } | { readonly doneAt: Date },
): Promise<void> {
  await tx
    .updateTable('meters')
    .set(
      'after' in progress ? { backfill_after: progress.after } : { backfilled_at: progress.doneAt },
    )
    .where('env_id', '=', meter.envId)
    .where('meter_no', '=', meter.meterNo)
    .execute()
}

const COLUMNS = [
  'meter_no',
  'id',
  'key',
  'name',
  'unit',
  'event_name',
  'aggregation',
  'value_property',
  'filter',
  'group_by',
  'factor',
  'divisor',
  'rounding',
  'rounding_digits',
  'late_usage',
  'created_at',
  'archived_at',
  'backfilled_at',
] as const

function meters(tx: Tx, envId: number) {
  return tx.selectFrom('meters').where('env_id', '=', envId).select(COLUMNS)
}

/** Keys never look like ids, so at most one meter is meant. */
function isNamed(ref: string) {
  return sql<boolean>`(id = ${ref} or key = ${ref})`
}

type MeterRow = {
  meter_no: number
  id: string
  key: string
  name: string
  unit: string
  event_name: string
  aggregation: string
  value_property: string[] | null
  filter: unknown
  group_by: string[]
  factor: string
  divisor: string
  rounding: string
  rounding_digits: number
  late_usage: string
  created_at: Date
  archived_at: Date | null
  backfilled_at: Date | null
}

function fromRow(row: MeterRow): Meter {
  return {
    id: row.id,
    meterNo: row.meter_no,
    key: row.key,
    name: row.name,
    unit: row.unit,
    eventName: row.event_name,
    aggregation: row.aggregation as Aggregation, // a check of the table
    valueProperty: row.value_property,
    filter: row.filter as Filter | null, // written by insertMeter alone
    groupBy: row.group_by,
    factor: decimal(row.factor),
    divisor: decimal(row.divisor),
    // a check of the table
    rounding: { mode: row.rounding as Rounding['mode'], digits: row.rounding_digits },
    lateUsage: row.late_usage as LateUsage, // a check of the table
    createdAt: row.created_at,
    archivedAt: row.archived_at,
    isComplete: row.backfilled_at !== null,
  }
}
