import type { withClient } from '../../apps/server/src/platform/db/embedded-postgres/probe.ts'
import { CYCLES, type Cycle } from '../../packages/pricing/src/index.ts'
import { type AnchorSpan, PERIODS } from './spans.ts'

const DAY_MS = 86_400_000

type Client = Parameters<Parameters<typeof withClient>[1]>[0]

/** What PostgreSQL says of a span by its own calendar and its own time zone data. */
export type Calendar = {
  /** The first day of the span, and the one that the others are counted from. */
  readonly origin: string
  readonly anchors: number
  /** By cycle, for each anchor in turn, the days on which its periods 0 to `PERIODS` begin, the end of the last included. */
  readonly starts: Readonly<Record<Cycle, readonly number[]>>
  /** For each day the first instant, in seconds, at which the clocks of the zone show its midnight or later. */
  readonly midnights: readonly number[]
}

/** The day with this number, as a civil time at midnight. */
export function civilMidnight(origin: string, day: number): string {
  return new Date(Date.parse(`${origin}T00:00:00Z`) + day * DAY_MS).toISOString().slice(0, 19)
}

export async function calendarOf(client: Client, span: AnchorSpan): Promise<Calendar> {
  const starts = await startsOf(client, span)
  const days = Math.max(...CYCLES.map((cycle) => starts[cycle].at(-1) ?? 0))
  return {
    origin: span.from,
    anchors: starts.day.length / (PERIODS + 1),
    starts,
    midnights: await midnightsOf(client, span, days),
  }
}

/** `anchor + n × step` by PostgreSQL, from the anchor each time; it knows how short months are. */
async function startsOf(
  client: Client,
  { from, to }: AnchorSpan,
): Promise<Record<Cycle, readonly number[]>> {
  const { rows } = await client.query<{ cycle: Cycle; days: number[] }>(
    `select cycle, array_agg((anchor + n * step)::date - $1::date order by anchor, n) as days
     from generate_series($1::timestamp, $2::timestamp, interval '1 day') as anchor
       cross join generate_series(0, $3) as n
       cross join (values ('day', interval '1 day'), ('week', interval '7 days'), ('month', interval '1 month'),
         ('quarter', interval '3 months'), ('year', interval '1 year')) as cycles (cycle, step)
     group by cycle`,
    [from, to, PERIODS],
  )
  const byCycle = new Map(rows.map(({ cycle, days }) => [cycle, days]))
  const of = (cycle: Cycle) => byCycle.get(cycle) ?? []
  return {
    day: of('day'),
    week: of('week'),
    month: of('month'),
    quarter: of('quarter'),
    year: of('year'),
  }
}

/**
 * Where some offset of the zone makes the clocks show midnight, the first such instant; where none does,
 * the first minute at which they show more. PostgreSQL's own answer to a time that comes twice or never
 * is another one, so its conversions are used from instants to clocks only. Throws when it is not the first.
 */
async function midnightsOf(
  client: Client,
  { timeZone, from }: AnchorSpan,
  days: number,
): Promise<readonly number[]> {
  const { rows } = await client.query<{ seconds: string[]; are_first: boolean }>(
    `with days as (
       select $2::timestamp + n * interval '1 day' as day from generate_series(0, $3::int) as n
     ), offsets as (
       select distinct (at at time zone $1) - (at at time zone 'UTC') as ahead
       from generate_series(($2::timestamp - interval '2 days') at time zone 'UTC',
         ($2::timestamp + ($3::int + 2) * interval '1 day') at time zone 'UTC', interval '3 hours') as at
     ), shown as (
       select day, min((day - ahead) at time zone 'UTC') as at from days cross join offsets
       where ((day - ahead) at time zone 'UTC') at time zone $1 = day
       group by day
     ), firsts as (
       select day, coalesce(at, (
         select min(minute) from generate_series((day - interval '27 hours') at time zone 'UTC',
           (day + interval '27 hours') at time zone 'UTC', interval '1 minute') as minute
         where minute at time zone $1 >= day)) as at
       from days left join shown using (day)
     )
     select array_agg(extract(epoch from at)::bigint order by day) as seconds,
       bool_and(at at time zone $1 >= day and (at - interval '1 second') at time zone $1 < day) as are_first
     from firsts`,
    [timeZone, from, days],
  )
  const [row] = rows
  if (!row?.are_first) throw new Error(`${timeZone}: PostgreSQL did not find the first instants`)
  return row.seconds.map(Number)
}
