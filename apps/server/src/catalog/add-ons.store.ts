import type { Tx } from '../platform/db/transaction.ts'
import type { AddOn, Recurring } from './add-on.ts'
import { isNamed, type KeyPage, pageByKey } from './keyed.store.ts'

/** False when the key is taken, also by an add-on that another transaction is making. */
export async function insertAddOn(tx: Tx, envId: number, addOn: AddOn): Promise<boolean> {
  const { id, key, name, currency, amountMinor, recurring, taxRateId, createdAt } = addOn
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('add_ons')
    .values({
      ...{ env_id: envId, id, key, name, currency, recurring },
      amount_minor: amountMinor,
      tax_rate_id: taxRateId,
      created_at: createdAt,
    })
    .onConflict((conflict) => conflict.constraint('one_add_on_per_key').doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) === 1 // tidy: not money — a count of rows
}

/** The add-on with this id or key. */
export async function selectAddOn(tx: Tx, envId: number, ref: string): Promise<AddOn | undefined> {
  const row = await addOns(tx, envId).where(isNamed(ref)).executeTakeFirst()
  return row && fromRow(row)
}

export async function selectAddOnsById(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<AddOn[]> {
  const rows = await addOns(tx, envId).where('id', 'in', ids).execute()
  return rows.map(fromRow)
}

/** In the order of their keys. */
export async function selectAddOnPage(tx: Tx, envId: number, page: KeyPage): Promise<AddOn[]> {
  const rows = await pageByKey(addOns(tx, envId), page)
  return rows.map(fromRow)
}

function addOns(tx: Tx, envId: number) {
  return tx
    .selectFrom('add_ons')
    .where('env_id', '=', envId)
    .select([
      'id',
      'key',
      'name',
      'currency',
      'amount_minor',
      'recurring',
      'tax_rate_id',
      'created_at',
      'archived_at',
    ])
}

function fromRow(row: {
  id: string
  key: string
  name: string
  currency: string
  amount_minor: string
  recurring: string
  tax_rate_id: string | null
  created_at: Date
  archived_at: Date | null
}): AddOn {
  const { id, key, name, currency } = row
  return {
    ...{ id, key, name, currency },
    amountMinor: BigInt(row.amount_minor),
    recurring: row.recurring as Recurring, // a check of the table
    taxRateId: row.tax_rate_id,
    createdAt: row.created_at,
    archivedAt: row.archived_at,
  }
}
