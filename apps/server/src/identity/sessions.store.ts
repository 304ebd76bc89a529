import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Person } from '../platform/http/caller.ts'
import type { Mode } from './api-key.ts'
import type { Role } from './roles.ts'

/** A session as its owner sees it. */
export type Session = {
  readonly id: string
  readonly createdAt: Date
  readonly lastSeenAt: Date
  readonly expiresAt: Date
  readonly ipAddress: string | null
  readonly userAgent: string | null
}

/** An environment as a member reaches it. */
export type Reached = {
  readonly envId: number
  readonly mode: Mode
  readonly organizationId: string
  readonly role: Role
  readonly refusesUnknownMeters: boolean
  readonly clock: { readonly offsetMs: number; readonly frozenAt: Date | null }
  /** When the organization is erased; null: nobody has deleted it. */
  readonly eraseAt: Date | null
}

/** Who has the valid session with this stored token, or null. Notes its use, at most once a minute. */
// tidy: all environments — a person stands above environments
export async function selectPersonInUse(
  tx: Tx,
  storedToken: string,
  times: { readonly now: Date; readonly idleSince: Date },
): Promise<Person | null> {
  const { rows } = await sql<PersonRow>`
    select s.id as session_id, u.id, u.email, u.name, u.email_verified, u.two_factor_enabled,
      coalesce(s.last_seen_at < ${times.now}::timestamptz - interval '1 minute', true) as use_is_news
    from sessions s join users u on u.id = s.user_id
    where s.token = ${storedToken} and s.expires_at > ${times.now}
      and coalesce(s.last_seen_at, s.created_at) > ${times.idleSince}`.execute(tx)
  const [row] = rows
  if (!row) return null
  if (row.use_is_news) await noteUse(tx, row.session_id, times.now)
  return {
    userId: row.id,
    sessionId: row.session_id,
    email: row.email,
    name: row.name,
    emailVerified: row.email_verified,
    twoFactor: row.two_factor_enabled,
  }
}

/** Skips a session that another request writes at this moment: authentication never waits for a lock. */
// tidy: all environments — as above
async function noteUse(tx: Tx, sessionId: string, now: Date): Promise<void> {
  await sql`
    update sessions set last_seen_at = ${now}
    where id = (select id from sessions where id = ${sessionId} for update skip locked)`.execute(tx)
}

/** The environment of the organization, if the person is its member. */
export async function selectReached(
  tx: Tx,
  of: { readonly userId: string; readonly organizationId: string; readonly mode: Mode },
): Promise<Reached | null> {
  const { rows } = await sql<ReachedRow>`
    select e.env_id, e.mode, e.organization_id, m.role, e.unknown_meters, c.offset_ms, c.frozen_at,
      o.erase_at
    from members m
      join environments e on e.organization_id = m.organization_id and e.mode = ${of.mode}
      join environment_clocks c using (env_id)
      join organizations o on o.id = m.organization_id
    where m.user_id = ${of.userId} and m.organization_id = ${of.organizationId}`.execute(tx)
  const [row] = rows
  if (!row) return null
  return {
    envId: row.env_id,
    mode: row.mode,
    organizationId: row.organization_id,
    role: row.role,
    refusesUnknownMeters: row.unknown_meters === 'refuse',
    clock: { offsetMs: Number(row.offset_ms), frozenAt: row.frozen_at },
    eraseAt: row.erase_at,
  }
}

// tidy: all environments — a person stands above environments
export async function updateUserName(
  tx: Tx,
  userId: string,
  name: string,
  now: Date,
): Promise<void> {
  await tx.updateTable('users').set({ name, updated_at: now }).where('id', '=', userId).execute()
}

/** The sessions of a person that are still valid, the latest first. */
// tidy: all environments — a person stands above environments
export async function selectSessions(
  tx: Tx,
  userId: string,
  times: { readonly now: Date; readonly idleSince: Date },
): Promise<Session[]> {
  const rows = await tx
    .selectFrom('sessions')
    .where('user_id', '=', userId)
    .where('expires_at', '>', times.now)
    .where(({ eb, fn }) => eb(fn.coalesce('last_seen_at', 'created_at'), '>', times.idleSince))
    .select(['id', 'created_at', 'last_seen_at', 'expires_at', 'ip_address', 'user_agent'])
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at ?? row.created_at,
    expiresAt: row.expires_at,
    ipAddress: row.ip_address || null,
    userAgent: row.user_agent || null,
  }))
}

/** Ends one session of the person, or with `exceptId` all others. Returns how many there were. */
// tidy: all environments — a person stands above environments
export async function deleteSessions(
  tx: Tx,
  userId: string,
  which: { readonly id: string } | { readonly exceptId: string },
): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .$if('id' in which, (query) => query.where('id', '=', 'id' in which ? which.id : ''))
    .$if('exceptId' in which, (query) =>
      query.where('id', '<>', 'exceptId' in which ? which.exceptId : ''),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** Ends the session with this stored token, if there is one. */
// tidy: all environments — a person stands above environments
export async function deleteSession(tx: Tx, stored: string): Promise<void> {
  await tx.deleteFrom('sessions').where('token', '=', stored).execute()
}

/** Of everybody: housekeeping. What has ended is of no more use to anybody. */
// tidy: all environments — a person stands above environments
export async function deleteEndedSessions(
  tx: Tx,
  times: { readonly now: Date; readonly idleSince: Date },
): Promise<void> {
  await sql`delete from sessions
    where expires_at <= ${times.now} or coalesce(last_seen_at, created_at) <= ${times.idleSince}`.execute(
    tx,
  )
  await sql`delete from verifications where expires_at <= ${times.now}`.execute(tx)
}

type PersonRow = {
  session_id: string
  id: string
  email: string
  name: string
  email_verified: boolean
  two_factor_enabled: boolean
  use_is_news: boolean
}

type ReachedRow = {
  env_id: number
  mode: Mode
  organization_id: string
  role: Role
  unknown_meters: string
  offset_ms: string
  frozen_at: Date | null
  erase_at: Date | null
}
