import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** That a grant is low, or that a pool of grants is used up. */
export type Notice = {
  readonly customer: string
  readonly kind: 'low' | 'exhausted'
  /** The id of the grant, or the name of the pool. */
  readonly subject: string
}

/** Notes what is to be told now; returns what was not told already. */
export async function insertNotices(
  tx: Tx,
  envId: number,
  notices: readonly Notice[],
  at: Date,
): Promise<ReadonlySet<string>> {
  if (notices.length === 0) return new Set()
  const { rows } = await sql<{ subject: string }>`
    insert into credit_notices (env_id, customer, kind, subject, told_at)
    select ${envId}, customer, kind, subject, ${at}
    from json_to_recordset(${JSON.stringify(notices)}::json) as n (customer text, kind text, subject text)
    order by customer, kind, subject
    on conflict do nothing returning subject`.execute(tx)
  return new Set(rows.map(({ subject }) => subject))
}

/** Forgets what is no longer so: it will be told again. */
export async function deleteNotices(
  tx: Tx,
  envId: number,
  notices: readonly Notice[],
): Promise<void> {
  if (notices.length === 0) return
  await sql`
    delete from credit_notices c
    using json_to_recordset(${JSON.stringify(notices)}::json) as n (customer text, kind text, subject text)
    where c.env_id = ${envId} and c.customer = n.customer and c.kind = n.kind and c.subject = n.subject`.execute(
    tx,
  )
}

/** Those of the customers whose changes of credits somebody is to look at. */
export async function selectWatched(
  tx: Tx,
  envId: number,
  customers: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ customer: string }>`
    select c.customer from unnest(${customers}::text[]) as c (customer)
    where exists (select from credit_watches where env_id = ${envId})
      or exists (select from credit_notices n where n.env_id = ${envId} and n.customer = c.customer)`.execute(
    tx,
  )
  return rows.map(({ customer }) => customer)
}

export async function insertCreditWatch(tx: Tx, envId: number): Promise<void> {
  await sql`insert into credit_watches (env_id) values (${envId}) on conflict do nothing`.execute(
    tx,
  )
}
