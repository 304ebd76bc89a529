import { sql } from 'kysely'
import { PREPARED } from '../../platform/db/prepared.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import type { Report } from './report.ts'

/**
 * Counts the report of its producer: false if it was counted before. Whoever brings the same report waits until we have
 * committed. Of a producer that is not known nothing was missed: it may be one that was silent until it was forgotten.
 */
export async function advanceProducer(
  tx: Tx,
  envId: number,
  { producer, application, agent, sequence, usage }: Report,
  systemNow: Date,
): Promise<boolean> {
  const { rows } = await sql<{ producer: string }>`${sql.raw(PREPARED)}
    insert into report_producers as p
      (env_id, producer, application, agent, sequence, first_reported_at, last_reported_at, usage, lost_at)
    values (${envId}, ${producer}, ${application}, ${agent}, ${sequence}::bigint,
      ${systemNow}::timestamptz, ${systemNow}::timestamptz, ${usage && JSON.stringify(usage)}::jsonb,
      case when ${lost(usage)}::numeric > 0 then ${systemNow}::timestamptz end)
    on conflict on constraint report_producers_pkey do update set
      application = excluded.application,
      agent = excluded.agent,
      sequence = excluded.sequence,
      last_reported_at = excluded.last_reported_at,
      missed = p.missed + excluded.sequence - p.sequence - 1,
      missed_at = case when excluded.sequence > p.sequence + 1 then excluded.last_reported_at else p.missed_at end,
      usage = coalesce(excluded.usage, p.usage),
      lost_at = case
        when ${lost(usage)}::numeric > coalesce((p.usage ->> 'refused')::numeric + (p.usage ->> 'dropped')::numeric, 0)
        then excluded.last_reported_at else p.lost_at end
    where p.sequence < excluded.sequence
    returning producer`.execute(tx)
  return rows.length > 0
}

function lost(usage: Report['usage']): number {
  return usage ? usage.refused + usage.dropped : 0
}

/** Notes rows that counted for nothing. */
export async function addLeftOut(
  tx: Tx,
  envId: number,
  producer: string,
  left: { readonly count: number; readonly at: Date },
): Promise<void> {
  await sql`
    update report_producers set left_out = left_out + ${left.count}, left_out_at = ${left.at}
    where env_id = ${envId} and producer = ${producer}`.execute(tx)
}

/** What went wrong with reports and usage of one application's processes since an instant. */
export type ProducerTroubles = {
  readonly application: string
  readonly missed: number
  readonly missedAt: Date | null
  readonly leftOut: number
  readonly leftOutAt: Date | null
  readonly lost: number
  readonly lostAt: Date | null
}

/** By application; of processes in which something went wrong since then. */
export async function selectProducerTroubles(
  tx: Tx,
  envId: number,
  since: Date,
): Promise<ProducerTroubles[]> {
  const { rows } = await sql<ProducerTroubles>`
    select application,
      coalesce(sum(missed) filter (where missed_at >= ${since}), 0)::float8 as missed,
      max(missed_at) as "missedAt",
      coalesce(sum(left_out) filter (where left_out_at >= ${since}), 0)::float8 as "leftOut",
      max(left_out_at) as "leftOutAt",
      coalesce(sum((usage ->> 'refused')::numeric + (usage ->> 'dropped')::numeric)
        filter (where lost_at >= ${since}), 0)::float8 as lost,
      max(lost_at) as "lostAt"
    from report_producers
    where env_id = ${envId} and greatest(missed_at, left_out_at, lost_at) >= ${since}
    group by application
    order by application`.execute(tx)
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
