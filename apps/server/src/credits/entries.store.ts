import { type Decimal, decimal, formatDecimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Entry, EntryKind } from './credit.ts'

/**
 * Writes one entry for each of these grants, which nobody else changes meanwhile: the caller has locked
 * the balance, which counts them. The database refuses what would leave less than nothing.
 */
export async function insertEntries(
  tx: Tx,
  envId: number,
  entries: readonly Entry[],
  at: Date,
): Promise<void> {
  if (entries.length === 0) return
  const grantIds = entries.map(({ grantId }) => grantId)
  await sql`
    with counted as (
      update credit_balances b set entries = b.entries + w.entries
      from (
        select g.customer, count(*) as entries
        from unnest(${grantIds}::text[]) as e (grant_id)
        join credit_grants g on g.env_id = ${envId} and g.id = e.grant_id
        group by g.customer
      ) w
      where b.env_id = ${envId} and b.customer = w.customer
    )
    insert into credit_entries
      (env_id, grant_id, entry_no, kind, amount, left_after, invoice_id, hold_id, at)
    select ${envId}, e.grant_id, coalesce(l.entry_no, 0) + 1, e.kind, e.amount,
      coalesce(l.left_after, 0) + e.amount, e.invoice_id, e.hold_id, ${at}
    from unnest(
      ${grantIds}::text[], ${entries.map(({ kind }) => kind)}::text[],
      ${entries.map(({ amount }) => formatDecimal(amount))}::numeric[],
      ${entries.map(({ invoiceId }) => invoiceId ?? null)}::text[],
      ${entries.map(({ holdId }) => holdId ?? null)}::text[]
    ) as e (grant_id, kind, amount, invoice_id, hold_id)
    left join lateral (
      select c.entry_no, c.left_after from credit_entries c
      where c.env_id = ${envId} and c.grant_id = e.grant_id order by c.entry_no desc limit 1
    ) l on true`.execute(tx)
}

export type LedgerEntry = Entry & {
  readonly entryNo: number
  readonly leftAfter: Decimal
  readonly at: Date
}

/** Up to `limit` entries of a grant in their order, those after `after`. */
export async function selectEntries(
  tx: Tx,
  envId: number,
  page: { readonly grantId: string; readonly after: number; readonly limit: number },
): Promise<LedgerEntry[]> {
  const rows = await tx
    .selectFrom('credit_entries')
    .selectAll()
    .where('env_id', '=', envId)
    .where('grant_id', '=', page.grantId)
    .where('entry_no', '>', page.after)
    .orderBy('entry_no')
    .limit(page.limit)
    .execute()
  return rows.map((row) => ({
    grantId: row.grant_id,
    entryNo: row.entry_no,
    kind: row.kind as EntryKind, // a check of the table
    amount: decimal(row.amount),
    leftAfter: decimal(row.left_after),
    ...(row.invoice_id === null ? {} : { invoiceId: row.invoice_id }),
    ...(row.hold_id === null ? {} : { holdId: row.hold_id }),
    at: row.at,
  }))
}

/** What invoices have used of grants so far, net of what they gave back, by grant. */
export async function selectUsedBy(
  tx: Tx,
  envId: number,
  invoiceIds: readonly string[],
): Promise<{ readonly grantId: string; readonly invoiceId: string; readonly used: Decimal }[]> {
  const { rows } = await sql<{ grant_id: string; invoice_id: string; used: string }>`
    select grant_id, invoice_id, -sum(amount) as used from credit_entries
    where env_id = ${envId} and invoice_id = any(${invoiceIds}::text[])
    group by grant_id, invoice_id`.execute(tx)
  return rows.map((row) => ({
    grantId: row.grant_id,
    invoiceId: row.invoice_id,
    used: decimal(row.used),
  }))
}

/** What has lapsed of each of these grants, above 0. */
export async function selectLapsed(
  tx: Tx,
  envId: number,
  grantIds: readonly string[],
): Promise<ReadonlyMap<string, Decimal>> {
  const { rows } = await sql<{ grant_id: string; lapsed: string }>`
    select grant_id, -sum(amount) as lapsed from credit_entries
    where env_id = ${envId} and grant_id = any(${grantIds}::text[]) and kind = 'expiry'
    group by grant_id having sum(amount) <> 0`.execute(tx)
  return new Map(rows.map(({ grant_id, lapsed }) => [grant_id, decimal(lapsed)]))
}

/** What an invoice took of grants when it was made, by grant, whether it was given back or not. */
export async function selectTaken(
  tx: Tx,
  envId: number,
  invoiceId: string,
): Promise<ReadonlyMap<string, Decimal>> {
  const { rows } = await sql<{ grant_id: string; taken: string }>`
    select grant_id, -amount as taken from credit_entries
    where env_id = ${envId} and invoice_id = ${invoiceId} and kind = 'use'`.execute(tx)
  return new Map(rows.map(({ grant_id, taken }) => [grant_id, decimal(taken)]))
}

/** What of these grants could pay at an instant, lapsed or not, had the invoice taken nothing. */
export async function selectLeftBefore(
  tx: Tx,
  envId: number,
  grantIds: readonly string[],
  { invoiceId, at }: { readonly invoiceId: string; readonly at: Date },
): Promise<ReadonlyMap<string, Decimal>> {
  const { rows } = await sql<{ grant_id: string; left: string }>`
    select grant_id, sum(amount) as left from credit_entries
    where env_id = ${envId} and grant_id = any(${grantIds}::text[]) and kind <> 'expiry' and at <= ${at}
      and invoice_id is distinct from ${invoiceId}
    group by grant_id`.execute(tx)
  return new Map(rows.map(({ grant_id, left }) => [grant_id, decimal(left)]))
}
