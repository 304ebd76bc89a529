import type { Member, Role } from '../../api/organization.ts'

/** The mightiest first. */
export const ROLES: readonly { readonly role: Role; readonly may: string }[] = [
  { role: 'OWNER', may: 'Everything, and hands the organization over.' },
  { role: 'ADMIN', may: 'Everything else: charges, settings, members, the audit log.' },
  {
    role: 'DEVELOPER',
    may: 'Sends usage, changes meters, plans, customers and webhooks, and makes API keys.',
  },
  { role: 'VIEWER', may: 'Sees it all, and changes nothing.' },
]

const rankOf = (role: Role): number => ROLES.findIndex((one) => one.role === role)

/** Why somebody who is `mine` may neither give nor take the role; null: they may. */
export function whyNotGrant(mine: Role, role: Role): string | null {
  return rankOf(mine) <= rankOf(role)
    ? null
    : `Only somebody who is ${role} can give or take the role ${role}.`
}

/** Why the role of this member cannot be taken from them as things are; null: it can. */
export function whyNotTake(
  mine: Role,
  member: Pick<Member, 'role'>,
  members: readonly Pick<Member, 'role'>[],
): string | null {
  return whyNotGrant(mine, member.role) ?? whyNotLeave(member, members)
}

/** Why this member has to stay, whoever asks; null: they need not. */
export function whyNotLeave(
  { role }: Pick<Member, 'role'>,
  members: readonly Pick<Member, 'role'>[],
): string | null {
  const owners = members.filter((member) => member.role === 'OWNER').length
  return role === 'OWNER' && owners < 2
    ? 'This is the only OWNER. Make somebody else OWNER first.'
    : null
}
