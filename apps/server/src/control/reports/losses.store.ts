import { sql } from 'kysely'
import type { Tx } from '../../platform/db/transaction.ts'
import { SUM_MAX } from './statistics.store.ts'

export const LOSS_KINDS = ['reports_missed', 'rows_left_out', 'usage_lost'] as const

/** Something of reports or usage that is gone. */
export type Loss = { readonly kind: (typeof LOSS_KINDS)[number]; readonly count: number }

/** Adds them to their hour, in the order of their keys, so that two never wait for each other. */
export async function addLosses(
  tx: Tx,
  envId: number,
  application: string,
  { losses, startsAt, at }: { readonly losses: readonly Loss[]; startsAt: Date; at: Date },
): Promise<void> {
  await sql`
    insert into report_losses as l (env_id, application, starts_at, kind, count, last_at)
    select ${envId}::integer, ${application}, ${startsAt}::timestamptz, k.kind, k.count, ${at}::timestamptz
    from unnest(${losses.map(({ kind }) => kind)}::text[], ${losses.map(({ count }) => count)}::bigint[]) as k (kind, count)
    order by k.kind
    on conflict on constraint report_losses_pkey do update set
      count = least(l.count + excluded.count, ${SUM_MAX}), last_at = greatest(l.last_at, excluded.last_at)`.execute(
    tx,
  )
}

/** Of each application and kind, those of the hours that end after an instant. */
export async function selectLosses(
  tx: Tx,
  envId: number,
  since: Date,
): Promise<(Loss & { readonly application: string; readonly at: Date })[]> {
  const { rows } = await sql<Loss & { application: string; at: Date }>`
    select application, kind, sum(count)::float8 as count, max(last_at) as at from report_losses
    where env_id = ${envId} and starts_at > ${since}::timestamptz - interval '1 hour'
    group by application, kind
    order by application, kind`.execute(tx)
  return rows
}

// tidy: all environments — housekeeping knows no tenant
export async function deleteOldLosses(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from report_losses
    where ctid = any(array(
      select ctid from report_losses where starts_at < ${before} limit ${limit} for update skip locked
    ))`.execute(tx)
  return Number(numAffectedRows ?? 0n) // tidy: not money — a count of rows
}
