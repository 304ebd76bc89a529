import { sql } from 'kysely'
import type { Touched } from '../metering/fresh-usage.ts'
import type { Tx } from '../platform/db/transaction.ts'

/** Takes the place up to which usage was looked through, for this transaction; null: another worker has it. */
// tidy: all environments — one place in the events of them all
export async function lockProgress(tx: Tx): Promise<bigint | null> {
  const { rows } = await sql<{ position: string }>`
    select position from alert_progress for update skip locked`.execute(tx)
  const [row] = rows
  return row ? BigInt(row.position) : null
}

// tidy: all environments — one place in the events of them all
export async function updateProgress(tx: Tx, position: bigint): Promise<void> {
  await sql`update alert_progress set position = ${position}`.execute(tx)
}

/** Environments in which somebody may want to know of usage: where alerts are set, or credits of units were granted. */
// tidy: all environments — asks for those that matter
export async function selectCurious(tx: Tx): Promise<number[]> {
  const { rows } = await sql<{ env_id: number }>`
    select e.env_id from environments e
    where exists (select from alerts a where a.env_id = e.env_id)
      or exists (select from credit_grants g where g.env_id = e.env_id and g.kind = 'units' and g.voided_at is null)`.execute(
    tx,
  )
  return rows.map((row) => row.env_id)
}

/**
 * Of these customers, or of all of these environments, those of whom somebody wants to know: by an alert, or as they may
 * have units left: no clock of an environment is behind the real one.
 */
// tidy: all environments — each customer is named with its own
export async function selectConcerned(
  tx: Tx,
  envIds: readonly number[],
  touched: readonly Touched[] | null,
): Promise<Touched[]> {
  const among =
    touched === null
      ? sql`customers c`
      : sql`json_to_recordset(${JSON.stringify(touched)}::json) as t ("envId" int, customer text)
          join customers c on c.env_id = t."envId" and c.customer = t.customer`
  const { rows } = await sql<Touched>`
    select c.env_id as "envId", c.customer from ${among}
    where c.env_id = any(${envIds}::int[]) and (exists (
        select from alerts a where a.env_id = c.env_id and (a.customer is null or a.customer = c.customer)
          and (a.plan_id is null or exists (
            select from subscriptions s
            join subscription_terms p on p.env_id = s.env_id and p.subscription_id = s.id and p.term_no = s.term_no
            where s.env_id = c.env_id and s.customer = c.customer and s.status <> 'canceled' and p.plan_id = a.plan_id)))
      or exists (
        select from credit_grants g where g.env_id = c.env_id and g.customer = c.customer and g.kind = 'units' and g.voided_at is null
          and (g.valid_to is null or g.valid_to > now())))`.execute(tx)
  return rows
}
