import { decimal, formatDecimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import { type KeyPage, pageByKey } from './keyed.store.ts'
import type { TaxRate } from './tax-rate.ts'

/** False when the key is taken, also by a rate that another transaction is making. */
export async function insertTaxRate(tx: Tx, envId: number, rate: TaxRate): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('tax_rates')
    .values({
      env_id: envId,
      id: rate.id,
      key: rate.key,
      name: rate.name,
      percent: formatDecimal(rate.percent),
      is_inclusive: rate.isInclusive,
      created_at: rate.createdAt,
    })
    .onConflict((conflict) => conflict.constraint('one_tax_rate_per_key').doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) === 1 // tidy: not money — a count of rows
}

/** Rates with these ids or keys, archived ones among them. */
export async function selectTaxRates(
  tx: Tx,
  envId: number,
  refs: readonly string[],
): Promise<TaxRate[]> {
  const rows = await rates(tx, envId)
    .where(sql<boolean>`(id = any(${refs}::text[]) or key = any(${refs}::text[]))`)
    .execute()
  return rows.map(fromRow)
}

export async function selectTaxRatesById(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<TaxRate[]> {
  const rows = await rates(tx, envId).where('id', 'in', ids).execute()
  return rows.map(fromRow)
}

/** In the order of their keys. */
export async function selectTaxRatePage(tx: Tx, envId: number, page: KeyPage): Promise<TaxRate[]> {
  const rows = await pageByKey(rates(tx, envId), page)
  return rows.map(fromRow)
}

function rates(tx: Tx, envId: number) {
  return tx
    .selectFrom('tax_rates')
    .where('env_id', '=', envId)
    .select(['id', 'key', 'name', 'percent', 'is_inclusive', 'created_at', 'archived_at'])
}

function fromRow(row: {
  id: string
  key: string
  name: string
  percent: string
  is_inclusive: boolean
  created_at: Date
  archived_at: Date | null
}): TaxRate {
  const { id, key, name } = row
  return {
    ...{ id, key, name },
    percent: decimal(row.percent),
    isInclusive: row.is_inclusive,
    createdAt: row.created_at,
    archivedAt: row.archived_at,
  }
}
