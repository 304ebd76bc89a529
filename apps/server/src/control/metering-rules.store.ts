import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { MeteringRule } from './metering-rule.ts'
import type { Policy } from './policy.ts'

/**
 * Gives the policy these rules, in their order: what is not stored yet begins, what is not among them ends. To be
 * called by whoever keeps others from changing the policy.
 */
export async function replaceRules(
  tx: Tx,
  envId: number,
  { id: policyId, metering }: Policy,
  systemNow: Date,
): Promise<void> {
  await sql`
    update metering_rules set ended_at = ${systemNow}
    where env_id = ${envId} and policy_id = ${policyId} and ended_at is null
      and id <> all(${metering.map(({ id }) => id)}::text[])`.execute(tx)
  await sql`
    insert into metering_rules (env_id, id, policy_id, place, event, quantity, status_classes, created_at)
    select ${envId}::integer, r.id, ${policyId}, r.place, r.event, r.quantity, r.status_classes, ${systemNow}
    from unnest(
      ${metering.map(({ id }) => id)}::text[],
      ${metering.map(({ event }) => event)}::text[],
      ${metering.map(({ quantity }) => quantity)}::text[],
      ${metering.map(({ when }) => JSON.stringify(when))}::jsonb[]
    ) with ordinality as r (id, event, quantity, status_classes, place)
    on conflict on constraint metering_rules_pkey do update set place = excluded.place`.execute(tx)
}

/** The rules with these ids, ended ones among them, in no order. */
export async function selectRules(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<MeteringRule[]> {
  const { rows } = await sql<MeteringRule>`
    select id, event, quantity, status_classes as "when" from metering_rules
    where env_id = ${envId} and id = any(${ids}::text[])`.execute(tx)
  return rows
}
