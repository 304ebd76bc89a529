import { z } from 'zod'
import { memberRoute } from '../platform/http/account-route.ts'
import { instantText } from '../platform/http/fields.ts'
import type { Route } from '../platform/http/route.ts'
import { changeRole, leave, removeMember, transfer } from './change-members.ts'
import { selectMembers } from './members.store.ts'
import { ofOrganization } from './organizations.routes.ts'
import { ROLES } from './roles.ts'
import { failures } from './session-failures.ts'
import { type BoundMembers, signOutBoundBy } from './sign-out-bound.ts'

const { memberUnknown, lastOwner, roleAboveYou } = failures
const BASE = '/api/v1/organizations/:organizationId'
const ofMember = ofOrganization.extend({ userId: z.string() })
const roleReply = z.object({ userId: z.string(), role: z.enum(ROLES) })
const endReply = z.object({ userId: z.string(), removed: z.literal(true) })

const membersReply = z.object({
  data: z.array(
    z.object({
      userId: z.string(),
      email: z.string(),
      name: z.string(),
      role: z.enum(ROLES),
      joinedAt: instantText,
    }),
  ),
})

type Deps = { readonly boundMembers: BoundMembers }

/** Who belongs to an organization, and as what. */
export function membersRoutes(deps: Deps): Route[] {
  return [listRoute(), changeRoute(deps), removeRoute(), leaveRoute(), transferRoute(deps)]
}

function listRoute(): Route {
  return memberRoute({
    method: 'GET',
    path: `${BASE}/members`,
    tag: 'Organizations',
    summary: 'List the members',
    access: 'members:read',
    params: ofOrganization,
    replies: { 200: membersReply },
    async handle({ tx, member }) {
      const members = await selectMembers(tx, member.organizationId)
      const data = members.map((one) => ({ ...one, joinedAt: one.joinedAt.toISOString() }))
      return { status: 200, body: { data } }
    },
  })
}

function changeRoute({ boundMembers }: Deps): Route {
  return memberRoute({
    method: 'PATCH',
    path: `${BASE}/members/:userId`,
    tag: 'Organizations',
    summary: 'Give a member another role',
    description: 'Nobody gives or takes a role above their own, and there is always an OWNER.',
    access: 'members:write',
    params: ofMember,
    body: z.strictObject({ role: z.enum(ROLES) }),
    replies: { 200: roleReply },
    failures: [memberUnknown, lastOwner, roleAboveYou],
    async handle({ tx, member, person, params: { userId }, body: { role } }) {
      const { organizationId } = member
      await signOutBoundBy(tx, organizationId, boundMembers, () =>
        changeRole(tx, { organizationId, actorId: person.userId }, userId, role),
      )
      return { status: 200, body: { userId, role } }
    },
  })
}

function removeRoute(): Route {
  return memberRoute({
    method: 'DELETE',
    path: `${BASE}/members/:userId`,
    tag: 'Organizations',
    summary: 'Remove a member, at once',
    description: 'API keys that they made go on working: rotate the ones they have seen.',
    access: 'members:write',
    params: ofMember,
    replies: { 200: endReply },
    failures: [memberUnknown, lastOwner, roleAboveYou],
    async handle({ tx, member, person, params: { userId }, systemNow }) {
      const { organizationId } = member
      await removeMember(tx, { organizationId, actorId: person.userId }, userId, systemNow)
      return { status: 200, body: { userId, removed: true } }
    },
  })
}

function leaveRoute(): Route {
  return memberRoute({
    method: 'POST',
    path: `${BASE}/leave`,
    tag: 'Organizations',
    summary: 'Leave an organization',
    description:
      'Invitations of the organization to your address end too: only a new one lets you back in.',
    access: 'organization:read',
    params: ofOrganization,
    replies: { 200: endReply },
    failures: [lastOwner],
    async handle({ tx, member: { organizationId }, person: { userId }, systemNow }) {
      await leave(tx, { organizationId, actorId: userId }, systemNow)
      return { status: 200, body: { userId, removed: true } }
    },
  })
}

function transferRoute({ boundMembers }: Deps): Route {
  return memberRoute({
    method: 'POST',
    path: `${BASE}/transfer`,
    tag: 'Organizations',
    summary: 'Hand an organization to another member',
    description: 'They become OWNER, you become ADMIN.',
    access: 'organization:own',
    params: ofOrganization,
    body: z.strictObject({ userId: z.string() }),
    replies: { 200: roleReply },
    failures: [memberUnknown, roleAboveYou],
    async handle({ tx, member: { organizationId }, person, body: { userId } }) {
      await signOutBoundBy(tx, organizationId, boundMembers, () =>
        transfer(tx, { organizationId, actorId: person.userId }, userId),
      )
      return { status: 200, body: { userId, role: 'OWNER' } }
    },
  })
}
