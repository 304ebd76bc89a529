import { decimal, formatDecimal } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import type { AutoTopUp } from './auto-top-up.ts'

/** Inserts one, or gives the one for the same meter or money these terms; the caller has locked the balance. */
export async function upsertAutoTopUp(
  tx: Tx,
  envId: number,
  wanted: AutoTopUp,
): Promise<AutoTopUp> {
  const { customer, meterId, currency } = wanted
  const all = await selectAutoTopUps(tx, envId, customer)
  const same = all.find((each) =>
    meterId === null
      ? each.meterId === null && each.currency === currency
      : each.meterId === meterId,
  )
  const terms = {
    currency,
    below: formatDecimal(wanted.below),
    amount: formatDecimal(wanted.amount),
    price_minor: String(wanted.priceMinor),
    not_before: wanted.notBefore,
  }
  if (same) {
    await ofId(tx, envId, same.id).set(terms).execute()
    return { ...wanted, id: same.id, createdAt: same.createdAt }
  }
  const kind = meterId === null ? 'money' : 'units'
  await tx
    .insertInto('auto_top_ups')
    .values({
      ...{ env_id: envId, id: wanted.id, customer, kind, meter_id: meterId },
      ...terms,
      created_at: wanted.createdAt,
    })
    .execute()
  return wanted
}

export async function selectAutoTopUps(
  tx: Tx,
  envId: number,
  customer: string,
): Promise<AutoTopUp[]> {
  const rows = await autoTopUps(tx, envId)
    .where('customer', '=', customer)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(fromRow)
}

export async function selectAutoTopUp(
  tx: Tx,
  envId: number,
  id: string,
): Promise<AutoTopUp | undefined> {
  const row = await autoTopUps(tx, envId).where('id', '=', id).executeTakeFirst()
  return row && fromRow(row)
}

export async function updateNotBefore(
  tx: Tx,
  envId: number,
  id: string,
  notBefore: Date,
): Promise<void> {
  await ofId(tx, envId, id).set({ not_before: notBefore }).execute()
}

export async function deleteAutoTopUp(tx: Tx, envId: number, id: string): Promise<void> {
  await tx.deleteFrom('auto_top_ups').where('env_id', '=', envId).where('id', '=', id).execute()
}

function ofId(tx: Tx, envId: number, id: string) {
  return tx.updateTable('auto_top_ups').where('env_id', '=', envId).where('id', '=', id)
}

function autoTopUps(tx: Tx, envId: number) {
  return tx
    .selectFrom('auto_top_ups')
    .where('env_id', '=', envId)
    .select([
      ...(['id', 'customer', 'meter_id', 'currency', 'below', 'amount'] as const),
      ...(['price_minor', 'not_before', 'created_at'] as const),
    ])
}

type Row = Awaited<ReturnType<ReturnType<typeof autoTopUps>['execute']>>[number]

function fromRow(row: Row): AutoTopUp {
  return {
    id: row.id,
    customer: row.customer,
    meterId: row.meter_id,
    currency: row.currency,
    below: decimal(row.below),
    amount: decimal(row.amount),
    priceMinor: BigInt(row.price_minor),
    notBefore: row.not_before,
    createdAt: row.created_at,
  }
}
