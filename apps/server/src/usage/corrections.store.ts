import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import { type EventKey, uuidOf } from './event-key.ts'
import { instantText } from './event-time.ts'
import type { Correction } from './stored-event.ts'

/**
 * Adds the correction with this number, counted from 1. False when another has taken the number: of two
 * at once the second waits for the first, then looks again at what holds now.
 */
export async function insertCorrection(
  tx: Tx,
  envId: number,
  key: EventKey,
  correction: Correction & { readonly number: number },
): Promise<boolean> {
  const isAmendment = correction.kind === 'amend'
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('event_corrections')
    .values({
      env_id: envId,
      key: uuidOf(key),
      correction_no: correction.number,
      kind: correction.kind,
      amount: isAmendment ? correction.amount : null,
      metadata: isAmendment ? correction.metadata : null,
      occurred_at: isAmendment ? instantText(correction.occurredAtUs) : null,
      reason: correction.reason,
      created_at: correction.createdAt,
    })
    .onConflict((conflict) => conflict.constraint('event_corrections_pkey').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export type ImportToVoid = {
  readonly importNo: number
  readonly from: Date
  readonly to: Date
  readonly reason: string
  readonly createdAt: Date
  readonly limit: number
}

/**
 * Voids up to `limit` events of an import that are not void, and returns how many. Its window is there
 * for the index by time: the table has none by import.
 */
export async function voidEventsOfImport(
  tx: Tx,
  envId: number,
  { importNo, from, to, reason, createdAt, limit }: ImportToVoid,
): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into event_corrections (env_id, key, correction_no, kind, reason, created_at)
    select e.env_id, e.key, coalesce(c.correction_no, 0) + 1, 'void', ${reason}, ${createdAt}
    from usage_events e
      left join lateral (
        select n.correction_no, n.kind from event_corrections n
        where n.env_id = e.env_id and n.key = e.key order by n.correction_no desc limit 1) c on true
    where e.env_id = ${envId} and e.import_no = ${importNo}
      and e.occurred_at >= ${from} and e.occurred_at < ${to} and c.kind is distinct from 'void'
    limit ${limit}
    on conflict on constraint event_corrections_pkey do nothing`.execute(tx)
  return Number(numAffectedRows ?? 0)
}
