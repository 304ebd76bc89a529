import { sql } from 'kysely'
import type { Tx } from '../../platform/db/transaction.ts'
import type { Sample } from './report.ts'

const US_PER_MS = 1_000

export type StoredSample = Sample & { readonly id: string; readonly endpointId: string }

/** How many there are of each of these minutes. */
export async function selectSampleCounts(
  tx: Tx,
  envId: number,
  applicationId: string,
  minutes: readonly Date[],
): Promise<{ minute: Date; count: number }[]> {
  const { rows } = await sql<{ minute: Date; count: number }>`
    select m.minute, count(s.id)::integer as count
    from unnest(${minutes}::timestamptz[]) as m (minute)
      left join request_samples s on s.env_id = ${envId} and s.application_id = ${applicationId}
        and s.at >= m.minute and s.at < m.minute + interval '1 minute'
    group by m.minute`.execute(tx)
  return rows
}

export async function insertSamples(
  tx: Tx,
  envId: number,
  applicationId: string,
  samples: readonly StoredSample[],
): Promise<void> {
  const rows = samples.map((sample) => ({
    ...{ env_id: envId, id: sample.id, application_id: applicationId },
    ...{ endpoint_id: sample.endpointId, at: sample.at },
    ...{ method: sample.method, route: sample.route, status: sample.status },
    ...{ duration_us: Math.round(sample.durationMs * US_PER_MS), customer_id: sample.customerId },
    ...{ request_bytes: sample.requestBytes, response_bytes: sample.responseBytes },
    ...{ client_address: sample.clientAddress, user_agent: sample.userAgent },
    query_names: JSON.stringify(sample.queryNames),
  }))
  await tx.insertInto('request_samples').values(rows).execute()
}

export type SamplePage = {
  readonly limit: number
  /** Where a page goes on: before this instant and id. */
  readonly after: { readonly at: string; readonly id: string } | null
  readonly application: string | null
  readonly endpointId: string | null
  readonly customerId: string | null
  /** From the first of these statuses to the second. */
  readonly statuses: readonly [number, number] | null
}

/** The latest first, with what is asked for. */
export async function selectSamplePage(
  tx: Tx,
  envId: number,
  { limit, after, application, endpointId, customerId, statuses }: SamplePage,
): Promise<(StoredSample & { application: string })[]> {
  const conditions = [
    sql`s.env_id = ${envId}`,
    ...(after ? [sql`(s.at, s.id) < (${after.at}::timestamptz, ${after.id})`] : []),
    ...(application === null ? [] : [sql`a.name = ${application}`]),
    ...(endpointId === null ? [] : [sql`s.endpoint_id = ${endpointId}`]),
    ...(customerId === null ? [] : [sql`s.customer_id = ${customerId}`]),
    ...(statuses ? [sql`s.status between ${statuses[0]} and ${statuses[1]}`] : []),
  ]
  const { rows } = await sql<StoredSample & { application: string }>`
    select s.id, a.name as application, s.endpoint_id as "endpointId", s.at, s.method, s.route, s.status,
      s.duration_us::float8 / ${US_PER_MS} as "durationMs", s.request_bytes::float8 as "requestBytes", s.response_bytes::float8 as "responseBytes",
      s.customer_id as "customerId", s.client_address as "clientAddress", s.user_agent as "userAgent",
      s.query_names as "queryNames"
    from request_samples s join applications a on a.env_id = s.env_id and a.id = s.application_id
    where ${sql.join(conditions, sql` and `)}
    order by s.at desc, s.id desc
    limit ${limit}`.execute(tx)
  return rows
}

// tidy: all environments — housekeeping knows no tenant
export async function deleteOldSamples(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from request_samples
    where ctid = any(array(
      select ctid from request_samples where at < ${before} limit ${limit} for update skip locked
    ))`.execute(tx)
  return Number(numAffectedRows ?? 0n) // tidy: not money — a count of rows
}
