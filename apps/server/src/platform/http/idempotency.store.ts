import { sql } from 'kysely'
import type { Tx } from '../db/transaction.ts'

export type AnsweredRequest = {
  /** Null: of a person, whose requests belong to no environment. */
  readonly envId: number | null
  readonly route: string
  readonly caller: string
  readonly key: string
  readonly fingerprint: Buffer
}

/**
 * Takes the key for this request. Of two that race, the second waits until the first has committed or
 * failed; returns false when the key already has an answer.
 */
export async function insertRequest(
  tx: Tx,
  request: AnsweredRequest,
  createdAt: Date,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('idempotent_requests')
    .values({
      env_id: request.envId,
      route: request.route,
      caller: request.caller,
      key: request.key,
      fingerprint: request.fingerprint,
      status: 0,
      sealed_reply: Buffer.alloc(0),
      created_at: createdAt,
    })
    .onConflict((conflict) => conflict.constraint('one_answer_per_key').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function updateAnswer(
  tx: Tx,
  request: AnsweredRequest,
  answer: { status: number; sealed: Buffer },
): Promise<void> {
  await thisRequest(tx, request)
    .set({ status: answer.status, sealed_reply: answer.sealed })
    .executeTakeFirstOrThrow()
}

export async function selectAnswer(
  tx: Tx,
  request: AnsweredRequest,
): Promise<{ fingerprint: Buffer; status: number; sealed: Buffer } | null> {
  const row = await tx
    .selectFrom('idempotent_requests')
    .where('env_id', request.envId === null ? 'is' : '=', request.envId)
    .where('route', '=', request.route)
    .where('caller', '=', request.caller)
    .where('key', '=', request.key)
    .select(['fingerprint', 'status', 'sealed_reply as sealed'])
    .executeTakeFirst()
  return row ?? null
}

/** How long a request waits for a twin that is still under way; beyond it is told to come back. */
export async function limitLockWait(tx: Tx, waitMs: number): Promise<void> {
  await sql`select set_config('lock_timeout', ${`${waitMs}ms`}, true)`.execute(tx)
}

/** Lets the transaction wait for locks as long as its connection does. */
export async function restoreLockWait(tx: Tx): Promise<void> {
  await sql`set local lock_timeout to default`.execute(tx)
}

/** Of all environments: housekeeping knows no tenant. Skips what another process deletes at this moment. */
export async function deleteRequestsBefore(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from idempotent_requests
    where ctid = any(array(
      select ctid from idempotent_requests
      where created_at < ${before} order by created_at limit ${limit} for update skip locked
    ))`.execute(tx)
  return Number(numAffectedRows ?? 0n)
}

function thisRequest(tx: Tx, request: AnsweredRequest) {
  return tx
    .updateTable('idempotent_requests')
    .where('env_id', request.envId === null ? 'is' : '=', request.envId)
    .where('route', '=', request.route)
    .where('caller', '=', request.caller)
    .where('key', '=', request.key)
}
