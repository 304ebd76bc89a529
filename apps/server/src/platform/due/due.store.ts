import { sql } from 'kysely'
import type { Tx } from '../db/transaction.ts'
import { type Job, LeaseLost } from './job.ts'
import type { Work } from './schedule.ts'

export async function upsertDue(tx: Tx, envId: number, work: readonly Work[]): Promise<void> {
  await sql`
    ${insertDue(envId, work)}
    on conflict on constraint one_due_row_per_piece_of_work do update set
      at = excluded.at, fence = due.fence + 1, lease_until = null, failures = 0, last_error = null, parked_at = null`.execute(
    tx,
  )
}

/** Like `upsertDue`, but leaves an earlier time, a claim and its fence as they are. */
export async function upsertDueNoLater(
  tx: Tx,
  envId: number,
  work: readonly Work[],
): Promise<void> {
  await sql`
    ${insertDue(envId, work)}
    on conflict on constraint one_due_row_per_piece_of_work do update set
      at = least(due.at, excluded.at), parked_at = null
    where excluded.at < due.at or due.parked_at is not null`.execute(tx)
}

/** One statement with one text, however much work: a billing run schedules thousands of pieces. */
function insertDue(envId: number, work: readonly Work[]) {
  return sql`
    insert into due (env_id, kind, ref, at)
    select ${envId}, * from unnest(
      ${work.map(({ kind }) => kind)}::text[], ${work.map(({ ref }) => ref)}::text[],
      ${work.map(({ at }) => at)}::timestamptz[])`
}

/**
 * Claims up to `limit` pieces of work that are due by the clock of their environment, earliest first.
 * Two claims never return the same piece while its lease lasts. Leases go by the database's clock.
 *
 * In real time each kind is found by its own part of an index, so that a backlog of one costs no other
 * anything; the few environments whose clock was moved are each looked up by their own time. Where the
 * clock is stopped, nothing is due.
 */
export async function claimDue(
  tx: Tx,
  claim: { kinds: readonly string[]; limit: number; leaseMs: number; systemNow: Date },
): Promise<Job[]> {
  const { rows } = await sql<JobRow>`
    with real_time as (
      select d.env_id, d.kind, d.ref, ${claim.systemNow}::timestamptz as now
      from unnest(${claim.kinds}::text[]) k (kind) cross join lateral (
        select d.env_id, d.kind, d.ref, d.at from due d
        where d.kind = k.kind and d.at <= ${claim.systemNow} and ${IS_FREE} and ${IN_REAL_TIME}
        order by d.at limit ${claim.limit}
        for update of d skip locked
      ) d
      order by d.at limit ${claim.limit}
    ), moved as (
      select d.env_id, d.kind, d.ref, c.now
      from (${movedClocks(claim.systemNow)}) c cross join lateral (
        select d.env_id, d.kind, d.ref from due d
        where d.env_id = c.env_id and d.at <= c.now and d.kind = any(${claim.kinds}::text[]) and ${IS_FREE}
        order by d.at limit ${claim.limit}
        for update skip locked
      ) d
      limit ${claim.limit}
    ), claimed as (select * from real_time union all select * from moved)
    update due set fence = due.fence + 1, lease_until = now() + ${claim.leaseMs} * interval '1 millisecond'
    from claimed c
    where due.env_id = c.env_id and due.kind = c.kind and due.ref = c.ref
    returning due.env_id, due.kind, due.ref, due.at, due.fence, due.failures, c.now`.execute(tx)
  return rows.map(fromRow).sort((a, b) => a.at.getTime() - b.at.getTime())
}

/** Of these kinds those of which something could be claimed. */
// tidy: all environments — a worker works for them all
export async function selectDueKinds(
  tx: Tx,
  kinds: readonly string[],
  systemNow: Date,
): Promise<string[]> {
  const { rows } = await sql<{ kind: string }>`
    select k.kind from unnest(${kinds}::text[]) k (kind) cross join lateral (
      select from due d
      where d.kind = k.kind and d.at <= ${systemNow} and ${IS_FREE} and ${IN_REAL_TIME}
      order by d.at limit 1
    ) one
    union
    select d.kind from (${movedClocks(systemNow)}) c cross join lateral (
      select distinct d.kind from due d
      where d.env_id = c.env_id and d.at <= c.now and d.kind = any(${kinds}::text[]) and ${IS_FREE}
    ) d`.execute(tx)
  return rows.map((row) => row.kind)
}

/** Condition on work `d`: nobody is at it, and it was not given up. */
const IS_FREE = sql`d.parked_at is null and (d.lease_until is null or d.lease_until < now())`

/** Condition on work `d`. */
const IN_REAL_TIME = sql`not exists (
  select from environment_clocks c
  where c.env_id = d.env_id and (c.offset_ms <> 0 or c.target is not null or c.stopped))`

/** `(env_id, now)` of the environments whose clock was moved, and goes. */
function movedClocks(systemNow: Date) {
  return sql`select env_id, coalesce(frozen_at, ${systemNow}::timestamptz + offset_ms * interval '1 millisecond') as now
    from environment_clocks where (offset_ms <> 0 or target is not null) and not stopped`
}

/** Removes finished work. Throws LeaseLost when somebody else has claimed or moved it since. */
export async function deleteDue(tx: Tx, envId: number, jobs: readonly Job[]): Promise<void> {
  const { numAffectedRows } = await sql`
    delete from due d using unnest(
      ${jobs.map((job) => job.kind)}::text[], ${jobs.map((job) => job.ref)}::text[],
      ${jobs.map((job) => job.fence)}::bigint[]) as j (kind, ref, fence)
    where d.env_id = ${envId} and d.kind = j.kind and d.ref = j.ref and d.fence = j.fence`.execute(
    tx,
  )
  if (Number(numAffectedRows) !== jobs.length) throw new LeaseLost()
}

/** Gives claimed work back, to be done at `at`. Throws LeaseLost when the claim is no longer ours. */
export async function postponeDue(tx: Tx, job: Job, at: Date): Promise<void> {
  const { numUpdatedRows } = await claimedRow(tx, job)
    .set({ at, lease_until: null, failures: 0, last_error: null })
    .executeTakeFirst()
  if (Number(numUpdatedRows) !== 1) throw new LeaseLost()
}

/** Keeps everybody from claiming the work until the end of the transaction. False: it is no longer ours. */
export async function lockClaim(tx: Tx, job: Job): Promise<boolean> {
  const row = await tx
    .selectFrom('due')
    .select('fence')
    .where('env_id', '=', job.envId)
    .where('kind', '=', job.kind)
    .where('ref', '=', job.ref)
    .where('fence', '=', job.fence)
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}

/** Gives claimed work back for `delayMs` of real time; when it is due does not change. Throws LeaseLost. */
export async function deferDue(
  tx: Tx,
  envId: number,
  jobs: readonly Job[],
  delayMs: number,
): Promise<void> {
  const { numAffectedRows } = await sql`
    update due d set lease_until = now() + ${delayMs} * interval '1 millisecond'
    from unnest(
      ${jobs.map((job) => job.kind)}::text[], ${jobs.map((job) => job.ref)}::text[],
      ${jobs.map((job) => job.fence)}::bigint[]) as j (kind, ref, fence)
    where d.env_id = ${envId} and d.kind = j.kind and d.ref = j.ref and d.fence = j.fence`.execute(
    tx,
  )
  if (Number(numAffectedRows) !== jobs.length) throw new LeaseLost()
}

/** Notes that the work failed; it is tried again after `delayMs` of real time, or given up. */
export async function failDue(
  tx: Tx,
  job: Job,
  failure: { error: string; delayMs: number; counts: boolean; giveUp: boolean },
): Promise<void> {
  await claimedRow(tx, job)
    .set({
      lease_until: sql<Date>`now() + ${failure.delayMs} * interval '1 millisecond'`,
      failures: job.failures + (failure.counts ? 1 : 0),
      last_error: failure.error.slice(0, 1_000),
      parked_at: failure.giveUp ? sql<Date>`now()` : null,
    })
    .execute()
}

/** How much work is overdue and how old the oldest is, by real time; for `/metrics`. */
export async function selectBacklog(tx: Tx, systemNow: Date): Promise<Backlog[]> {
  const { rows } = await sql<{
    kind: string
    waiting: string
    parked: string
    oldest: string | null
  }>`
    select kind, count(*) filter (where parked_at is null) as waiting, count(parked_at) as parked,
      extract(epoch from ${systemNow}::timestamptz - min(at) filter (where parked_at is null)) as oldest
    from due where at <= ${systemNow} group by kind`.execute(tx)
  return rows.map((row) => ({
    kind: row.kind,
    waiting: Number(row.waiting),
    parked: Number(row.parked),
    oldestSeconds: Number(row.oldest ?? 0),
  }))
}

export type Backlog = {
  readonly kind: string
  readonly waiting: number
  readonly parked: number
  readonly oldestSeconds: number
}

function claimedRow(tx: Tx, job: Job) {
  return tx
    .updateTable('due')
    .where('env_id', '=', job.envId)
    .where('kind', '=', job.kind)
    .where('ref', '=', job.ref)
    .where('fence', '=', job.fence)
}

type JobRow = {
  env_id: number
  kind: string
  ref: string
  at: Date
  fence: string
  failures: number
  now: Date
}

function fromRow(row: JobRow): Job {
  const { env_id: envId, kind, ref, at, fence, failures, now } = row
  return { envId, kind, ref, at, fence, failures, now }
}
