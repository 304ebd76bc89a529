import { sql } from 'kysely'
import type { Tx } from '../../platform/db/transaction.ts'
import type { Warning } from './warning.ts'

/** What is wrong with an endpoint; the count is of requests. */
export type EndpointTrouble = Pick<Warning, 'application' | 'count' | 'at'> & {
  readonly id: string
  readonly method: string
  readonly route: string
}

/** Endpoints that had requests since then which were to be metered and had no customer, most of them first. */
export async function selectUnmetered(
  tx: Tx,
  envId: number,
  { since, limit }: { readonly since: Date; readonly limit: number },
): Promise<EndpointTrouble[]> {
  const { rows } = await sql<EndpointTrouble>`
    select a.name as application, e.id, e.method, e.route, sum(s.unmetered)::float8 as count,
      least(max(s.starts_at) + interval '1 hour', e.last_seen_at) as at
    from endpoints e
      join applications a on a.env_id = e.env_id and a.id = e.application_id
      join endpoint_statistics s on s.env_id = e.env_id and s.endpoint_id = e.id
        and s.span = 'hour' and s.starts_at > ${since}::timestamptz - interval '1 hour' and s.unmetered > 0
    where e.env_id = ${envId}
    group by a.name, e.id, e.method, e.route, e.last_seen_at
    order by count desc, e.id
    limit ${limit}`.execute(tx)
  return rows
}

/** Endpoints without a request for a day that had some on each of the three days before, those that had most first. */
export async function selectVanished(
  tx: Tx,
  envId: number,
  { systemNow, limit }: { readonly systemNow: Date; readonly limit: number },
): Promise<EndpointTrouble[]> {
  const { rows } = await sql<EndpointTrouble>`
    select a.name as application, e.id, e.method, e.route, before.count, e.last_seen_at as at
    from endpoints e
      join applications a on a.env_id = e.env_id and a.id = e.application_id
      cross join lateral (
        select sum(s.requests)::float8 as count,
          count(distinct floor(extract(epoch from ${systemNow}::timestamptz - s.starts_at) / 86400)) as days
        from endpoint_statistics s
        where s.env_id = e.env_id and s.endpoint_id = e.id and s.span = 'hour' and s.requests > 0
          and s.starts_at > ${systemNow}::timestamptz - interval '4 days'
          and s.starts_at <= ${systemNow}::timestamptz - interval '1 day'
      ) as before
    where e.env_id = ${envId} and e.route <> '' and before.days = 3
      and e.last_seen_at <= ${systemNow}::timestamptz - interval '1 day'
    order by before.count desc, e.id
    limit ${limit}`.execute(tx)
  return rows
}
