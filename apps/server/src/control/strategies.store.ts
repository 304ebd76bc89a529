import type { IdentitySource } from '@usageflow/policy'
import type { Tx } from '../platform/db/transaction.ts'
import { isNamed, type KeyPage, pageByKey } from './keyed.store.ts'
import type { NamedStrategy } from './strategy.ts'

/** False when the key is taken, also by a strategy that another transaction is making. */
export async function insertStrategy(
  tx: Tx,
  envId: number,
  strategy: NamedStrategy,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('strategies')
    .values({
      env_id: envId,
      id: strategy.id,
      key: strategy.key,
      name: strategy.name,
      sources: JSON.stringify(strategy.sources),
      created_at: strategy.createdAt,
    })
    .onConflict((conflict) => conflict.constraint('one_strategy_per_key').doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) === 1 // tidy: not money — a count of rows
}

export async function updateStrategy(
  tx: Tx,
  envId: number,
  { id, name, sources, archivedAt }: NamedStrategy,
): Promise<void> {
  await tx
    .updateTable('strategies')
    .set({ name, sources: JSON.stringify(sources), archived_at: archivedAt })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

/** The strategy with this id or key, archived or not. */
export async function selectStrategy(
  tx: Tx,
  envId: number,
  ref: string,
): Promise<NamedStrategy | undefined> {
  const row = await strategies(tx, envId).where(isNamed(ref)).executeTakeFirst()
  return row && fromRow(row)
}

/** Makes whoever else changes this strategy, or gives a policy to it, wait until we have committed. */
export async function selectStrategyForUpdate(
  tx: Tx,
  envId: number,
  ref: string,
): Promise<NamedStrategy | undefined> {
  const row = await strategies(tx, envId).where(isNamed(ref)).forNoKeyUpdate().executeTakeFirst()
  return row && fromRow(row)
}

/** Nobody can archive it until we have committed. */
export async function selectStrategyForShare(
  tx: Tx,
  envId: number,
  ref: string,
): Promise<NamedStrategy | undefined> {
  const row = await strategies(tx, envId).where(isNamed(ref)).forShare().executeTakeFirst()
  return row && fromRow(row)
}

/** In the order of their keys. */
export async function selectStrategyPage(
  tx: Tx,
  envId: number,
  page: KeyPage,
): Promise<NamedStrategy[]> {
  const rows = await pageByKey(strategies(tx, envId), page)
  return rows.map(fromRow)
}

/** Archived ones among them: who has one keeps it. */
export async function selectStrategiesById(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<NamedStrategy[]> {
  const rows = await strategies(tx, envId)
    .where(({ eb, fn, val }) => eb('id', '=', fn.any(val(ids))))
    .orderBy('id')
    .execute()
  return rows.map(fromRow)
}

function strategies(tx: Tx, envId: number) {
  return tx
    .selectFrom('strategies')
    .where('env_id', '=', envId)
    .select(['id', 'key', 'name', 'sources', 'created_at', 'archived_at'])
}

function fromRow(row: {
  id: string
  key: string
  name: string
  sources: unknown
  created_at: Date
  archived_at: Date | null
}): NamedStrategy {
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    sources: row.sources as IdentitySource[], // written above alone
    createdAt: row.created_at,
    archivedAt: row.archived_at,
  }
}
