import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'

/** What a seal covers, as text that PostgreSQL writes alike every time. */
export type SealedText = { readonly entryId: string; readonly text: string }

export type Seal = SealedText & { readonly position: bigint; readonly hash: Buffer }

export type LastSeal = { readonly position: bigint; readonly hash: Buffer }

/** An organization with entries that wait, or null. */
// tidy: all environments — the log belongs to the organization above them
export async function selectWaitingOrganization(tx: Tx): Promise<string | null> {
  const row = await tx
    .selectFrom('audit_unsealed')
    .select('organization_id')
    .limit(1)
    .executeTakeFirst()
  return row?.organization_id ?? null
}

/** Of two that seal one chain, the second waits until the first has committed. */
// tidy: all environments — the log belongs to the organization above them
export async function lockChain(tx: Tx, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`audit ${organizationId}`}, 0))`.execute(
    tx,
  )
}

/** Takes the entries that wait off the list, in the order of their ids. */
// tidy: all environments — the log belongs to the organization above them
export async function takeWaiting(
  tx: Tx,
  organizationId: string,
  limit: number,
): Promise<SealedText[]> {
  const { rows } = await sql<{ id: string; text: string }>`
    with taken as (
      delete from audit_unsealed
      where (organization_id, entry_id) in (
        select organization_id, entry_id from audit_unsealed
        where organization_id = ${organizationId} order by entry_id limit ${limit}
      )
      returning entry_id
    )
    select a.id, ${SEALED_TEXT} as text
    from audit_entries a join taken on taken.entry_id = a.id
    where a.organization_id = ${organizationId}
    order by a.id`.execute(tx)
  return rows.map(({ id, text }) => ({ entryId: id, text }))
}

// tidy: all environments — the log belongs to the organization above them
export async function selectLastSeal(tx: Tx, organizationId: string): Promise<LastSeal | null> {
  const row = await tx
    .selectFrom('audit_seals')
    .where('organization_id', '=', organizationId)
    .select(['position', 'hash'])
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { position: BigInt(row.position), hash: row.hash } : null
}

// tidy: all environments — the log belongs to the organization above them
export async function insertSeals(
  tx: Tx,
  organizationId: string,
  seals: readonly Omit<Seal, 'text'>[],
  sealedAt: Date,
): Promise<void> {
  await tx
    .insertInto('audit_seals')
    .values(
      seals.map(({ position, entryId, hash }) => ({
        organization_id: organizationId,
        position,
        entry_id: entryId,
        hash,
        sealed_at: sealedAt,
      })),
    )
    .execute()
}

/** The seals after a position, each with what its entry says today; a text of null: the entry is gone. */
// tidy: all environments — the log belongs to the organization above them
export async function selectSeals(
  tx: Tx,
  organizationId: string,
  after: bigint,
  limit: number,
): Promise<(Omit<Seal, 'text'> & { readonly text: string | null })[]> {
  const { rows } = await sql<{
    position: string
    entry_id: string
    hash: Buffer
    text: string | null
  }>`
    select s.position, s.entry_id, s.hash, case when a.id is not null then ${SEALED_TEXT} end as text
    from audit_seals s left join audit_entries a on a.organization_id = s.organization_id and a.id = s.entry_id
    where s.organization_id = ${organizationId} and s.position > ${after}
    order by s.position limit ${limit}`.execute(tx)
  return rows.map((row) => ({
    position: BigInt(row.position),
    entryId: row.entry_id,
    hash: row.hash,
    text: row.text,
  }))
}

/** Entries that neither have a seal nor wait for one: somebody slipped them in. And how many wait. */
// tidy: all environments — the log belongs to the organization above them
export async function selectOutside(
  tx: Tx,
  organizationId: string,
): Promise<{ readonly strangers: string[]; readonly waiting: number }> {
  const { rows } = await sql<{ id: string; waits: boolean }>`
    select a.id, u.entry_id is not null as waits
    from audit_entries a
      left join audit_unsealed u on u.organization_id = a.organization_id and u.entry_id = a.id
    where a.organization_id = ${organizationId}
      and not exists (select from audit_seals s where s.organization_id = a.organization_id and s.entry_id = a.id)`.execute(
    tx,
  )
  const strangers = rows.filter(({ waits }) => !waits).map(({ id }) => id)
  return { strangers, waiting: rows.length - strangers.length }
}

/** Every column, so that no change of any escapes; jsonb has one way to be written. */
const SEALED_TEXT = sql<string>`jsonb_build_array(a.organization_id, a.id, a.env_id,
  extract(epoch from a.at)::text, a.actor_kind, a.actor_id, a.action, a.target, a.request_id, a.detail)::text`
