import { type RawBuilder, sql } from 'kysely'
import { PREPARED } from '../../platform/db/prepared.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import type { Report } from './report.ts'

const AGENTS_MAX = 10 // told of an application

/** What went wrong between a report and the one before it. */
export type Gap = {
  /** Reports that never came. */
  readonly missed: number
  /** Usage that was refused or dropped. */
  readonly lost: number
}

/**
 * Counts the report of its producer: null if it was counted before. Whoever brings the same report waits until we have
 * committed. Of a producer that is not known nothing was missed: it may be one that was silent until it was forgotten.
 */
export async function advanceProducer(
  tx: Tx,
  envId: number,
  { producer, application, agent, sequence, usage }: Report,
  systemNow: Date,
): Promise<Gap | null> {
  // `former` is read before the row is written, since the row comes from it, and is what it was when it is returned.
  const { rows } = await sql<Gap>`${sql.raw(PREPARED)}
    with former as materialized (
      select sequence, ${lostBy(sql`usage`)} as lost from report_producers
      where env_id = ${envId} and producer = ${producer} for update
    )
    insert into report_producers as p
      (env_id, producer, application, agent, sequence, first_reported_at, last_reported_at, usage)
    select ${envId}::integer, ${producer}::text, ${application}::text, ${agent}::text, ${sequence}::bigint,
      ${systemNow}::timestamptz, ${systemNow}::timestamptz, ${usage && JSON.stringify(usage)}::jsonb
    from (select count(*) from former) once
    on conflict on constraint report_producers_pkey do update set
      application = excluded.application,
      agent = excluded.agent,
      sequence = excluded.sequence,
      last_reported_at = excluded.last_reported_at,
      missed = p.missed + excluded.sequence - p.sequence - 1,
      usage = coalesce(excluded.usage, p.usage)
    where p.sequence < excluded.sequence
    returning coalesce((select p.sequence - f.sequence - 1 from former f), 0)::float8 as missed,
      greatest(${lostBy(sql`p.usage`)} - coalesce((select f.lost from former f), 0), 0)::float8 as lost`.execute(
    tx,
  )
  return rows[0] ?? null
}

function lostBy(usage: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`coalesce((${usage} ->> 'refused')::numeric + (${usage} ->> 'dropped')::numeric, 0)`
}

/** Notes rows that counted for nothing. */
export async function addLeftOut(
  tx: Tx,
  envId: number,
  producer: string,
  count: number,
): Promise<void> {
  await sql`
    update report_producers set left_out = left_out + ${count}
    where env_id = ${envId} and producer = ${producer}`.execute(tx)
}

/** Of each of these applications: how many processes have reported since then, and what runs in them. */
export async function selectRunning(
  tx: Tx,
  envId: number,
  applications: readonly string[],
  since: Date,
): Promise<{ application: string; processes: number; agents: string[] }[]> {
  const { rows } = await sql<{ application: string; processes: number; agents: string[] }>`
    select application, count(*)::integer as processes,
      (array_agg(distinct agent))[1:${AGENTS_MAX}::integer] as agents
    from report_producers
    where env_id = ${envId} and application = any(${applications}::text[]) and last_reported_at >= ${since}
    group by application`.execute(tx)
  return rows
}

export type Process = {
  readonly producer: string
  readonly agent: string
  readonly firstReportedAt: Date
  readonly lastReportedAt: Date
  readonly missed: number
  readonly leftOut: number
  readonly usage: Report['usage']
}

/** Those that reported last come first. */
export async function selectProcesses(
  tx: Tx,
  envId: number,
  application: string,
  limit: number,
): Promise<Process[]> {
  const { rows } = await sql<Process>`
    select producer, agent, first_reported_at as "firstReportedAt", last_reported_at as "lastReportedAt",
      missed::float8, left_out::float8 as "leftOut", usage
    from report_producers
    where env_id = ${envId} and application = ${application}
    order by last_reported_at desc, producer
    limit ${limit}`.execute(tx)
  return rows
}

// tidy: all environments — housekeeping knows no tenant
export async function deleteSilentProducers(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from report_producers
    where ctid = any(array(
      select ctid from report_producers where last_reported_at < ${before} limit ${limit} for update skip locked
    ))`.execute(tx)
  return Number(numAffectedRows ?? 0n) // tidy: not money — a count of rows
}
