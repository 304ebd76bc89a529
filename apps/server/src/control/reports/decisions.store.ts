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

/** What all limits of a policy did in one mode. */
export type ModeDecisions = DecisionCounts & { readonly mode: DecisionsRow['mode'] }

/** Of each of these policies, in each mode in which it did something. */
export async function selectDecisionsOfPolicies(
  tx: Tx,
  envId: number,
  policyIds: readonly string[],
  { from, to }: Window,
): Promise<(ModeDecisions & { policyId: string })[]> {
  const { rows } = await sql<ModeDecisions & { policyId: string }>`
    select policy_id as "policyId", mode, ${SUMS}
    from limit_decisions
    where env_id = ${envId} and policy_id = any(${policyIds}::text[]) and starts_at >= ${from} and starts_at < ${to}
    group by policy_id, mode
    order by policy_id, mode`.execute(tx)
  return rows
}

/** In the order of time; hours in which the policy did nothing are left out. */
export async function selectDecisionHours(
  tx: Tx,
  envId: number,
  policyId: string,
  { from, to }: Window,
): Promise<(ModeDecisions & { startsAt: Date })[]> {
  const { rows } = await sql<ModeDecisions & { startsAt: Date }>`
    select starts_at as "startsAt", mode, ${SUMS}
    from limit_decisions
    where env_id = ${envId} and policy_id = ${policyId} and starts_at >= ${from} and starts_at < ${to}
    group by starts_at, mode
    order by starts_at, mode`.execute(tx)
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
        row_number() over (partition by limit_name, mode order by ${MOST_REFUSED}, identity_kind, identity_id) as place
      from limit_decisions
      where env_id = ${envId} and policy_id = ${policyId} and starts_at >= ${from} and starts_at < ${to}
        and identity_kind is not null
      group by limit_name, mode, identity_kind, identity_id
    ) as ranked
    where place <= ${limit}
    order by place`.execute(tx)
  return rows
}

/** What one limit in the code of an application did, or all blocks, in one mode. */
export type OtherDecisions = LimitDecisions & {
  readonly application: string
  /** Null: of blocks. */
  readonly pattern: string | null
}

type OtherWindow = Window & {
  /** Null: of all. */
  readonly application: string | null
  readonly limit: number
}

/** Of what stands in no policy, those that refused most first. */
export async function selectOtherDecisions(
  tx: Tx,
  envId: number,
  { limit, ...asked }: OtherWindow,
): Promise<OtherDecisions[]> {
  const { rows } = await sql<OtherDecisions>`
    select application, pattern, limit_name as limit, mode, ${SUMS}
    from limit_decisions
    where env_id = ${envId} and ${ofNoPolicy(asked)}
    group by application, pattern, limit_name, mode
    order by ${MOST_REFUSED}, application, pattern, limit_name, mode
    limit ${limit}`.execute(tx)
  return rows
}

/** Of each of them up to `limit` identities, those that were refused most first. */
export async function selectOtherIdentities(
  tx: Tx,
  envId: number,
  { limit, ...asked }: OtherWindow,
): Promise<(OtherDecisions & { kind: 'customer' | 'network'; id: string })[]> {
  const { rows } = await sql<OtherDecisions & { kind: 'customer' | 'network'; id: string }>`
    select * from (
      select application, pattern, limit_name as limit, mode, identity_kind as kind, identity_id as id, ${SUMS},
        row_number() over (partition by application, pattern, limit_name, mode
          order by ${MOST_REFUSED}, identity_kind, identity_id) as place
      from limit_decisions
      where env_id = ${envId} and ${ofNoPolicy(asked)} and identity_kind is not null
      group by application, pattern, limit_name, mode, identity_kind, identity_id
    ) as ranked
    where place <= ${limit}
    order by place`.execute(tx)
  return rows
}

function ofNoPolicy({ from, to, application }: Omit<OtherWindow, 'limit'>) {
  return sql`policy_id is null and starts_at >= ${from} and starts_at < ${to}
    and (${application}::text is null or application = ${application}::text)`
}

const MOST_REFUSED = sql`sum(refused + refused_without_answer) desc, sum(allowed_without_answer) desc`

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
