import { sql } from 'kysely'
import { PREPARED } from '../platform/db/prepared.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { isNamed, type KeyPage, pageByKey } from './keyed.store.ts'
import type { MeteringRule } from './metering-rule.ts'
import type { Mode, Policy, PolicyLimit, WithoutAnswer } from './policy.ts'

/** False when the key is taken, also by a policy that another transaction is making. */
export async function insertPolicy(tx: Tx, envId: number, policy: Policy): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('policies')
    .values({
      ...{ env_id: envId, id: policy.id, key: policy.key, created_at: policy.createdAt },
      ...changeable(policy),
    })
    .onConflict((conflict) => conflict.constraint('one_policy_per_key').doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) === 1 // tidy: not money — a count of rows
}

export async function updatePolicy(tx: Tx, envId: number, policy: Policy): Promise<void> {
  await tx
    .updateTable('policies')
    .set(changeable(policy))
    .where('env_id', '=', envId)
    .where('id', '=', policy.id)
    .executeTakeFirstOrThrow()
}

/** The policy with this id or key, archived or not. */
export async function selectPolicy(
  tx: Tx,
  envId: number,
  ref: string,
): Promise<Policy | undefined> {
  const row = await policies(tx, envId).where(isNamed(ref)).executeTakeFirst()
  return row && fromRow(row)
}

/** The limit of this name of a policy that is neither off nor archived; reads nothing else, since leases ask for it all the time. */
export async function selectLimit(
  tx: Tx,
  envId: number,
  policyId: string,
  name: string,
): Promise<PolicyLimit | undefined> {
  const { rows } = await sql<{ written: PolicyLimit }>`${sql.raw(PREPARED)}
    select l.written
    from policies p cross join jsonb_array_elements(p.limits) as l (written)
    where p.env_id = ${envId}::integer and p.id = ${policyId} and p.archived_at is null and p.mode <> 'off'
      and l.written ->> 'name' = ${name}`.execute(tx)
  return rows[0]?.written
}

/** Makes whoever else changes this policy wait until we have committed. */
export async function selectPolicyForUpdate(
  tx: Tx,
  envId: number,
  ref: string,
): Promise<Policy | undefined> {
  const row = await policies(tx, envId).where(isNamed(ref)).forNoKeyUpdate().executeTakeFirst()
  return row && fromRow(row)
}

/** In the order of their keys; of one application alone, without those for all, and in one mode, where asked. */
export async function selectPolicyPage(
  tx: Tx,
  envId: number,
  page: KeyPage & { readonly application: string | null; readonly mode: Mode | null },
): Promise<Policy[]> {
  let wanted = policies(tx, envId)
  if (page.application !== null) wanted = wanted.where('application', '=', page.application)
  if (page.mode !== null) wanted = wanted.where('mode', '=', page.mode)
  const rows = await pageByKey(wanted, page)
  return rows.map(fromRow)
}

/** What is not off, for one application and for all. In the order in which they were made. */
export async function selectPoliciesFor(
  tx: Tx,
  envId: number,
  application: string,
): Promise<Policy[]> {
  const rows = await policies(tx, envId)
    .where('archived_at', 'is', null)
    .where('mode', '<>', 'off')
    .where(({ eb, or }) => or([eb('application', 'is', null), eb('application', '=', application)]))
    .orderBy('id')
    .execute()
  return rows.map(fromRow)
}

function policies(tx: Tx, envId: number) {
  return tx
    .selectFrom('policies')
    .where('env_id', '=', envId)
    .select(['id', 'key', 'name', 'application', 'method', 'url', 'priority', 'strategy_id'])
    .select(['mode', 'without_answer', 'deadline_ms', 'limits', 'created_at', 'archived_at'])
    .select(METERING.as('metering'))
}

/** The rules that hold, in the order in which they were written. */
const METERING = sql<MeteringRule[]>`(
  select coalesce(json_agg(json_build_object('id', r.id, 'event', r.event, 'quantity', r.quantity,
    'when', r.status_classes) order by r.place), '[]')
  from metering_rules r
  where r.env_id = policies.env_id and r.policy_id = policies.id and r.ended_at is null)`

function changeable(policy: Policy) {
  return {
    name: policy.name,
    application: policy.application,
    method: policy.method,
    url: policy.url,
    priority: policy.priority,
    strategy_id: policy.strategyId,
    mode: policy.mode,
    without_answer: policy.withoutAnswer,
    deadline_ms: policy.deadlineMs,
    limits: JSON.stringify(policy.limits),
    archived_at: policy.archivedAt,
  }
}

function fromRow(row: {
  id: string
  key: string
  name: string
  application: string | null
  method: string
  url: string
  priority: number
  strategy_id: string | null
  mode: string
  without_answer: string
  deadline_ms: number
  limits: unknown
  metering: MeteringRule[]
  created_at: Date
  archived_at: Date | null
}): Policy {
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    application: row.application,
    method: row.method,
    url: row.url,
    priority: row.priority,
    strategyId: row.strategy_id,
    mode: row.mode as Mode, // a check of the table, like the next
    withoutAnswer: row.without_answer as WithoutAnswer,
    deadlineMs: row.deadline_ms,
    limits: row.limits as PolicyLimit[], // written above alone
    metering: row.metering,
    createdAt: row.created_at,
    archivedAt: row.archived_at,
  }
}
