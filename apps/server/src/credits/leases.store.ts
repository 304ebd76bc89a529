import { sql } from 'kysely'
import { PREPARED } from '../platform/db/prepared.ts'
import type { Tx } from '../platform/db/transaction.ts'

/**
 * Whether a row of `credit_leases` keeps units free: what was used of a lease does until its usage is counted, which a process
 * tells within seconds. What is counted and kept as well would be missing to everybody else.
 */
export const IS_KEPT = sql<boolean>`(held_until > now() and
  (settled_at is null or settled_at + interval '4 seconds' > (select counted_up_to())))`

/** What is lent of a customer's credits of a meter to a process. */
export type CreditLease = {
  readonly id: string
  readonly holder: string
  readonly units: number
  /** Until the process uses nothing of it any more; 0 when that is over. */
  readonly lifeMs: number
}

/** How long a lease lives, and how long after its end, or its settlement, its units are free at the latest. */
export type LeaseTimes = { readonly lifeMs: number; readonly countedAfterMs: number }

/**
 * Makes whoever else changes or lends the credits of these customers wait until we have committed. Returns those that ever had any:
 * of the others there is nothing to lock, and nothing to lend.
 */
export async function lockGranted(
  tx: Tx,
  envId: number,
  customers: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ customer: string }>`${sql.raw(PREPARED)}
    select customer from credit_balances
    where env_id = ${envId}::integer and customer = any(${customers}::text[])
    order by customer collate "C" for update`.execute(tx)
  return new Set(rows.map(({ customer }) => customer))
}

/** What is lent of a meter to whom, as far as it is remembered. */
export async function selectLeases(
  tx: Tx,
  envId: number,
  { customer, meterId }: { readonly customer: string; readonly meterId: string },
): Promise<CreditLease[]> {
  const { rows } = await sql<CreditLease>`${sql.raw(PREPARED)}
    select lease_id as id, holder, units::float8 as units,
      greatest(0, floor(extract(epoch from ends_at - clock_timestamp()) * 1000))::float8 as "lifeMs"
    from credit_leases
    where env_id = ${envId}::integer and customer = ${customer} and meter_id = ${meterId}`.execute(
    tx,
  )
  return rows
}

export async function insertLeases(
  tx: Tx,
  envId: number,
  { lifeMs, countedAfterMs }: LeaseTimes,
  leases: readonly (Omit<CreditLease, 'lifeMs'> & {
    readonly customer: string
    readonly meterId: string
  })[],
): Promise<void> {
  await sql`${sql.raw(PREPARED)}
    insert into credit_leases (env_id, customer, meter_id, holder, lease_id, units, held, ends_at, held_until)
    select ${envId}::integer, customer, meter_id, holder, lease_id, units, units,
      clock_timestamp() + ${lifeMs}::float8 * interval '1 millisecond',
      clock_timestamp() + ${lifeMs + countedAfterMs}::float8 * interval '1 millisecond'
    from unnest(
      ${leases.map(({ customer }) => customer)}::text[], ${leases.map(({ meterId }) => meterId)}::text[],
      ${leases.map(({ holder }) => holder)}::text[], ${leases.map(({ id }) => id)}::text[],
      ${leases.map(({ units }) => units)}::bigint[]
    ) as l (customer, meter_id, holder, lease_id, units)`.execute(tx)
}

/** What a process has used of a lease, which is of a meter by its key. */
export type CreditSettlement = {
  readonly id: string
  readonly customer: string
  readonly meter: string
  readonly used: number
}

/** Gives back what was not used. Of leases that are not known, or settled before, nothing. */
export async function updateSettled(
  tx: Tx,
  envId: number,
  { holder, countedAfterMs }: Pick<LeaseTimes, 'countedAfterMs'> & { readonly holder: string },
  settlements: readonly CreditSettlement[],
): Promise<void> {
  await sql`${sql.raw(PREPARED)}
    update credit_leases l set held = least(l.units, s.used), settled_at = clock_timestamp(),
      held_until = clock_timestamp() + ${countedAfterMs}::float8 * interval '1 millisecond'
    from unnest(
      ${settlements.map(({ customer }) => customer)}::text[], ${settlements.map(({ meter }) => meter)}::text[],
      ${settlements.map(({ id }) => id)}::text[], ${settlements.map(({ used }) => used)}::bigint[]
    ) as s (customer, meter, lease_id, used)
    join meters m on m.env_id = ${envId}::integer and m.key = s.meter
    where l.env_id = ${envId}::integer and l.customer = s.customer and l.meter_id = m.id
      and l.holder = ${holder} and l.lease_id = s.lease_id and l.settled_at is null`.execute(tx)
}

/** Forgets what has been over for a while of customers that are locked: who lends all the time leaves no heap behind. */
export async function deleteEndedOf(
  tx: Tx,
  envId: number,
  customers: readonly string[],
): Promise<void> {
  await sql`${sql.raw(PREPARED)}
    delete from credit_leases
    where env_id = ${envId}::integer and customer = any(${customers}::text[])
      and held_until < now() - interval '1 minute'`.execute(tx)
}

/** Housekeeping, of those who have gone. Leaves alone what a call changes at this moment. */
// tidy: all environments — housekeeping knows no tenant
export async function deleteEnded(tx: Tx, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from credit_leases
    where ctid = any(array(
      select ctid from credit_leases
      where held_until < now() - interval '1 minute' limit ${limit} for update skip locked
    ))`.execute(tx)
  return Number(numAffectedRows ?? 0n) // tidy: not money — a count of rows
}
