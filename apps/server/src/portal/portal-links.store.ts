import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Visitor } from '../platform/http/portal-route.ts'
import type { PortalLink } from './portal-links.ts'

export async function insertLink(
  tx: Tx,
  envId: number,
  link: PortalLink & { readonly hash: Buffer },
): Promise<void> {
  await tx
    .insertInto('portal_links')
    .values({
      env_id: envId,
      id: link.id,
      customer: link.customer,
      token_hash: link.hash,
      allows_plan_change: link.allowsPlanChange,
      return_url: link.returnUrl,
      created_at: link.createdAt,
      expires_at: link.expiresAt,
    })
    .execute()
}

const OPEN_SHOWN_MAX = 100

/** The newest first, at most 100. */
export async function selectOpenLinks(
  tx: Tx,
  envId: number,
  customer: string,
  systemNow: Date,
): Promise<PortalLink[]> {
  const rows = await tx
    .selectFrom('portal_links')
    .selectAll()
    .where('env_id', '=', envId)
    .where('customer', '=', customer)
    .where('expires_at', '>', systemNow)
    .where('ended_at', 'is', null)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(OPEN_SHOWN_MAX)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    customer: row.customer,
    allowsPlanChange: row.allows_plan_change,
    returnUrl: row.return_url,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }))
}

/** Ends what is open of a customer; returns how many links that were. */
export async function updateEnded(
  tx: Tx,
  envId: number,
  customer: string,
  systemNow: Date,
): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('portal_links')
    .set({ ended_at: systemNow })
    .where('env_id', '=', envId)
    .where('customer', '=', customer)
    .where('expires_at', '>', systemNow)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}

/** Whom an open link with this token lets in, or null: also while its organization waits to be erased. */
// tidy: all environments — the token says which one
export async function selectVisitor(
  tx: Tx,
  tokenHash: Buffer,
  systemNow: Date,
): Promise<Visitor | null> {
  const { rows } = await sql<VisitorRow>`
    select l.*, e.organization_id, e.mode, c.offset_ms::text as offset_ms, c.frozen_at
    from portal_links l
      join environments e using (env_id)
      join environment_clocks c using (env_id)
      join organizations o on o.id = e.organization_id
    where l.token_hash = ${tokenHash} and l.expires_at > ${systemNow} and l.ended_at is null
      and o.erase_at is null`.execute(tx)
  const [row] = rows
  return row ? fromRow(row) : null
}

/** The environment of a link that may be over, or null; also while its organization waits to be erased. */
// tidy: all environments — as above
export async function selectEnvironmentOf(tx: Tx, tokenHash: Buffer): Promise<number | null> {
  const { rows } = await sql<{ env_id: number }>`
    select l.env_id from portal_links l
      join environments e using (env_id)
      join organizations o on o.id = e.organization_id
    where l.token_hash = ${tokenHash} and o.erase_at is null`.execute(tx)
  return rows[0]?.env_id ?? null
}

/** Forgets the links that expired before `before`, of everybody: housekeeping. */
// tidy: all environments — as above
export async function deleteExpired(tx: Tx, before: Date): Promise<void> {
  await tx.deleteFrom('portal_links').where('expires_at', '<', before).execute()
}

type VisitorRow = {
  id: string
  env_id: number
  organization_id: string
  mode: 'live' | 'test'
  customer: string
  allows_plan_change: boolean
  return_url: string | null
  expires_at: Date
  offset_ms: string
  frozen_at: Date | null
}

function fromRow(row: VisitorRow): Visitor {
  const { frozen_at: frozenAt } = row
  const offsetMs = Number(row.offset_ms)
  return {
    linkId: row.id,
    envId: row.env_id,
    organizationId: row.organization_id,
    mode: row.mode,
    customer: row.customer,
    allowsPlanChange: row.allows_plan_change,
    returnUrl: row.return_url,
    expiresAt: row.expires_at,
    environmentNow: (systemNow) => frozenAt ?? new Date(systemNow.getTime() + offsetMs),
  }
}
