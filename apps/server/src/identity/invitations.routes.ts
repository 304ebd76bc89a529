import { z } from 'zod'
import type { Tx } from '../platform/db/transaction.ts'
import { memberRoute, personRoute, publicRoute } from '../platform/http/account-route.ts'
import type { Person } from '../platform/http/caller.ts'
import { instantText, textField } from '../platform/http/fields.ts'
import type { Route } from '../platform/http/route.ts'
import { writeMail } from '../platform/mail/mail.ts'
import type { Sealer } from '../platform/secrets/seal.ts'
import { findOrganization } from './create-organization.ts'
import { type Invitation, selectUnanswered } from './invitations.store.ts'
import {
  accept,
  findOpenInvitation,
  invite,
  type NewInvitation,
  resendInvitation,
  revokeInvitation,
} from './invite.ts'
import { selectMembers } from './members.store.ts'
import { ofOrganization } from './organizations.routes.ts'
import type { PublicPlace } from './origins.ts'
import { invitationLink, invitationMail } from './people-mails.ts'
import { ROLES } from './roles.ts'
import { failures } from './session-failures.ts'
import type { BoundMembers } from './sign-out-bound.ts'

const BASE = '/api/v1/organizations/:organizationId/invitations'
const { memberAlready, roleAboveYou } = failures

const invitationReply = z.object({
  id: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  invitedBy: z.string(),
  createdAt: instantText,
  expiresAt: instantText,
})

const newInvitationReply = invitationReply.extend({
  link: z.string().meta({
    description: 'What the message says too, for another way to them. Shown for the only time',
  }),
})

type Deps = {
  readonly sealer: Sealer
  readonly boundMembers: BoundMembers
  place(): PublicPlace
}

/** Invitations: to one address, for seven days, good once. */
export function invitationsRoutes(deps: Deps): Route[] {
  return [
    inviteRoute(deps),
    listRoute(),
    resendRoute(deps),
    revokeRoute(),
    lookRoute(),
    acceptRoute(deps),
  ]
}

function inviteRoute(deps: Deps): Route {
  return memberRoute({
    method: 'POST',
    path: BASE,
    tag: 'Organizations',
    summary: 'Invite somebody by e-mail',
    access: 'members:write',
    params: ofOrganization,
    body: z.strictObject({ email: z.email().max(320), role: z.enum(ROLES) }),
    replies: { 201: newInvitationReply },
    failures: [memberAlready, roleAboveYou, failures.invitationOpen],
    async handle({ tx, member: { organizationId }, person, body, systemNow }) {
      const by = { organizationId, actorId: person.userId }
      const made = await invite(tx, by, body, systemNow)
      return { status: 201, body: await send(deps, tx, made, { person, systemNow }) }
    },
  })
}

function resendRoute(deps: Deps): Route {
  return memberRoute({
    method: 'POST',
    path: `${BASE}/:invitationId/resend`,
    tag: 'Organizations',
    summary: 'Send an invitation again, for another seven days',
    description: 'Its link so far ends. It gives nothing that you could not give.',
    access: 'members:write',
    params: ofOrganization.extend({ invitationId: z.string() }),
    replies: { 200: newInvitationReply },
    failures: [failures.invitationUnknown, roleAboveYou],
    async handle({ tx, member: { organizationId }, person, params: { invitationId }, systemNow }) {
      const by = { organizationId, actorId: person.userId }
      const made = await resendInvitation(tx, by, invitationId, systemNow)
      return { status: 200, body: await send(deps, tx, made, { person, systemNow }) }
    },
  })
}

async function send(
  { sealer, place }: Deps,
  tx: Tx,
  { invitation, token }: NewInvitation,
  { person, systemNow }: { readonly person: Person; readonly systemNow: Date },
) {
  const { name } = await findOrganization(tx, invitation.organizationId)
  const mail = invitationMail(invitation.email, token, {
    ...{ place: place(), organization: name, inviter: person.name },
  })
  await writeMail(tx, mail, { sealer, systemNow })
  return { ...toReply(invitation), link: invitationLink(place(), token) }
}

function listRoute(): Route {
  return memberRoute({
    method: 'GET',
    path: BASE,
    tag: 'Organizations',
    summary: 'List the invitations that nobody has accepted yet',
    access: 'members:read',
    params: ofOrganization,
    replies: { 200: z.object({ data: z.array(invitationReply) }) },
    async handle({ tx, member }) {
      const invitations = await selectUnanswered(tx, member.organizationId)
      return { status: 200, body: { data: invitations.map(toReply) } }
    },
  })
}

function revokeRoute(): Route {
  return memberRoute({
    method: 'DELETE',
    path: `${BASE}/:invitationId`,
    tag: 'Organizations',
    summary: 'Take an invitation back',
    access: 'members:write',
    params: ofOrganization.extend({ invitationId: z.string() }),
    replies: { 200: z.object({ id: z.string(), revoked: z.literal(true) }) },
    failures: [failures.invitationUnknown, roleAboveYou],
    async handle({ tx, member: { organizationId }, person, params: { invitationId }, systemNow }) {
      const by = { organizationId, actorId: person.userId }
      await revokeInvitation(tx, by, invitationId, systemNow)
      return { status: 200, body: { id: invitationId, revoked: true } }
    },
  })
}

/** Whoever has the token was sent it, or got it from who was: it says no more than the message did. */
function lookRoute(): Route {
  return publicRoute({
    method: 'GET',
    path: '/api/v1/invitation',
    tag: 'Organizations',
    summary: 'Read what an invitation is to',
    description: 'Send its token in `UsageFlow-Invitation`.',
    replies: {
      200: z.object({
        organization: z.string(),
        inviter: z.string().nullable().meta({ description: 'null: they have left since' }),
        email: z.string(),
        role: z.enum(ROLES),
        expiresAt: instantText,
      }),
    },
    failures: [failures.invitationRefused],
    async handle({ tx, headers, systemNow }) {
      const token = String(headers['usageflow-invitation'])
      const found = await findOpenInvitation(tx, token, systemNow)
      const { name } = await findOrganization(tx, found.organizationId)
      const members = await selectMembers(tx, found.organizationId)
      const inviter = members.find(({ userId }) => userId === found.invitedBy)?.name ?? null
      const { email, role, expiresAt } = found
      const body = { organization: name, inviter, email, role, expiresAt: expiresAt.toISOString() }
      return { status: 200, body }
    },
  })
}

function acceptRoute({ boundMembers }: Deps): Route {
  return personRoute({
    method: 'POST',
    path: '/api/v1/invitations/accept',
    tag: 'Organizations',
    summary: 'Accept an invitation',
    description:
      'Signed in with the address it was sent to. Where sign-up is closed, the token also lets that address make an account: send it in `UsageFlow-Invitation` with the sign-up.',
    body: z.strictObject({ token: textField(100) }),
    replies: { 200: z.object({ organizationId: z.string(), role: z.enum(ROLES) }) },
    failures: [failures.invitationRefused, failures.invitationOfAnother, memberAlready],
    async handle({ tx, person, body: { token }, systemNow }) {
      const by = { token, boundMembers }
      const { organizationId, role } = await accept(tx, person, by, systemNow)
      return { status: 200, body: { organizationId, role }, organizationId }
    },
  })
}

function toReply({ id, email, role, invitedBy, createdAt, expiresAt }: Invitation) {
  return {
    ...{ id, email, role, invitedBy },
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }
}
