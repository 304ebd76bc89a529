import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Fact } from '../platform/facts/append-fact.ts'
import type { Attempt, Delivery, Progress } from './delivery.ts'

/** Spelled out in the statement, so that every plan may use the partial index. */
const PENDING = sql.lit('pending')

/** What a delivery needs to be sent. */
export type DueDelivery = { readonly id: string; readonly fact: Fact }

/** Makes pending deliveries of facts to endpoints; one that there is already stays as it is. */
export async function insertDeliveries(
  tx: Tx,
  envId: number,
  deliveries: readonly Pick<Delivery, 'id' | 'endpointId' | 'factId'>[],
  at: Date,
): Promise<void> {
  const column = (key: 'id' | 'endpointId' | 'factId') => deliveries.map((row) => row[key])
  await sql`
    insert into webhook_deliveries (env_id, id, endpoint_id, fact_id, state, next_attempt_at, created_at)
    select ${envId}, id, endpoint_id, fact_id, 'pending', ${at}::timestamptz, ${at}::timestamptz
    from unnest(${column('id')}::text[], ${column('endpointId')}::text[], ${column('factId')}::text[])
      as d (id, endpoint_id, fact_id)
    on conflict on constraint one_delivery_per_fact do nothing`.execute(tx)
}

/** Up to `limit` deliveries to the endpoint whose next attempt is due at `now`, earliest first. */
export async function selectDueDeliveries(
  tx: Tx,
  envId: number,
  endpointId: string,
  due: { readonly now: Date; readonly limit: number },
): Promise<DueDelivery[]> {
  const rows = await tx
    .selectFrom('webhook_deliveries as d')
    .innerJoin('facts as f', (join) =>
      join.onRef('f.env_id', '=', 'd.env_id').onRef('f.id', '=', 'd.fact_id'),
    )
    .where('d.env_id', '=', envId)
    .where('d.endpoint_id', '=', endpointId)
    .where('d.state', '=', PENDING)
    .where('d.next_attempt_at', '<=', due.now)
    .select(['d.id', 'f.id as factId', 'f.type', 'f.at', 'f.data'])
    .orderBy('d.next_attempt_at')
    .orderBy('d.id')
    .limit(due.limit)
    .execute()
  return rows.map(({ id, factId, type, at, data }) => ({
    id,
    fact: { id: factId, type, at, data: data as Fact['data'] },
  }))
}

/** When the next pending delivery to the endpoint is due; null when none is pending. */
export async function selectNextAttemptAt(
  tx: Tx,
  envId: number,
  endpointId: string,
): Promise<Date | null> {
  const row = await pending(tx, envId, endpointId).executeTakeFirst()
  return row?.next_attempt_at ?? null
}

export async function updateDelivery(
  tx: Tx,
  envId: number,
  id: string,
  progress: Progress,
): Promise<void> {
  await tx
    .updateTable('webhook_deliveries')
    .set({
      state: progress.state,
      attempts: progress.attempts,
      next_attempt_at: progress.nextAttemptAt,
      ended_at: progress.endedAt,
    })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .execute()
}

/** Ends all pending deliveries to an endpoint that is sent nothing more. */
export async function failPendingDeliveries(
  tx: Tx,
  envId: number,
  endpointId: string,
  now: Date,
): Promise<void> {
  await tx
    .updateTable('webhook_deliveries')
    .set({ state: 'failed', next_attempt_at: null, ended_at: now })
    .where('env_id', '=', envId)
    .where('endpoint_id', '=', endpointId)
    .where('state', '=', PENDING)
    .execute()
}

export async function selectDelivery(
  tx: Tx,
  envId: number,
  id: string,
): Promise<Delivery | undefined> {
  return await deliveries(tx, envId).where('d.id', '=', id).executeTakeFirst()
}

/** Up to `limit` deliveries, latest first: those made before the delivery `before`. */
export async function selectDeliveries(
  tx: Tx,
  envId: number,
  page: {
    readonly limit: number
    readonly before: string | null
    readonly endpointId?: string | undefined
    readonly factId?: string | undefined
    readonly state?: Delivery['state'] | undefined
  },
): Promise<Delivery[]> {
  let query = deliveries(tx, envId)
  if (page.before !== null) query = query.where('d.id', '<', page.before)
  if (page.endpointId) query = query.where('d.endpoint_id', '=', page.endpointId)
  if (page.factId) query = query.where('d.fact_id', '=', page.factId)
  if (page.state) query = query.where('d.state', '=', page.state)
  return await query.orderBy('d.id', 'desc').limit(page.limit).execute()
}

/** How many facts of this type there were after `since`. */
export async function countFactsSince(
  tx: Tx,
  envId: number,
  type: string,
  since: Date,
): Promise<number> {
  const { count } = await tx
    .selectFrom('facts')
    .where('env_id', '=', envId)
    .where('at', '>', since)
    .where('type', '=', type)
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

export async function insertAttempt(
  tx: Tx,
  envId: number,
  deliveryId: string,
  attempt: Attempt,
): Promise<void> {
  await sql`
    insert into webhook_attempts
      (env_id, delivery_id, attempt_no, at, duration_ms, status_code, error, response)
    select ${envId}::int, ${deliveryId}::text, coalesce(max(attempt_no), 0) + 1, ${attempt.at}::timestamptz,
      ${attempt.durationMs}::int, ${attempt.status}::int, ${attempt.error}::text, ${attempt.response}::text
    from webhook_attempts where env_id = ${envId} and delivery_id = ${deliveryId}`.execute(tx)
}

/** The attempts of a delivery over all its series, first to last. */
export async function selectAttempts(
  tx: Tx,
  envId: number,
  deliveryId: string,
): Promise<Attempt[]> {
  return await tx
    .selectFrom('webhook_attempts')
    .where('env_id', '=', envId)
    .where('delivery_id', '=', deliveryId)
    .select(['at', 'duration_ms as durationMs', 'status_code as status', 'error', 'response'])
    .orderBy('attempt_no')
    .execute()
}

function pending(tx: Tx, envId: number, endpointId: string) {
  return tx
    .selectFrom('webhook_deliveries')
    .where('env_id', '=', envId)
    .where('endpoint_id', '=', endpointId)
    .where('state', '=', PENDING)
    .select('next_attempt_at')
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(1)
}

function deliveries(tx: Tx, envId: number) {
  return tx
    .selectFrom('webhook_deliveries as d')
    .innerJoin('facts as f', (join) =>
      join.onRef('f.env_id', '=', 'd.env_id').onRef('f.id', '=', 'd.fact_id'),
    )
    .where('d.env_id', '=', envId)
    .select([
      'd.id',
      'd.endpoint_id as endpointId',
      'd.fact_id as factId',
      'f.type',
      sql<Delivery['state']>`d.state`.as('state'),
      'd.attempts',
      'd.next_attempt_at as nextAttemptAt',
      'd.created_at as createdAt',
      'd.ended_at as endedAt',
    ])
}
