import { type Decimal, decimal, formatDecimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Hold, HoldStatus } from './hold.ts'
import { IS_KEPT } from './leases.store.ts'

/** False: another hold has its key, perhaps one that another transaction was making. */
export async function insertHold(tx: Tx, envId: number, hold: Hold): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('credit_holds')
    .values({
      env_id: envId,
      id: hold.id,
      customer: hold.customer,
      meter_id: hold.meterId,
      key: hold.key,
      units: formatDecimal(hold.units),
      status: hold.status,
      created_at: hold.createdAt,
      expires_at: hold.expiresAt,
    })
    .onConflict((conflict) => conflict.constraint('one_hold_per_key').doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) === 1
}

export async function selectHold(
  tx: Tx,
  envId: number,
  by: { readonly id: string } | { readonly key: string },
): Promise<Hold | undefined> {
  const [column, value] = 'id' in by ? (['id', by.id] as const) : (['key', by.key] as const)
  const row = await tx
    .selectFrom('credit_holds')
    .selectAll()
    .where('env_id', '=', envId)
    .where(column, '=', value)
    .executeTakeFirst()
  return row && fromRow(row)
}

/** What keeps units of a customer free: a hold, with its id, or all together that is lent of a meter to processes. */
export type Kept = { readonly id: string | null; readonly meterId: string; readonly units: Decimal }

/** What keeps units of a customer free at `now`; leases go by real time. */
export async function selectKept(
  tx: Tx,
  envId: number,
  customer: string,
  now: Date,
): Promise<Kept[]> {
  const { rows } = await sql<{ id: string | null; meter_id: string; units: string }>`
    select id, meter_id, units from credit_holds
    where env_id = ${envId} and customer = ${customer} and status = 'open' and expires_at > ${now}
    union all
    select null, meter_id, sum(held) from credit_leases
    where env_id = ${envId} and customer = ${customer} and ${IS_KEPT}
    group by meter_id`.execute(tx)
  return rows.map(({ id, meter_id, units }) => ({ id, meterId: meter_id, units: decimal(units) }))
}

/** False: the hold was closed before, as by the work that ends forgotten ones, which takes no lock. */
export async function updateClosed(tx: Tx, envId: number, hold: Hold): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('credit_holds')
    .set({
      status: hold.status,
      used: hold.used === null ? null : formatDecimal(hold.used),
      closed_at: hold.closedAt,
    })
    .where('env_id', '=', envId)
    .where('id', '=', hold.id)
    .where('status', '=', 'open')
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** Writes down that the open ones of these holds that are over by `now` have expired. */
export async function updateExpired(
  tx: Tx,
  envId: number,
  ids: readonly string[],
  now: Date,
): Promise<void> {
  await tx
    .updateTable('credit_holds')
    .set(({ ref }) => ({ status: 'expired', closed_at: ref('expires_at') }))
    .where('env_id', '=', envId)
    .where('id', 'in', ids)
    .where('status', '=', 'open')
    .where('expires_at', '<=', now)
    .execute()
}

type Row = {
  id: string
  customer: string
  meter_id: string
  key: string | null
  units: string
  status: string
  used: string | null
  created_at: Date
  expires_at: Date
  closed_at: Date | null
}

function fromRow(row: Row): Hold {
  return {
    id: row.id,
    customer: row.customer,
    meterId: row.meter_id,
    key: row.key,
    units: decimal(row.units),
    status: row.status as HoldStatus, // a check of the table
    used: row.used === null ? null : decimal(row.used),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    closedAt: row.closed_at,
  }
}
