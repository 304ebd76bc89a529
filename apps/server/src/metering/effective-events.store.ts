import { sql } from 'kysely'
import type { Sql } from './readings.store.ts'

/**
 * `effective_event(span_no, …carried[], env_id, xid, name, customer, occurred_at, sequence, key, amount, metadata)`: the
 * events of the spans `span(…carried, env_id, customer, from_at, to_at)` as they stand at the position
 * `before`: with the content of the newest correction below it, or gone when that is a void.
 *
 * `events_by_customer` finds them under every time at which they stand or stood; what its cursor has not
 * reached yet is looked for in the events and corrections themselves. So the answer is exact however
 * far behind that index is; only its speed depends on it. Most of what is not indexed yet has just happened
 * and lies behind all spans, which is seen before any join. The three ways of finding an event at a time exclude
 * each other: to sort out twins would take as long as to fetch the events.
 *
 * An event is fetched once for all that is carried with equal spans, like the meters of a bill: so what is
 * carried is an array, to be taken apart behind the names and meters, which most of it does not meet; it is also
 * found in `equal_spans` by `span_no`, which is cheaper to group by. No two
 * spans that carry the same may hold the same instant of a customer. The `offset 0` keeps the planner, which
 * expects few events, from multiplying them by what the statement goes on with before they are fetched.
 */
export function effectiveEvents(from: {
  before: Sql
  carried: readonly [string, ...string[]]
}): Sql {
  const { before, carried } = from
  const names = sql.raw(['span_no', ...carried].join(', '))
  return sql`
    unindexed as materialized (
      select position from event_cursors where name = 'customer_index'
    ), equal_spans as materialized (
      select row_number() over () as span_no, env_id, customer, from_at, to_at, ${sql.raw(carried.map((name) => `array_agg(${name}) as ${name}`).join(', '))}
      from span group by env_id, customer, from_at, to_at
    ), corrected as materialized (
      select exists (
        select from event_corrections c where c.env_id = any(array(select distinct env_id from span))) as is_any
    ), standing as (
      select ${names}, i.env_id, i.key, i.occurred_at
      from equal_spans s
        join events_by_customer i on i.env_id = s.env_id and i.customer = s.customer
          and i.occurred_at >= s.from_at and i.occurred_at < s.to_at
      union all
      select ${names}, e.env_id, e.key, e.occurred_at
      from equal_spans s
        join usage_events e on e.env_id = s.env_id and e.customer = s.customer
          and e.occurred_at >= s.from_at and e.occurred_at < s.to_at
      where e.xid >= (select position from unindexed) and e.xid < ${before}
        and e.occurred_at >= (select min(from_at) from span) and e.occurred_at < (select max(to_at) from span)
      union all
      select distinct ${names}, e.env_id, e.key, c.occurred_at
      from event_corrections c
        join usage_events e on e.env_id = c.env_id and e.key = c.key
        join equal_spans s on s.env_id = e.env_id and s.customer = e.customer
          and c.occurred_at >= s.from_at and c.occurred_at < s.to_at
      where c.xid >= (select position from unindexed) and c.xid < ${before}
        and not (c.occurred_at = e.occurred_at and e.xid >= (select position from unindexed))
        and not exists (
          select from events_by_customer i where i.env_id = e.env_id and i.customer = e.customer
            and i.occurred_at = c.occurred_at and i.key = e.key)
    ), effective_event as (
      select ${sql.raw(['span_no', ...carried].map((name) => `f.${name}`).join(', '))}, ${CORRECTED}
      from standing f
        join usage_events e on e.env_id = f.env_id and e.key = f.key
        ${newestCorrection(before, sql`and (select is_any from corrected)`)}
      where e.xid < ${before} and c.kind is distinct from 'void'
        and f.occurred_at = coalesce(c.occurred_at, e.occurred_at)
      offset 0
    )`
}

/**
 * `c`: the newest correction of the event `e` at the position `before`. A condition that `onlyIf` adds and that needs
 * no event is looked at once: most environments have no correction, and then none is looked for.
 */
export function newestCorrection(before: Sql, onlyIf: Sql = sql``): Sql {
  return sql`left join lateral (
    select n.kind, n.occurred_at, n.amount, n.metadata
    from event_corrections n
    where n.env_id = e.env_id and n.key = e.key and n.xid < ${before} ${onlyIf}
    order by n.correction_no desc limit 1) c on true`
}

/** The columns of an event `e` with the content of its correction `c`, which replaces all three. */
export const CORRECTED = sql`e.env_id, e.xid, e.name, e.customer, coalesce(c.occurred_at, e.occurred_at) as occurred_at,
  e.sequence, e.key, coalesce(c.amount, e.amount) as amount,
  case when c.kind is null then e.metadata else c.metadata end as metadata`
