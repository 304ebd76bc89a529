import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Mode } from './api-key.ts'
import type { Role } from './roles.ts'

/** An organization as one of its members sees it. */
export type Membership = {
  readonly id: string
  readonly name: string
  readonly role: Role
  /** When it is erased; null: nobody has deleted it. */
  readonly eraseAt: Date | null
  readonly environments: readonly {
    readonly mode: Mode
    readonly clock: { readonly offsetMs: number; readonly frozenAt: Date | null }
  }[]
}

/** What the person is in the organization; null for who is no member. */
// tidy: all environments — members belong to the organization above them
export async function selectRole(
  tx: Tx,
  organizationId: string,
  userId: string,
): Promise<Role | null> {
  const row = await tx
    .selectFrom('members')
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .select('role')
    .executeTakeFirst()
  return row ? (row.role as Role) : null
}

/** The organizations of a person, by name, each with its environments: live, then test. */
// tidy: all environments — members belong to the organization above them
export async function selectMemberships(tx: Tx, userId: string): Promise<Membership[]> {
  const { rows } = await sql<MembershipRow>`
    select o.id, o.name, o.erase_at, m.role, e.mode, c.offset_ms, c.frozen_at
    from members m
      join organizations o on o.id = m.organization_id
      join environments e on e.organization_id = o.id
      join environment_clocks c using (env_id)
    where m.user_id = ${userId}
    order by o.name, o.id, e.mode`.execute(tx)
  const byId = new Map<string, Membership>()
  for (const { id, name, role, mode, erase_at: eraseAt, ...clock } of rows) {
    const { environments = [] } = byId.get(id) ?? {}
    const environment = {
      mode,
      clock: { offsetMs: Number(clock.offset_ms), frozenAt: clock.frozen_at },
    }
    byId.set(id, { id, name, role, eraseAt, environments: [...environments, environment] })
  }
  return [...byId.values()]
}

// tidy: all environments — members belong to the organization above them
export async function insertMember(
  tx: Tx,
  member: { organizationId: string; userId: string; role: Role; joinedAt: Date },
): Promise<void> {
  await tx
    .insertInto('members')
    .values({
      organization_id: member.organizationId,
      user_id: member.userId,
      role: member.role,
      joined_at: member.joinedAt,
    })
    .execute()
}

/** The id of the account with this address, or null. */
// tidy: all environments — people stand above organizations
export async function selectUserIdOf(tx: Tx, email: string): Promise<string | null> {
  const row = await tx
    .selectFrom('users')
    .where('email', '=', email.toLowerCase())
    .select('id')
    .executeTakeFirst()
  return row?.id ?? null
}

/** A member as the others see them. */
export type OrganizationMember = {
  readonly userId: string
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly joinedAt: Date
}

/** Whoever changes who belongs to the organization, and as what, does so alone. */
// tidy: all environments — members belong to the organization above them
export async function lockOrganization(tx: Tx, organizationId: string): Promise<void> {
  await sql`select from organizations where id = ${organizationId} for update`.execute(tx)
}

/** The members, the first to join first. */
// tidy: all environments — members belong to the organization above them
export async function selectMembers(tx: Tx, organizationId: string): Promise<OrganizationMember[]> {
  const rows = await tx
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .where('organization_id', '=', organizationId)
    .select(['user_id', 'email', 'name', 'role', 'joined_at'])
    .orderBy('joined_at')
    .orderBy('user_id')
    .execute()
  return rows.map((row) => ({
    userId: row.user_id,
    email: row.email,
    name: row.name,
    role: row.role as Role,
    joinedAt: row.joined_at,
  }))
}

// tidy: all environments — members belong to the organization above them
export async function countOwners(tx: Tx, organizationId: string): Promise<number> {
  const { owners } = await tx
    .selectFrom('members')
    .where('organization_id', '=', organizationId)
    .where('role', '=', 'OWNER')
    .select(({ fn }) => fn.countAll().as('owners'))
    .executeTakeFirstOrThrow()
  return Number(owners)
}

// tidy: all environments — members belong to the organization above them
export async function updateRole(
  tx: Tx,
  organizationId: string,
  userId: string,
  role: Role,
): Promise<void> {
  await tx
    .updateTable('members')
    .set({ role })
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .execute()
}

// tidy: all environments — members belong to the organization above them
export async function deleteMember(tx: Tx, organizationId: string, userId: string): Promise<void> {
  await tx
    .deleteFrom('members')
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .execute()
}

type MembershipRow = {
  id: string
  name: string
  erase_at: Date | null
  role: Role
  mode: Mode
  offset_ms: string
  frozen_at: Date | null
}
