import { sql } from 'kysely'
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

/** One statement, however many: a billing run has thousands. */
export async function insertFacts(tx: Tx, envId: number, facts: readonly Fact[]): Promise<void> {
  await sql`
    insert into facts (env_id, id, type, at, data)
    select ${envId}, * from unnest(
      ${facts.map(({ id }) => id)}::text[], ${facts.map(({ type }) => type)}::text[],
      ${facts.map(({ at }) => at)}::timestamptz[], ${facts.map(({ data }) => JSON.stringify(data))}::jsonb[])`.execute(
    tx,
  )
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

/** Whose facts: those of a customer, or of that what is about one subscription or invoice. */
export type About = {
  readonly customerId: string
  readonly subscriptionId?: string | undefined
  readonly invoiceId?: string | undefined
}

/** Up to `limit` facts, latest first: those before `before`. */
export async function selectFactsBefore(
  tx: Tx,
  envId: number,
  page: {
    readonly limit: number
    readonly before: { readonly at: Date; readonly id: string } | null
    readonly type: string | null
    readonly about?: About | null
  },
): Promise<Fact[]> {
  const { before, type, about } = page
  let query = tx
    .selectFrom('facts')
    .where('env_id', '=', envId)
    .select(['id', 'type', 'at', 'data'])
  if (before) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('at', 'id'), '<', tuple(before.at, before.id)),
    )
  }
  if (type !== null) query = query.where('type', '=', type)
  for (const name of ['customerId', 'subscriptionId', 'invoiceId'] as const) {
    const id = about?.[name]
    if (id !== undefined) query = query.where(sql`data->>${sql.lit(name)}`, '=', id)
  }
  const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(page.limit).execute()
  return rows.map((row) => ({ ...row, data: row.data as Fact['data'] }))
}
