import type { Selectable } from 'kysely'
import type { WebhookEndpoints } from '../platform/db/schema.gen.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { DisabledReason, Endpoint, Health, Pace } from './endpoint.ts'

export async function insertEndpoint(
  tx: Tx,
  envId: number,
  endpoint: Pick<Endpoint, 'id' | 'url' | 'description' | 'eventTypes' | 'createdAt'>,
): Promise<Endpoint> {
  const row = await tx
    .insertInto('webhook_endpoints')
    .values({
      env_id: envId,
      id: endpoint.id,
      url: endpoint.url,
      description: endpoint.description,
      event_types: [...endpoint.eventTypes],
      status: 'enabled',
      created_at: endpoint.createdAt,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return fromRow(row)
}

export async function countEndpoints(tx: Tx, envId: number): Promise<number> {
  const { count } = await tx
    .selectFrom('webhook_endpoints')
    .where('env_id', '=', envId)
    .where('deleted_at', 'is', null)
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function selectEndpoint(
  tx: Tx,
  envId: number,
  id: string,
): Promise<Endpoint | undefined> {
  const row = await living(tx, envId).where('id', '=', id).executeTakeFirst()
  return row && fromRow(row)
}

/** Up to `limit` endpoints, latest first: those made before the endpoint `before`. */
export async function selectEndpoints(
  tx: Tx,
  envId: number,
  page: { readonly limit: number; readonly before: string | null },
): Promise<Endpoint[]> {
  let query = living(tx, envId)
  if (page.before !== null) query = query.where('id', '<', page.before)
  const rows = await query.orderBy('id', 'desc').limit(page.limit).execute()
  return rows.map(fromRow)
}

/**
 * Makes whoever decides about this endpoint or sends it more wait until we have committed. Its due
 * row, its deliveries and itself change under this lock only, so they never contradict each other.
 */
export async function lockEndpoint(
  tx: Tx,
  envId: number,
  id: string,
): Promise<Endpoint | undefined> {
  const row = await living(tx, envId).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
  return row && fromRow(row)
}

/** The enabled endpoints, kept as they are until the end of the transaction. Others may read them so too. */
export async function keepEnabledEndpoints(tx: Tx, envId: number): Promise<Endpoint[]> {
  const rows = await living(tx, envId)
    .where('status', '=', 'enabled')
    .orderBy('id')
    .forShare()
    .execute()
  return rows.map(fromRow)
}

/** What can change about an endpoint; what is left out stays. */
export type EndpointChange = {
  readonly url?: string | undefined
  readonly description?: string | undefined
  readonly eventTypes?: readonly string[] | undefined
  readonly pace?: Pace
  readonly health?: Health
  readonly pausedUntil?: Date | null
  /** Null enables it. */
  readonly disabledReason?: DisabledReason | null
  readonly deletedAt?: Date
}

export async function updateEndpoint(
  tx: Tx,
  envId: number,
  id: string,
  change: EndpointChange,
): Promise<void> {
  const columns = toColumns(change)
  if (Object.keys(columns).length === 0) return
  await tx
    .updateTable('webhook_endpoints')
    .set(columns)
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .execute()
}

function living(tx: Tx, envId: number) {
  return tx
    .selectFrom('webhook_endpoints')
    .where('env_id', '=', envId)
    .where('deleted_at', 'is', null)
    .selectAll()
}

function toColumns(change: EndpointChange) {
  const { url, description, eventTypes, pace, health, pausedUntil, disabledReason, deletedAt } =
    change
  return {
    ...(url !== undefined && { url }),
    ...(description !== undefined && { description }),
    ...(eventTypes !== undefined && { event_types: [...eventTypes] }),
    ...(pace !== undefined && { pace }),
    ...(pausedUntil !== undefined && { paused_until: pausedUntil }),
    ...(deletedAt !== undefined && { deleted_at: deletedAt }),
    ...(health !== undefined && {
      failing_since: health?.since ?? null,
      last_failed_at: health?.last ?? null,
    }),
    ...(disabledReason !== undefined && {
      status: disabledReason === null ? 'enabled' : 'disabled',
      disabled_reason: disabledReason,
    }),
  }
}

function fromRow(row: Selectable<WebhookEndpoints>): Endpoint {
  const { failing_since: since, last_failed_at: last } = row
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    eventTypes: row.event_types,
    // These three are as the checks of the table say.
    status: row.status as Endpoint['status'],
    disabledReason: row.disabled_reason as Endpoint['disabledReason'],
    pace: row.pace as Endpoint['pace'],
    health: since && last ? { since, last } : null,
    pausedUntil: row.paused_until,
    createdAt: row.created_at,
  }
}
