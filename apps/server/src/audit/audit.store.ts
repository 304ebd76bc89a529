import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Change } from '../platform/http/note-change.ts'
import type { AuditEntry, AuditFilter } from './audit-entry.ts'

// tidy: all environments — the log belongs to the organization above them
export async function insertAuditEntry(
  tx: Tx,
  entry: Omit<Change, 'sent'> & { readonly id: string; readonly detail: string },
): Promise<void> {
  await sql`
    with entry as (
      insert into audit_entries
        (organization_id, id, env_id, at, actor_kind, actor_id, action, target, request_id, detail)
      values (${entry.organizationId}, ${entry.id}, ${entry.envId}, ${entry.at}, ${entry.actor.kind},
        ${entry.actor.id}, ${entry.action}, ${entry.target}, ${entry.requestId}, ${entry.detail})
    )
    insert into audit_unsealed (organization_id, entry_id) values (${entry.organizationId}, ${entry.id})`.execute(
    tx,
  )
}

/** The latest first; `before` is the entry at which the page before ended. */
// tidy: all environments — the log belongs to the organization above them
export async function selectAuditEntries(
  tx: Tx,
  organizationId: string,
  filter: AuditFilter,
  page: { readonly limit: number; readonly before: readonly [at: string, id: string] | null },
): Promise<AuditEntry[]> {
  const [beforeAt, beforeId] = page.before ?? [null, null]
  const { rows } = await sql<Row>`
    select a.organization_id, a.id, e.mode, a.at, a.actor_kind, a.actor_id, coalesce(u.email, k.name) as actor_name,
      a.action, a.target, a.request_id, a.detail, s.position
    from audit_entries a
      left join users u on a.actor_kind = 'user' and u.id = a.actor_id
      left join api_keys k on a.actor_kind = 'key' and k.id = a.actor_id
      left join environments e on e.env_id = a.env_id
      left join audit_seals s on s.organization_id = a.organization_id and s.entry_id = a.id
    where a.organization_id = ${organizationId}
      and (${beforeAt}::timestamptz is null or (a.at, a.id) < (${beforeAt}, ${beforeId}))
      and (${filter.actor}::text is null or a.actor_id = ${filter.actor})
      and (${filter.target}::text is null or a.target = ${filter.target})
      and (${filter.action}::text is null or strpos(a.action, ${filter.action}) > 0)
      and (${filter.from}::timestamptz is null or a.at >= ${filter.from})
      and (${filter.to}::timestamptz is null or a.at < ${filter.to})
    order by a.at desc, a.id desc
    limit ${page.limit}`.execute(tx)
  return rows.map(fromRow)
}

type Row = {
  organization_id: string
  id: string
  mode: 'live' | 'test' | null
  at: Date
  actor_kind: string
  actor_id: string
  actor_name: string | null
  action: string
  target: string | null
  request_id: string
  detail: unknown
  position: string | null
}

function fromRow(row: Row): AuditEntry {
  return {
    organizationId: row.organization_id,
    id: row.id,
    mode: row.mode,
    at: row.at,
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    action: row.action,
    target: row.target,
    requestId: row.request_id,
    detail: row.detail,
    position: row.position,
  }
}
