import { sql } from 'kysely'
import { PREPARED } from '../../platform/db/prepared.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import type { Figures } from './figures.ts'

export const SPANS = ['minute', 'hour'] as const
export type Span = (typeof SPANS)[number]

/** Where figures of one customer in an hour stand; null: of nobody known. */
export type CustomerPlace = {
  readonly endpointId: string
  readonly startsAt: Date
  readonly customerId: string | null
}

/** Where figures of all requests of a minute or an hour stand. */
export type TotalPlace = {
  readonly endpointId: string
  readonly span: Span
  readonly startsAt: Date
}

/** What JSON counts exactly; sums stay there. */
export const SUM_MAX = sql.raw(`${Number.MAX_SAFE_INTEGER}::bigint`)

/**
 * Adds them to what is there, in the order of their keys, so that two never wait for each other. Returns the places of
 * customers that are new: nobody known is no customer.
 */
export async function addToCustomers(
  tx: Tx,
  envId: number,
  rows: readonly (CustomerPlace & Figures)[],
): Promise<Pick<CustomerPlace, 'endpointId' | 'startsAt'>[]> {
  const { rows: touched } = await sql<
    CustomerPlace & { isNewCustomer: boolean }
  >`${sql.raw(PREPARED)}
    insert into endpoint_customers as s (
      env_id, endpoint_id, starts_at, customer_id, requests, unmetered, statuses, latency, request_bytes, response_bytes)
    select ${envId}::integer, r.*
    from unnest(
      ${rows.map(({ endpointId }) => endpointId)}::text[], ${rows.map(({ startsAt }) => startsAt)}::timestamptz[],
      ${rows.map(customerName)}::text[], ${figureColumns(rows)}
    ) as r (endpoint_id, starts_at, customer_id, requests, unmetered, statuses, latency, request_bytes, response_bytes)
    order by r.endpoint_id, r.starts_at, r.customer_id
    on conflict on constraint endpoint_customers_pkey do update set ${ADDED}
    returning endpoint_id as "endpointId", starts_at as "startsAt",
      xmax = 0 and customer_id <> '' as "isNewCustomer"`.execute(tx) // only of a row that was there xmax is somebody, ourselves
  return touched.filter(({ isNewCustomer }) => isNewCustomer)
}

/** As `addToCustomers`; `customers` is by how many an hour has more of them. */
export async function addToTotals(
  tx: Tx,
  envId: number,
  rows: readonly (TotalPlace & Figures & { readonly customers: number })[],
): Promise<void> {
  await sql`${sql.raw(PREPARED)}
    insert into endpoint_statistics as s (
      env_id, endpoint_id, span, starts_at, customers, requests, unmetered, statuses, latency, request_bytes, response_bytes)
    select ${envId}::integer, r.*
    from unnest(
      ${rows.map(({ endpointId }) => endpointId)}::text[], ${rows.map(({ span }) => span)}::text[],
      ${rows.map(({ startsAt }) => startsAt)}::timestamptz[], ${rows.map(({ customers }) => customers)}::integer[],
      ${figureColumns(rows)}
    ) as r (endpoint_id, span, starts_at, customers, requests, unmetered, statuses, latency, request_bytes, response_bytes)
    order by r.endpoint_id, r.span, r.starts_at
    on conflict on constraint endpoint_statistics_pkey do update set
      customers = s.customers + excluded.customers, ${ADDED}`.execute(tx)
}

function figureColumns(rows: readonly Figures[]) {
  return sql`
    ${rows.map(({ requests }) => requests)}::bigint[], ${rows.map(({ unmetered }) => unmetered)}::bigint[],
    ${rows.map(({ statuses }) => JSON.stringify(statuses))}::jsonb[],
    ${rows.map(({ latency }) => JSON.stringify(latency))}::jsonb[],
    ${rows.map(({ requestBytes }) => requestBytes)}::bigint[],
    ${rows.map(({ responseBytes }) => responseBytes)}::bigint[]`
}

const ADDED = sql`
  requests = least(s.requests + excluded.requests, ${SUM_MAX}),
  unmetered = least(s.unmetered + excluded.unmetered, ${SUM_MAX}),
  statuses = add_counts(s.statuses, excluded.statuses),
  latency = add_counts(s.latency, excluded.latency),
  request_bytes = least(s.request_bytes + excluded.request_bytes, ${SUM_MAX}),
  response_bytes = least(s.response_bytes + excluded.response_bytes, ${SUM_MAX})`

/** How many customers have a row of this endpoint in this hour. */
export async function selectCustomerCounts(
  tx: Tx,
  envId: number,
  places: readonly Pick<CustomerPlace, 'endpointId' | 'startsAt'>[],
): Promise<{ endpointId: string; startsAt: Date; customers: number }[]> {
  const { rows } = await sql<{
    endpointId: string
    startsAt: Date
    customers: number
  }>`${sql.raw(PREPARED)}
    select s.endpoint_id as "endpointId", s.starts_at as "startsAt", s.customers
    from unnest(${places.map(({ endpointId }) => endpointId)}::text[], ${places.map(({ startsAt }) => startsAt)}::timestamptz[])
        as p (endpoint_id, starts_at)
      join endpoint_statistics s on s.env_id = ${envId}::integer and s.endpoint_id = p.endpoint_id
        and s.span = 'hour' and s.starts_at = p.starts_at`.execute(tx)
  return rows
}

/** Those of them that have a row. */
export async function selectKnownCustomers(
  tx: Tx,
  envId: number,
  places: readonly CustomerPlace[],
): Promise<CustomerPlace[]> {
  const { rows } = await sql<{ endpointId: string; startsAt: Date; customerId: string }>`
    select s.endpoint_id as "endpointId", s.starts_at as "startsAt", s.customer_id as "customerId"
    from unnest(
        ${places.map(({ endpointId }) => endpointId)}::text[], ${places.map(({ startsAt }) => startsAt)}::timestamptz[],
        ${places.map(customerName)}::text[]) as p (endpoint_id, starts_at, customer_id)
      join endpoint_customers s on s.env_id = ${envId} and s.endpoint_id = p.endpoint_id
        and s.starts_at = p.starts_at and s.customer_id = p.customer_id`.execute(tx)
  return rows.map((row) => ({ ...row, customerId: row.customerId || null }))
}

/** A stretch of time, without its end. */
export type Window = { readonly from: Date; readonly to: Date }

/** The figures of each of these endpoints, by whole hours; those without any are left out. */
export async function selectTotals(
  tx: Tx,
  envId: number,
  endpointIds: readonly string[],
  { from, to }: Window,
): Promise<(Figures & { endpointId: string })[]> {
  const { rows } = await sql<Figures & { endpointId: string }>`
    select s.endpoint_id as "endpointId", ${SUMS}
    from endpoint_statistics s
    where s.env_id = ${envId} and s.endpoint_id = any(${endpointIds}::text[]) and s.span = 'hour'
      and s.starts_at >= ${from} and s.starts_at < ${to}
    group by s.endpoint_id`.execute(tx)
  return rows
}

/** Of all these endpoints together, by whole hours. */
export async function selectRequests(
  tx: Tx,
  envId: number,
  endpointIds: readonly string[],
  { from, to }: Window,
): Promise<number> {
  const { rows } = await sql<{ requests: number }>`
    select coalesce(sum(requests), 0)::float8 as requests from endpoint_statistics
    where env_id = ${envId} and endpoint_id = any(${endpointIds}::text[]) and span = 'hour'
      and starts_at >= ${from} and starts_at < ${to}`.execute(tx)
  return rows[0]?.requests ?? 0
}

/** Of each of these endpoints, by whole hours; those without any are left out. */
export async function selectRequestsOfEach(
  tx: Tx,
  envId: number,
  endpointIds: readonly string[],
  { from, to }: Window,
): Promise<{ endpointId: string; requests: number }[]> {
  const { rows } = await sql<{ endpointId: string; requests: number }>`
    select endpoint_id as "endpointId", sum(requests)::float8 as requests from endpoint_statistics
    where env_id = ${envId} and endpoint_id = any(${endpointIds}::text[]) and span = 'hour'
      and starts_at >= ${from} and starts_at < ${to}
    group by endpoint_id`.execute(tx)
  return rows
}

/** In the order of time; minutes or hours without requests are left out. */
export async function selectSeries(
  tx: Tx,
  envId: number,
  { endpointId, span, from, to }: Window & { readonly endpointId: string; readonly span: Span },
): Promise<(Figures & { startsAt: Date; customers: number })[]> {
  const { rows } = await sql<Figures & { startsAt: Date; customers: number }>`
    select starts_at as "startsAt", customers, requests::float8, unmetered::float8, statuses, latency,
      request_bytes::float8 as "requestBytes", response_bytes::float8 as "responseBytes"
    from endpoint_statistics
    where env_id = ${envId} and endpoint_id = ${endpointId} and span = ${span}
      and starts_at >= ${from} and starts_at < ${to}
    order by starts_at`.execute(tx)
  return rows
}

/** Those with the most requests first, by whole hours. */
export async function selectTopCustomers(
  tx: Tx,
  envId: number,
  { endpointId, from, to, limit }: Window & { readonly endpointId: string; readonly limit: number },
): Promise<(Figures & { customerId: string | null })[]> {
  const { rows } = await sql<Figures & { customerId: string }>`
    with top as materialized (
      select customer_id from endpoint_customers
      where env_id = ${envId} and endpoint_id = ${endpointId} and starts_at >= ${from} and starts_at < ${to}
      group by customer_id
      order by sum(requests) desc, customer_id
      limit ${limit}
    )
    select s.customer_id as "customerId", ${SUMS}
    from endpoint_customers s join top on top.customer_id = s.customer_id
    where s.env_id = ${envId} and s.endpoint_id = ${endpointId} and s.starts_at >= ${from} and s.starts_at < ${to}
    group by s.customer_id
    order by sum(s.requests) desc, s.customer_id`.execute(tx)
  return rows.map((row) => ({ ...row, customerId: row.customerId || null }))
}

const SUMS = sql`
  sum(s.requests)::float8 as requests, sum(s.unmetered)::float8 as unmetered,
  sum_counts(s.statuses) as statuses, sum_counts(s.latency) as latency,
  sum(s.request_bytes)::float8 as "requestBytes", sum(s.response_bytes)::float8 as "responseBytes"`

// tidy: all environments — housekeeping knows no tenant
export async function deleteOldTotals(
  tx: Tx,
  span: Span,
  before: Date,
  limit: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from endpoint_statistics
    where ctid = any(array(
      select ctid from endpoint_statistics where starts_at < ${before} and span = ${span}
      limit ${limit} for update skip locked
    ))`.execute(tx)
  return Number(numAffectedRows ?? 0n) // tidy: not money — a count of rows
}

// tidy: all environments — housekeeping knows no tenant
export async function deleteOldCustomers(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from endpoint_customers
    where ctid = any(array(
      select ctid from endpoint_customers where starts_at < ${before} limit ${limit} for update skip locked
    ))`.execute(tx)
  return Number(numAffectedRows ?? 0n) // tidy: not money — a count of rows
}

function customerName({ customerId }: Pick<CustomerPlace, 'customerId'>): string {
  return customerId ?? ''
}
