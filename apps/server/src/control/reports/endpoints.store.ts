import { sql } from 'kysely'
import { PREPARED } from '../../platform/db/prepared.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import type { Endpoint } from './endpoint.ts'
import type { RouteName } from './report.ts'

/** As it stands in its row: with empty texts where there is no route. */
type StoredName = { readonly method: string; readonly route: string }

/** Of those in question, with what an update goes by. */
export type KnownEndpoint = {
  readonly id: string
  readonly name: RouteName
  readonly declaredAt: Date | null
  readonly lastSeenAt: Date | null
}

/** Those of these names that there are. */
export async function selectKnown(
  tx: Tx,
  envId: number,
  applicationId: string,
  names: readonly RouteName[],
): Promise<KnownEndpoint[]> {
  const stored = names.map(toStored)
  const { rows } = await sql<StoredName & Omit<KnownEndpoint, 'name'>>`${sql.raw(PREPARED)}
    select e.id, e.method, e.route, e.declared_at as "declaredAt", e.last_seen_at as "lastSeenAt"
    from unnest(${stored.map(({ method }) => method)}::text[], ${stored.map(({ route }) => route)}::text[]) as n (method, route)
      join endpoints e on e.env_id = ${envId} and e.application_id = ${applicationId}
        and e.method = n.method and e.route = n.route`.execute(tx)
  return rows.map(({ method, route, ...known }) => ({ ...known, name: fromStored(method, route) }))
}

/** Keeps everybody else from making endpoints of this application until the transaction ends. Returns how many routes it has. */
export async function lockRoutes(tx: Tx, envId: number, applicationId: string): Promise<number> {
  await sql`
    select from applications where env_id = ${envId} and id = ${applicationId} for no key update`.execute(
    tx,
  )
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from endpoints
    where env_id = ${envId} and application_id = ${applicationId} and route <> ''`.execute(tx)
  return rows[0]?.count ?? 0
}

/** Does nothing for those that there are. */
export async function insertEndpoints(
  tx: Tx,
  envId: number,
  applicationId: string,
  {
    endpoints,
    firstSeenAt,
  }: {
    readonly endpoints: readonly { readonly id: string; readonly name: RouteName }[]
    readonly firstSeenAt: Date
  },
): Promise<void> {
  const names = endpoints.map(({ name }) => toStored(name))
  await sql`
    insert into endpoints (env_id, id, application_id, method, route, first_seen_at)
    select ${envId}, id, ${applicationId}, method, route, ${firstSeenAt}
    from unnest(
      ${endpoints.map(({ id }) => id)}::text[],
      ${names.map(({ method }) => method)}::text[], ${names.map(({ route }) => route)}::text[]
    ) as n (id, method, route)
    on conflict on constraint one_endpoint_per_route do nothing`.execute(tx)
}

/** When endpoints were last seen, or declared. Nobody waits for who writes the same at this moment. */
export async function updateTimes(
  tx: Tx,
  envId: number,
  ids: readonly string[],
  { column, at }: { readonly column: 'last_seen_at' | 'declared_at'; readonly at: Date },
): Promise<void> {
  await sql`
    update endpoints set ${sql.ref(column)} = ${at} where env_id = ${envId} and id in (
      select id from endpoints where env_id = ${envId} and id = any(${ids}::text[])
      order by id for no key update skip locked
    )`.execute(tx)
}

/** Where a page goes on: after this application, route and method. */
export type EndpointPlace = {
  readonly application: string
  readonly route: string
  readonly method: string
}

/** Up to `limit` in the order of applications, routes and methods; of one application, and with a text in the route, where asked. */
export async function selectEndpointPage(
  tx: Tx,
  envId: number,
  page: {
    readonly limit: number
    readonly after: EndpointPlace | null
    readonly application: string | null
    readonly text: string | null
  },
): Promise<Endpoint[]> {
  const { after } = page
  return endpoints(
    tx,
    sql`e.env_id = ${envId}
      and (${page.application}::text is null or a.name = ${page.application})
      and (${page.text}::text is null or strpos(lower(e.method || ' ' || e.route), lower(${page.text}::text)) > 0)
      and (${after === null} or (a.name, e.route, e.method) > (${after?.application ?? ''}, ${after?.route ?? ''}, ${after?.method ?? ''}))
    order by a.name, e.route, e.method
    limit ${page.limit}`,
  )
}

/** Undefined: there is no such endpoint. */
export async function selectEndpoint(
  tx: Tx,
  envId: number,
  id: string,
): Promise<Endpoint | undefined> {
  const [endpoint] = await endpoints(tx, sql`e.env_id = ${envId} and e.id = ${id}`)
  return endpoint
}

/** Of one application, or of all. */
export async function selectEndpointsOf(
  tx: Tx,
  envId: number,
  application: string | null,
): Promise<Endpoint[]> {
  return endpoints(
    tx,
    sql`e.env_id = ${envId} and (${application}::text is null or a.name = ${application})`,
  )
}

/** Applications with at least so many routes. */
export async function selectFullApplications(
  tx: Tx,
  envId: number,
  atLeast: number,
): Promise<{ application: string; count: number; at: Date }[]> {
  const { rows } = await sql<{ application: string; count: number; at: Date }>`
    select a.name as application, count(*)::integer as count, max(e.first_seen_at) as at
    from endpoints e join applications a on a.env_id = e.env_id and a.id = e.application_id
    where e.env_id = ${envId} and e.route <> ''
    group by a.name having count(*) >= ${atLeast}
    order by a.name`.execute(tx)
  return rows
}

// tidy: all environments — housekeeping knows no tenant
export async function deleteSilentEndpoints(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from endpoints
    where ctid = any(array(
      select ctid from endpoints where greatest(first_seen_at, declared_at, last_seen_at) < ${before}
      limit ${limit} for update skip locked
    ))`.execute(tx)
  return Number(numAffectedRows ?? 0n) // tidy: not money — a count of rows
}

type EndpointRow = Omit<Endpoint, 'name'> & StoredName

// tidy: all environments — `where` names it
async function endpoints(tx: Tx, where: ReturnType<typeof sql>): Promise<Endpoint[]> {
  const { rows } = await sql<EndpointRow>`
    select e.id, a.name as application, e.method, e.route, e.first_seen_at as "firstSeenAt",
      e.declared_at as "declaredAt", e.last_seen_at as "lastSeenAt"
    from endpoints e join applications a on a.env_id = e.env_id and a.id = e.application_id
    where ${where}`.execute(tx)
  return rows.map(({ method, route, ...endpoint }) => ({
    ...endpoint,
    name: route === '' ? null : { method, route },
  }))
}

function toStored({ method, route }: RouteName): StoredName {
  return route === null ? { method: '', route: '' } : { method, route }
}

function fromStored(method: string, route: string): RouteName {
  return { method, route: route || null }
}
