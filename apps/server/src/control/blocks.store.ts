import type { Identity } from '@usageflow/policy'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Actor } from '../platform/http/caller.ts'
import type { Block } from './block.ts'

/**
 * Stores the block, or gives the one of the same customer or network its reason and its end. Returns what
 * became of it; whoever else blocks them waits until we have committed.
 */
export async function upsertBlock(
  tx: Tx,
  envId: number,
  { id, blocked, reason, until, actor, createdAt }: Block,
): Promise<'made' | 'changed' | 'same'> {
  const { rows } = await sql<{ id: string }>`
    insert into control_blocks as b (env_id, id, kind, blocked, reason, until, actor_kind, actor_id, created_at)
    values (${envId}, ${id}, ${blocked.kind}, ${blocked.id}, ${reason}, ${until},
      ${actor?.kind ?? null}, ${actor?.id ?? null}, ${createdAt})
    on conflict (env_id, kind, blocked) do update set reason = excluded.reason, until = excluded.until,
      actor_kind = excluded.actor_kind, actor_id = excluded.actor_id
    where (b.reason, b.until) is distinct from (excluded.reason, excluded.until)
    returning id`.execute(tx)
  if (rows[0] === undefined) return 'same'
  return rows[0].id === id ? 'made' : 'changed'
}

/** The block of a customer or network. */
export async function selectBlockOf(
  tx: Tx,
  envId: number,
  { kind, id }: Identity,
): Promise<Block | undefined> {
  const row = await blocks(tx, envId)
    .where('kind', '=', kind)
    .where('blocked', '=', id)
    .executeTakeFirst()
  return row && fromRow(row)
}

/** Undefined: there is no such block. */
export async function deleteBlock(tx: Tx, envId: number, id: string): Promise<Block | undefined> {
  const row = await tx
    .deleteFrom('control_blocks')
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirst()
  return row && fromRow(row)
}

/** Up to `limit` in the order of their ids, those after `after`; of one kind or one name, where asked. */
export async function selectBlockPage(
  tx: Tx,
  envId: number,
  page: {
    readonly limit: number
    readonly after: string
    readonly kind: Identity['kind'] | null
    readonly blocked: string | null
  },
): Promise<Block[]> {
  let wanted = blocks(tx, envId).where('id', '>', page.after)
  if (page.kind !== null) wanted = wanted.where('kind', '=', page.kind)
  if (page.blocked !== null) wanted = wanted.where('blocked', '=', page.blocked)
  const rows = await wanted.orderBy('id').limit(page.limit).execute()
  return rows.map(fromRow)
}

/** Those that hold at this instant. */
export async function selectBlocksAt(tx: Tx, envId: number, systemNow: Date): Promise<Block[]> {
  const rows = await blocks(tx, envId)
    .where(({ eb, or }) => or([eb('until', 'is', null), eb('until', '>', systemNow)]))
    .orderBy('id')
    .execute()
  return rows.map(fromRow)
}

const COLUMNS = [
  ...(['id', 'kind', 'blocked', 'reason', 'until'] as const),
  ...(['actor_kind', 'actor_id', 'created_at'] as const),
] as const

function blocks(tx: Tx, envId: number) {
  return tx.selectFrom('control_blocks').where('env_id', '=', envId).select(COLUMNS)
}

function fromRow(row: {
  id: string
  kind: string
  blocked: string
  reason: string
  until: Date | null
  actor_kind: string | null
  actor_id: string | null
  created_at: Date
}): Block {
  const kind = row.kind as Identity['kind'] // a check of the table
  const actorKind = row.actor_kind as Actor['kind'] | null // written above alone
  return {
    id: row.id,
    blocked: { kind, id: row.blocked },
    reason: row.reason,
    until: row.until,
    actor: actorKind && row.actor_id ? { kind: actorKind, id: row.actor_id } : null,
    createdAt: row.created_at,
  }
}
