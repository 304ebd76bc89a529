import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Connection } from './connection.ts'

// tidy: all environments — a connection belongs to the organization above them
export async function selectConnection(tx: Tx, organizationId: string): Promise<Connection | null> {
  const row = await tx
    .selectFrom('sign_on_connections')
    .where('organization_id', '=', organizationId)
    .selectAll()
    .executeTakeFirst()
  return row ? toConnection(row) : null
}

/** The enabled connection of an organization that is not deleted, by its id or one of its domains. */
// tidy: all environments — as above
export async function selectOpenConnection(
  tx: Tx,
  by: { readonly organizationId: string } | { readonly domain: string },
): Promise<Connection | null> {
  const isOne =
    'domain' in by
      ? sql`c.organization_id = (select organization_id from sign_on_domains where domain = ${by.domain})`
      : sql`c.organization_id = ${by.organizationId}`
  const { rows } = await sql<ConnectionRow>`
    select c.* from sign_on_connections c join organizations o on o.id = c.organization_id
    where ${isOne} and c.enabled and o.erase_at is null`.execute(tx)
  return rows[0] ? toConnection(rows[0]) : null
}

/** Makes or changes it. Whoever is at the issuer at this moment begins again. */
// tidy: all environments — as above
export async function upsertConnection(tx: Tx, connection: Connection): Promise<void> {
  const values = {
    issuer: connection.issuer,
    client_id: connection.clientId,
    sealed_secret: connection.sealedSecret,
    role: connection.role,
    enabled: connection.enabled,
    enforced: connection.enforced,
    changed_at: connection.changedAt,
  }
  const { organizationId: organization_id } = connection
  await tx
    .insertInto('sign_on_connections')
    .values({ organization_id, ...values })
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet(values))
    .execute()
  await tx.deleteFrom('sign_on_attempts').where('organization_id', '=', organization_id).execute()
}

/** Returns whether there was one. Its identities and attempts go with it. */
// tidy: all environments — as above
export async function deleteConnection(tx: Tx, organizationId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('sign_on_connections')
    .where('organization_id', '=', organizationId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** The domains that the organization speaks for, by name. */
// tidy: all environments — as above
export async function selectDomains(tx: Tx, organizationId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('sign_on_domains')
    .where('organization_id', '=', organizationId)
    .select('domain')
    .orderBy('domain')
    .execute()
  return rows.map(({ domain }) => domain)
}

/** Gives the domain to the organization unless somebody has it. Returns whose it is then. */
// tidy: all environments — as above
export async function insertDomain(
  tx: Tx,
  domain: string,
  { organizationId, allowedAt }: { readonly organizationId: string; readonly allowedAt: Date },
): Promise<string> {
  await tx
    .insertInto('sign_on_domains')
    .values({ domain, organization_id: organizationId, allowed_at: allowedAt })
    .onConflict((conflict) => conflict.column('domain').doNothing())
    .execute()
  const row = await tx
    .selectFrom('sign_on_domains')
    .where('domain', '=', domain)
    .select('organization_id')
    .executeTakeFirstOrThrow()
  return row.organization_id
}

// tidy: all environments — as above
export async function deleteDomain(
  tx: Tx,
  organizationId: string,
  domain: string,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('sign_on_domains')
    .where('organization_id', '=', organizationId)
    .where('domain', '=', domain)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/**
 * The members whom an enforced connection binds: those with an address of its domains, but no OWNER,
 * who could otherwise not repair what locks everybody out.
 */
const BOUND = sql`
  members m
    join users u on u.id = m.user_id
    join sign_on_connections c on c.organization_id = m.organization_id and c.enabled and c.enforced
    join sign_on_domains d
      on d.organization_id = m.organization_id and d.domain = split_part(u.email, '@', -1)
    join organizations o on o.id = m.organization_id and o.erase_at is null
  where m.role <> 'OWNER'`

/** The organization that binds the person to its issuer; null: none does. */
// tidy: all environments — as above
export async function selectBinding(tx: Tx, userId: string): Promise<string | null> {
  const { rows } = await sql<{ organization_id: string }>`
    select m.organization_id from ${BOUND} and m.user_id = ${userId}
    order by m.joined_at, m.organization_id limit 1`.execute(tx)
  return rows[0]?.organization_id ?? null
}

/** The members whom the organization binds to its issuer. */
// tidy: all environments — as above
export async function selectBound(tx: Tx, organizationId: string): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`
    select m.user_id from ${BOUND} and m.organization_id = ${organizationId}`.execute(tx)
  return rows.map((row) => row.user_id)
}

type ConnectionRow = {
  organization_id: string
  issuer: string
  client_id: string
  sealed_secret: Buffer
  role: string
  enabled: boolean
  enforced: boolean
  changed_at: Date
}

function toConnection(row: ConnectionRow): Connection {
  return {
    organizationId: row.organization_id,
    issuer: row.issuer,
    clientId: row.client_id,
    sealedSecret: row.sealed_secret,
    role: row.role as Connection['role'], // a check of the table
    enabled: row.enabled,
    enforced: row.enforced,
    changedAt: row.changed_at,
  }
}
