import { type RawBuilder, sql } from 'kysely'
import { compileFilter } from '../catalog/filter-path.ts'
import type { MeterRule } from '../catalog/meter.ts'

/**
 * How meters read events, written once for all who count: roll-up, back-fill, recount, edges of
 * periods, previews. The pieces are common table expressions; each says which columns it gives.
 */
export type Sql = RawBuilder<unknown>

/**
 * `meter`: the stored meters that satisfy `condition`. Filters are read into jsonpath once a statement, and
 * event names numbered, since a number is joined faster than a text.
 */
export function storedMeters(condition: Sql): Sql {
  return sql`meter as materialized (
    select m.env_id, m.event_name, m.meter_no, m.live_from, m.backfilled_at, m.backfill_after,
      dense_rank() over (order by m.env_id, m.event_name) as name_no,
      ${ruleColumns({
        aggregation: sql`m.aggregation`,
        property: sql`m.value_property`,
        filter: sql`m.filter_path`,
        groupBy: sql`m.group_by`,
      })}
    from meters m where ${condition})`
}

/** `meter`: one that is not stored, or a stored one that groups by something else; numbered 0. */
export function unsavedMeter(envId: number, rule: MeterRule): Sql {
  return sql`meter as materialized (
    select ${envId}::int as env_id, ${rule.eventName}::text as event_name, 0 as meter_no, 1::bigint as name_no,
      ${ruleColumns({
        aggregation: sql`${rule.aggregation}::text`,
        property: sql`${rule.valueProperty}::text[]`,
        filter: sql`${rule.filter && compileFilter(rule.filter)}::text`,
        groupBy: sql`${rule.groupBy}::text[]`,
      })})`
}

/** A meter `m` that reads all events of its name, and of each its amount at most. */
export const LOOKS_AT_NO_MORE = sql`(m.aggregation in ('COUNT', 'SUM', 'AVG', 'MIN', 'MAX')
  and m.value_property is null and m.filter_path is null and cardinality(m.group_by) = 0)`

/** The bucket's hour of an event. */
export const HOUR = sql`date_bin('1 hour', occurred_at, '2000-01-01 00:00:00+00')`

type RuleColumns = { aggregation: Sql; property: Sql; filter: Sql; groupBy: Sql }

function ruleColumns({ aggregation, property, filter, groupBy }: RuleColumns): Sql {
  return sql`
    ${aggregation} as aggregation, ${aggregation} = 'UNIQUE' as is_unique,
    ${aggregation} not in ('COUNT', 'UNIQUE') as reads_number,
    ${property} as property, (${filter})::jsonpath as filter,
    ${sql.join(GROUPS.map((n) => sql`string_to_array((${groupBy})[${sql.lit(n)}], '.') as group_${sql.raw(String(n))}`))},
    ${property} is not null or ${filter} is not null or cardinality(${groupBy}) > 0 as reads_metadata`
}

const GROUPS = [1, 2, 3, 4, 5]

/**
 * `found(…carried, env_id, meter_no, aggregation, is_unique, reads_number, customer, hour, dimension, occurred_at,
 * sequence, key, amount, value, data)`: each meter's view of each event that passes its filter; `value` is
 * the number it reads and `data` what may be a unique value.
 * A statement puts `meter` before.
 *
 * `events` selects env_id, name, customer, occurred_at, sequence, key, amount, metadata and what is
 * carried; `on` says which event meets which meter, besides the name. An `offset 0` keeps the planner from
 * repeating an expression where its value is used: the metadata of an event is parsed once for all meters,
 * which is a third of all that counting costs, and not at all when none looks into it.
 */
export function readings(from: { events: Sql; carried?: Sql; on?: Sql }): Sql {
  const { events, carried = sql``, on = sql`` } = from
  return sql`
    metered_name as materialized (
      select name_no, env_id, event_name, bool_or(reads_metadata) as reads_metadata from meter group by 1, 2, 3
    ), metered_event as (
      select e.*, n.name_no, ${HOUR} as hour,
        case when n.reads_metadata then e.metadata::jsonb end as data
      from (${events}) e
        join metered_name n on n.env_id = e.env_id and n.event_name = e.name
      offset 0
    ), found as (
      select ${carried} e.env_id, m.meter_no, m.aggregation, m.is_unique, m.reads_number, e.customer, e.hour,
        ${dimension()} as dimension, e.occurred_at, e.sequence, e.key, e.amount,
        case when m.reads_number then case when m.property is null then e.amount else ${numberOf(at('m.property'))} end end as value,
        case when m.is_unique then ${at('m.property')} end as data
      from metered_event e
        join meter m on m.name_no = e.name_no ${on}
      where m.filter is null or jsonb_path_match(e.data, m.filter, '{}', true)
      offset 0
    )`
}

/** What a unique value can be; null for null. */
export function isScalar(data: Sql): Sql {
  return sql`jsonb_typeof(${data}) in ('string', 'number', 'boolean')`
}

/** `reading(…, unique_value, is_counted)`: what was found, and whether it counts. Comes after `found`. */
export const READING = sql`
    reading as (
      select *, case when ${isScalar(sql`data`)} then data end as unique_value,
        case when reads_number then value is not null when is_unique then coalesce(${isScalar(sql`data`)}, false) else true end as is_counted
      from found
    )`

/** 16 bytes that stand for a unique value: 1, 1.0 and 1e0 are one, "1" is another. */
export function valueHash(value: Sql): Sql {
  return sql`encode(substring(sha256(convert_to(${canonical(value)}, 'UTF8')) for 16), 'hex')::uuid`
}

/** The member of the event's metadata at a path of one to three keys; arrays have no members. */
function at(path: string): Sql {
  const keys = sql.raw(path)
  return sql`(case cardinality(${keys})
    when 1 then e.data -> ${keys}[1]
    when 2 then e.data -> ${keys}[1] -> ${keys}[2]
    else e.data -> ${keys}[1] -> ${keys}[2] -> ${keys}[3] end)`
}

/** A number or a numeric text below the bound of amounts; else null. */
function numberOf(data: Sql): Sql {
  return sql`(select number from (
    select case jsonb_typeof(data) when 'number' then data::numeric
      when 'string' then case when data #>> '{}' ~ '^-?[0-9]+([.][0-9]+)?$' then (data #>> '{}')::numeric end end as number
    from (select ${data} as data offset 0) member offset 0) read where abs(number) < 1e26)`
}

function canonical(scalar: Sql): Sql {
  return sql`(case jsonb_typeof(${scalar}) when 'number' then trim_scale(${scalar}::numeric)::text else ${scalar}::text end)`
}

/** The JSON array of what the event has at the properties of `groupBy`, '' when there are none. */
function dimension(): Sql {
  const parts = GROUPS.map((n) => {
    const group = `m.group_${n}`
    const comma = n === 1 ? sql`` : sql`',' ||`
    return sql`case when ${sql.raw(group)} is null then '' else ${comma} ${dimensionValue(at(group))} end`
  })
  return sql`(case when m.group_1 is null then '' else '[' || ${sql.join(parts, sql` || `)} || ']' end)`
}

const DIMENSION_BYTES_MAX = 256 // five of them and a customer fit into an entry of a b-tree

/** Null for what is missing and no scalar. A long text stands under its hash, so that it stays apart. */
function dimensionValue(data: Sql): Sql {
  const value = sql`(select ${canonical(sql`data`)} as text from (select ${data} as data offset 0) member
    where ${isScalar(sql`data`)})`
  return sql`coalesce((select case when octet_length(text) <= ${sql.lit(DIMENSION_BYTES_MAX)} then text
    else '"sha256:' || encode(sha256(convert_to(text, 'UTF8')), 'hex') || '"' end from ${value} bounded), 'null')`
}
