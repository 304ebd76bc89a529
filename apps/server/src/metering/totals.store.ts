import { sql } from 'kysely'
import type { MeterRule } from '../catalog/meter.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { FRESH_AS_OF } from './cursors.store.ts'
import { effectiveEvents } from './effective-events.store.ts'
import {
  LOOKS_AT_NO_MORE,
  READING,
  readings,
  type Sql,
  storedMeters,
  unsavedMeter,
  valueHash,
} from './readings.store.ts'
import { type Slice, type Span, splitWindows } from './slice.ts'

/** One slice of a question; questions are numbered. */
export type AskedSlice = Slice & { readonly askedNo: number; readonly meterNo: number }

/**
 * What answers are kept apart by: nothing, the customer, one of the properties that the meter groups by,
 * or, question by question, several of these.
 */
export type Grouping =
  | 'none'
  | 'customer'
  | { readonly property: number }
  | { readonly dimensions: ReadonlyMap<number, readonly number[]> }

export type TotalRow = {
  readonly askedNo: number
  /** A customer, the JSON of a property, or of several as an array; '' when not grouped. */
  readonly group: string
  readonly events: bigint
  readonly notCounted: bigint
  readonly sum: string
  readonly min: string | null
  readonly max: string | null
  readonly last: string | null
  readonly uniques: bigint
}

export type Answer = {
  /** Events of transactions below it are counted. */
  readonly position: bigint
  readonly asOf: Date
  readonly incompleteMeters: readonly number[]
  /** Questions and groups without any event have none. */
  readonly rows: readonly TotalRow[]
}

/** How an answer is cut up. */
export type Shape = {
  readonly grouping: Grouping
  /** One more than there are windows: then the answers are numbered by window, from 1, and not by question. */
  readonly borders?: readonly Date[]
  /** The greatest groups first, as the aggregation of the meter sees it; at most `limit` rows. */
  readonly top?: { readonly aggregation: MeterRule['aggregation']; readonly limit: number }
}

/**
 * Totals at the position of the roll-up: whole hours from the buckets, ragged edges from the events. It is
 * one statement, so cursor, buckets and events are seen at one instant.
 */
export async function selectTotals(
  tx: Tx,
  envId: number,
  asked: readonly AskedSlice[],
  shape: Shape,
): Promise<Answer> {
  const split = asked.map((slice) => ({ slice, ...splitWindows(windowsOf(slice, shape)) }))
  return selectAnswer(tx, envId, {
    hours: split.flatMap(({ slice, hours }) => hours.map((span) => ({ ...slice, ...span }))),
    edges: split.flatMap(({ slice, edges }) => edges.map((span) => ({ ...slice, ...span }))),
    position: sql`select position from event_cursors where name = 'roll_up'`,
    meters: storedMeters(isAsked(envId, asked)),
    kinds: await selectKinds(tx, isAsked(envId, asked)),
    shape,
  })
}

function windowsOf(slice: AskedSlice, { borders }: Shape): Span[] {
  if (!borders) return [slice]
  return borders.slice(1).map((to, n) => ({ from: borders[n] ?? slice.from, to }))
}

/** The same from the events alone, as they stood at `position`. */
export async function selectRecount(
  tx: Tx,
  envId: number,
  asked: readonly AskedSlice[],
  { before, shape }: { readonly before: bigint; readonly shape: Shape },
): Promise<Answer> {
  const kinds = await selectKinds(tx, isAsked(envId, asked))
  return byHashing(tx, () =>
    selectAnswer(tx, envId, {
      hours: [],
      edges: asked,
      position: sql`select ${before}::bigint as position`,
      meters: storedMeters(isAsked(envId, asked)),
      kinds,
      shape,
    }),
  )
}

/** The planner expects few events, which it would sort. All of a billing run are in memory, as sums. */
async function byHashing<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await sql`select set_config('enable_sort', 'off', true), set_config('work_mem', '32MB', true)`.execute(
    tx,
  )
  const result = await work()
  await sql`set local enable_sort to default`.execute(tx)
  await sql`set local work_mem to default`.execute(tx)
  return result
}

/** What a rule that no stored meter has says of everything that is committed. */
export async function selectUnsaved(
  tx: Tx,
  envId: number,
  rule: MeterRule,
  question: { readonly asked: readonly AskedSlice[]; readonly shape: Shape },
): Promise<Answer> {
  return selectAnswer(tx, envId, {
    hours: [],
    edges: question.asked,
    position: sql`select 9223372036854775807 as position`,
    meters: unsavedMeter(envId, rule),
    kinds: { addUp: ADD_UP.includes(rule.aggregation), lookAtNoMore: false },
    shape: question.shape,
  })
}

/** The number of a meter that is not stored. */
export const UNSAVED_METER_NO = 0

type Question = {
  /** Of whole hours alone. */
  readonly hours: readonly AskedSlice[]
  readonly edges: readonly AskedSlice[]
  readonly position: Sql
  readonly meters: Sql
  readonly kinds: Kinds
  readonly shape: Shape
}

/** What all meters of a question have in common, which a shorter statement can answer. */
type Kinds = {
  /** None keeps the last value or the distinct ones. */
  readonly addUp: boolean
  readonly lookAtNoMore: boolean
}

const ADD_UP: readonly MeterRule['aggregation'][] = ['COUNT', 'SUM', 'AVG', 'MIN', 'MAX']

// tidy: all environments — the meters of the condition that the caller gives
async function selectKinds(tx: Tx, meters: Sql): Promise<Kinds> {
  const { rows } = await sql<{ add_up: boolean | null; look_at_no_more: boolean | null }>`
    select bool_and(m.aggregation = any(${ADD_UP}::text[])) as add_up, bool_and(${LOOKS_AT_NO_MORE}) as look_at_no_more
    from meters m where ${meters}`.execute(tx)
  const [row] = rows
  return { addUp: row?.add_up === true, lookAtNoMore: row?.look_at_no_more === true }
}

async function selectAnswer(tx: Tx, envId: number, question: Question): Promise<Answer> {
  const { hours, edges, shape, kinds } = question
  const { top } = shape
  const isPlain = kinds.lookAtNoMore && shape.grouping === 'none' && !shape.borders
  const parts = [
    ...(hours.length > 0 ? [bucketParts(shape, kinds)] : []),
    ...(edges.length > 0 ? [isPlain ? PLAIN_PARTS : eventParts(shape)] : []),
  ]
  const { rows } = await sql<AnswerRow>`
    with asked_position as materialized (${question.position}),
    freshness as materialized (select ${FRESH_AS_OF} as as_of from event_cursors where name = 'roll_up'),
    ${slices('whole_hours', envId, hours)}, ${slices('span', envId, edges)},
    ${edges.length > 0 ? sql`${isPlain ? edgeEvents(question.meters) : edgeReadings(question.meters)},` : sql``}
    part as (${sql.join(parts.length > 0 ? parts : [NO_PARTS], sql` union all `)}),
    total as (
      select asked_no, group_key, sum(events) as events, sum(not_counted) as not_counted,
        coalesce(sum(sum), 0) as sum, min(min) as min, max(max) as max, ${kinds.addUp ? NO_LAST : LAST_AND_UNIQUES}
      from part group by asked_no, group_key
      having sum(events) <> 0 or sum(not_counted) <> 0 -- everything may have been voided
      order by asked_no, ${top ? sql`${ORDER[top.aggregation]} desc nulls last,` : sql``} group_key
      limit ${top?.limit ?? null}
    )
    select a.position, f.as_of, t.*, array(
        select m.meter_no from meters m where ${isAsked(envId, [...hours, ...edges])} and m.backfilled_at is null) as incomplete
    from asked_position a cross join freshness f left join total t on true`.execute(tx)
  return answerFromRows(rows)
}

/** \`name(asked_no, asked_meter, env_id, customer, from_at, to_at)\`: one row for each customer of each slice. */
export function slices(name: string, envId: number, asked: readonly AskedSlice[]): Sql {
  const table = sql.raw(name)
  const column = <T>(value: (slice: AskedSlice) => T) => asked.map(value)
  const except = asked.flatMap((slice, at) =>
    slice.except.map((customer) => ({ at: at + 1, customer })),
  )
  const everybody = sql`
    union all
    select s.asked_no, s.asked_meter, ${envId}::int, c.customer, s.from_at, s.to_at
    from asked_slice s join customers c on c.env_id = ${envId}
    where s.customer is null and not exists (
      select from unnest(${except.map(({ at }) => at)}::bigint[], ${except.map(({ customer }) => customer)}::text[]) as x (slice_no, customer)
      where x.slice_no = s.slice_no and x.customer = c.customer)`
  return sql`${table} as materialized (
    with asked_slice as (
      select * from unnest(${column(({ askedNo }) => askedNo)}::int[], ${column(({ meterNo }) => meterNo)}::int[],
        ${column(({ customer }) => customer)}::text[], ${column(({ from }) => from)}::timestamptz[],
        ${column(({ to }) => to)}::timestamptz[]) with ordinality as s (asked_no, asked_meter, customer, from_at, to_at, slice_no)
    )
    select s.asked_no, s.asked_meter, ${envId}::int as env_id, s.customer, s.from_at, s.to_at
    from asked_slice s where s.customer is not null
    ${asked.some(({ customer }) => customer === null) ? everybody : sql``})`
}

/** Nothing is sorted for them, so that the parts are added up by hashing. */
const NO_LAST = sql`null::numeric as last, 0::bigint as uniques`
const LAST_AND_UNIQUES = sql`
  (array_agg(last_value order by last_at desc, last_sequence desc, last_key desc)
    filter (where last_at is not null))[1] as last,
  count(distinct value_hash) filter (where value_hash is not null) as uniques`

function edgeEvents(meters: Sql): Sql {
  return sql`${effectiveEvents({ before: sql`(select position from asked_position)`, carried: ['asked_no', 'asked_meter'] })},
    ${meters}`
}

/** Of meters that look at no more than names and amounts: events are added up before they meet any meter. */
// tidy: all environments — a piece of a statement whose caller names the environment
const PLAIN_PARTS = sql`
  select a.asked_no, '' as group_key, g.events, 0::bigint as not_counted,
    case when m.aggregation in ('SUM', 'AVG') then g.sum end as sum, case when m.aggregation = 'MIN' then g.min end as min,
    case when m.aggregation = 'MAX' then g.max end as max, null::numeric as last_value, null::timestamptz as last_at,
    null::bigint as last_sequence, null::uuid as last_key, null::uuid as value_hash
  from (
    select span_no, name, count(*) as events, sum(amount) as sum, min(amount) as min, max(amount) as max
    from effective_event group by span_no, name
  ) g
    join meter m on m.event_name = g.name
    join equal_spans s on s.span_no = g.span_no
    join lateral unnest(s.asked_no, s.asked_meter) as a (asked_no, asked_meter) on a.asked_meter = m.meter_no`

// tidy: all environments — a piece of a statement whose caller names the environment
function edgeReadings(meters: Sql): Sql {
  return sql`${edgeEvents(meters)}, ${readings({
    events: sql`select * from effective_event`,
    carried: sql`a.asked_no,`,
    on: sql`join lateral unnest(e.asked_no, e.asked_meter) as a (asked_no, asked_meter) on a.asked_meter = m.meter_no`,
  })}, ${READING}`
}

/** A bucket is a part of the answer, and so is each of its unique values. */
function bucketParts({ grouping, borders }: Shape, { addUp }: Kinds): Sql {
  const group = groupOf(grouping, sql`w.asked_no`)
  const askedNo = borders ? windowAt(sql`r.hour`, borders) : sql`w.asked_no`
  const join = sql`r.env_id = w.env_id and r.meter_no = w.asked_meter and r.customer = w.customer
    and r.hour >= w.from_at and r.hour < w.to_at`
  const buckets = sql`
    select ${askedNo} as asked_no, ${group} as group_key, r.events, r.not_counted, r.sum, r.min, r.max,
      r.last_value, r.last_at, r.last_sequence, r.last_key, null::uuid as value_hash
    from whole_hours w join usage_rollups r on ${join}`
  if (addUp) return buckets
  return sql`${buckets}
    union all
    select ${askedNo}, ${group}, 0, 0, null, null, null, null, null, null, null, r.value_hash
    from whole_hours w join usage_uniques r on ${join}`
}

/** Each event of an edge is a part of the answer. */
function eventParts({ grouping, borders }: Shape): Sql {
  const askedNo = borders ? windowAt(sql`r.occurred_at`, borders) : sql`r.asked_no`
  const isLast = sql`r.aggregation = 'LAST' and r.is_counted`
  const valueFor = (...aggregations: MeterRule['aggregation'][]) =>
    sql`case when r.aggregation in (${sql.join(aggregations.map((one) => sql.lit(one)))}) then r.value end`
  return sql`
    select ${askedNo} as asked_no, ${groupOf(grouping, sql`r.asked_no`)} as group_key, r.is_counted::int::bigint as events, (not r.is_counted)::int::bigint as not_counted,
      ${valueFor('SUM', 'AVG')} as sum, ${valueFor('MIN')} as min, ${valueFor('MAX')} as max, case when ${isLast} then r.value end as last_value,
      case when ${isLast} then r.occurred_at end as last_at, case when ${isLast} then r.sequence end as last_sequence,
      case when ${isLast} then r.key end as last_key,
      case when r.unique_value is not null then ${valueHash(sql`r.unique_value`)} end as value_hash
    from reading r`
}

/** A border begins a window. */
function windowAt(at: Sql, borders: readonly Date[]): Sql {
  return sql`width_bucket(${at}, ${borders}::timestamptz[])`
}

const NO_PARTS = sql`
  select 0 as asked_no, '' as group_key, 0::bigint as events, 0::bigint as not_counted, 0::numeric as sum,
    null::numeric as min, null::numeric as max, null::numeric as last_value, null::timestamptz as last_at,
    null::bigint as last_sequence, null::uuid as last_key, null::uuid as value_hash where false`

function groupOf(grouping: Grouping, askedNo: Sql): Sql {
  if (grouping === 'none') return sql`''`
  if (grouping === 'customer') return sql`r.customer`
  if ('property' in grouping)
    return sql`(r.dimension::jsonb -> ${sql.lit(grouping.property)})::text`
  const positions = JSON.stringify(Object.fromEntries(grouping.dimensions))
  return sql`coalesce((
    select jsonb_agg(r.dimension::jsonb -> p.position::int order by p.place)::text
    from jsonb_array_elements_text(${positions}::jsonb -> (${askedNo})::text) with ordinality as p (position, place)), '')`
}

const ORDER: Readonly<Record<MeterRule['aggregation'], Sql>> = {
  COUNT: sql`sum(events)`,
  SUM: sql`sum(sum)`,
  AVG: sql`sum(sum) / nullif(sum(events), 0)`,
  MIN: sql`min(min)`,
  MAX: sql`max(max)`,
  LAST: sql`(array_agg(last_value order by last_at desc, last_sequence desc, last_key desc) filter (where last_at is not null))[1]`,
  UNIQUE: sql`count(distinct value_hash)`,
}

export function isAsked(envId: number, asked: readonly AskedSlice[]): Sql {
  const meterNos = [...new Set(asked.map(({ meterNo }) => meterNo))]
  return sql`m.env_id = ${envId} and m.meter_no = any(${meterNos}::int[])`
}

type AnswerRow = {
  position: string
  as_of: Date
  incomplete: number[]
  asked_no: number | null
  group_key: string
  events: string
  not_counted: string
  sum: string
  min: string | null
  max: string | null
  last: string | null
  uniques: string
}

function answerFromRows(rows: readonly AnswerRow[]): Answer {
  const [first] = rows
  if (!first) throw new Error('the cursor roll_up is missing')
  return {
    position: BigInt(first.position),
    asOf: first.as_of,
    incompleteMeters: first.incomplete,
    rows: rows.flatMap((row) => (row.asked_no === null ? [] : [totalFromRow(row.asked_no, row)])),
  }
}

function totalFromRow(askedNo: number, row: AnswerRow): TotalRow {
  const { group_key: group, events, not_counted, sum, min, max, last, uniques } = row
  return {
    askedNo,
    group,
    sum,
    min,
    max,
    last,
    events: BigInt(events),
    notCounted: BigInt(not_counted),
    uniques: BigInt(uniques),
  }
}
