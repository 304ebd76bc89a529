import { sql } from 'kysely'
import type { Tx } from '../../platform/db/transaction.ts'
import type { DecisionCounts, DecisionsRow } from './report.ts'
import { SUM_MAX, type Window } from './statistics.store.ts'

/** What one limit did with one identity in an hour, under the SHA-256 of what tells it apart, in hex. */
export type DecisionCell = Omit<DecisionsRow, 'minute'> & {
  readonly startsAt: Date
  readonly key: string
}

/** How many rows an application has in each of these hours. */
export async function selectDecisionCounts(
  tx: Tx,
  envId: number,
  application: string,
  hours: readonly Date[],
): Promise<{ startsAt: Date; count: number }[]> {
  const { rows } = await sql<{ startsAt: Date; count: number }>`
    select starts_at as "startsAt", count(*)::integer as count from limit_decisions
    where env_id = ${envId} and application = ${application} and starts_at = any(${hours}::timestamptz[])
    group by starts_at`.execute(tx)
  return rows
}

/** The keys of those that there are. */
export async function selectKnownDecisions(
  tx: Tx,
  envId: number,
  application: string,
  cells: readonly DecisionCell[],
): Promise<{ startsAt: Date; key: string }[]> {
  const { rows } = await sql<{ startsAt: Date; key: string }>`
    select d.starts_at as "startsAt", encode(d.decision_key, 'hex') as key
    from unnest(${cells.map(({ startsAt }) => startsAt)}::timestamptz[], ${cells.map(({ key }) => key)}::text[]) as c (starts_at, key)
      join limit_decisions d on d.env_id = ${envId} and d.application = ${application}
        and d.starts_at = c.starts_at and d.decision_key = decode(c.key, 'hex')`.execute(tx)
  return rows
}

/** Adds them to what is there, in the order of their keys, so that two never wait for each other. */
export async function addDecisionCells(
  tx: Tx,
  envId: number,
  application: string,
  cells: readonly DecisionCell[],
): Promise<void> {
  await sql`
    insert into limit_decisions as d (
      env_id, application, starts_at, decision_key, policy_id, pattern, limit_name, mode, identity_kind, identity_id,
      refused, allowed_without_answer, refused_without_answer)
    select ${envId}, ${application}, c.starts_at, decode(c.key, 'hex') as k, c.policy_id, c.pattern, c.limit_name, c.mode,
      c.identity_kind, c.identity_id, c.refused, c.allowed, c.without
    from unnest(
      ${cells.map(({ startsAt }) => startsAt)}::timestamptz[], ${cells.map(({ key }) => key)}::text[],
      ${cells.map(({ policyId }) => policyId)}::text[], ${cells.map(({ pattern }) => pattern)}::text[],
      ${cells.map(({ limit }) => limit)}::text[], ${cells.map(({ mode }) => mode)}::text[],
      ${cells.map(({ identity }) => identity?.kind ?? null)}::text[], ${cells.map(({ identity }) => identity?.id ?? null)}::text[],
      ${cells.map(({ refused }) => refused)}::bigint[], ${cells.map(({ allowedWithoutAnswer }) => allowedWithoutAnswer)}::bigint[],
      ${cells.map(({ refusedWithoutAnswer }) => refusedWithoutAnswer)}::bigint[]
    ) as c (starts_at, key, policy_id, pattern, limit_name, mode, identity_kind, identity_id, refused, allowed, without)
    order by c.starts_at, k
    on conflict on constraint limit_decisions_pkey do update set
      refused = least(d.refused + excluded.refused, ${SUM_MAX}),
      allowed_without_answer = least(d.allowed_without_answer + excluded.allowed_without_answer, ${SUM_MAX}),
      refused_without_answer = least(d.refused_without_answer + excluded.refused_without_answer, ${SUM_MAX})`.execute(
    tx,
  )
}

/** What one limit of a policy did in one mode. */
export type LimitDecisions = DecisionCounts & {
  readonly limit: string
  readonly mode: DecisionsRow['mode']
}

export async function selectDecisionsOfPolicy(
  tx: Tx,
  envId: number,
  policyId: string,
  { from, to }: Window,
): Promise<LimitDecisions[]> {
  const { rows } = await sql<LimitDecisions>`
    select limit_name as limit, mode, ${SUMS}
    from limit_decisions
    where env_id = ${envId} and policy_id = ${policyId} and starts_at >= ${from} and starts_at < ${to}
    group by limit_name, mode
    order by limit_name, mode`.execute(tx)
  return rows
}

/** Of each limit and mode up to `limit` identities, those that were refused most first. */
export async function selectTopIdentities(
  tx: Tx,
  envId: number,
  policyId: string,
  { from, to, limit }: Window & { readonly limit: number },
): Promise<(LimitDecisions & { kind: 'customer' | 'network'; id: string })[]> {
  const { rows } = await sql<LimitDecisions & { kind: 'customer' | 'network'; id: string }>`
    select * from (
      select limit_name as limit, mode, identity_kind as kind, identity_id as id, ${SUMS},
        row_number() over (partition by limit_name, mode order by
          sum(refused + refused_without_answer) desc, sum(allowed_without_answer) desc, identity_kind, identity_id) as place
      from limit_decisions
      where env_id = ${envId} and policy_id = ${policyId} and starts_at >= ${from} and starts_at < ${to}
        and identity_kind is not null
      group by limit_name, mode, identity_kind, identity_id
    ) as ranked
    where place <= ${limit}
    order by place`.execute(tx)
  return rows
}

const SUMS = sql`
  sum(refused)::float8 as refused, sum(allowed_without_answer)::float8 as "allowedWithoutAnswer",
  sum(refused_without_answer)::float8 as "refusedWithoutAnswer"`

// tidy: all environments — housekeeping knows no tenant
export async function deleteOldDecisions(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from limit_decisions
    where ctid = any(array(
      select ctid from limit_decisions where starts_at < ${before} limit ${limit} for update skip locked
    ))`.execute(tx)
  return Number(numAffectedRows ?? 0n) // tidy: not money — a count of rows
}
