import type { Tx } from '../db/transaction.ts'
import type { Fact } from './append-fact.ts'

export async function insertFact(tx: Tx, envId: number, fact: Fact): Promise<void> {
  await tx
    .insertInto('facts')
    .values({
      env_id: envId,
      id: fact.id,
      type: fact.type,
      at: fact.at,
      data: JSON.stringify(fact.data),
    })
    .execute()
}

/** The facts with these ids, in the order in which they happened. */
export async function selectFacts(tx: Tx, envId: number, ids: readonly string[]): Promise<Fact[]> {
  const rows = await tx
    .selectFrom('facts')
    .where('env_id', '=', envId)
    .where('id', 'in', ids)
    .select(['id', 'type', 'at', 'data'])
    .orderBy('at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ ...row, data: row.data as Fact['data'] }))
}
