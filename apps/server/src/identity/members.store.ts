import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Mode } from './api-key.ts'
import type { Role } from './roles.ts'

/** An organization as one of its members sees it. */
export type Membership = {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly environments: readonly {
    readonly mode: Mode
    readonly clock: { readonly offsetMs: number; readonly frozenAt: Date | null }
  }[]
}

/** What the person is in the organization; null for who is no member, or when it is being deleted. */
// tidy: all environments — members belong to the organization above them
export async function selectRole(
  tx: Tx,
  organizationId: string,
  userId: string,
): Promise<Role | null> {
  const row = await tx
    .selectFrom('members')
    .innerJoin('organizations', 'organizations.id', 'members.organization_id')
    .where('members.organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .where('organizations.deleted_at', 'is', null)
    .select('role')
    .executeTakeFirst()
  return row ? (row.role as Role) : null
}

/** The organizations of a person, by name, each with its environments: live, then test. */
// tidy: all environments — members belong to the organization above them
export async function selectMemberships(tx: Tx, userId: string): Promise<Membership[]> {
  const { rows } = await sql<MembershipRow>`
    select o.id, o.name, m.role, e.mode, c.offset_ms, c.frozen_at
    from members m
      join organizations o on o.id = m.organization_id and o.deleted_at is null
      join environments e on e.organization_id = o.id
      join environment_clocks c using (env_id)
    where m.user_id = ${userId}
    order by o.name, o.id, e.mode`.execute(tx)
  const byId = new Map<string, Membership>()
  for (const { id, name, role, mode, ...clock } of rows) {
    const { environments = [] } = byId.get(id) ?? {}
    const environment = {
      mode,
      clock: { offsetMs: Number(clock.offset_ms), frozenAt: clock.frozen_at },
    }
    byId.set(id, { id, name, role, environments: [...environments, environment] })
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

type MembershipRow = {
  id: string
  name: string
  role: Role
  mode: Mode
  offset_ms: string
  frozen_at: Date | null
}
