import { z } from 'zod'
import { type AccountRoute, personRoute, publicRoute } from '../platform/http/account-route.ts'
import { instantText, textField } from '../platform/http/fields.ts'
import type { Route } from '../platform/http/route.ts'
import { latestMails } from '../platform/mail/mail.ts'
import type { Sealer } from '../platform/secrets/seal.ts'
import { sessionTimes } from './authenticate-session.ts'
import { failures as nameFailures } from './failures.ts'
import { awaitsFirstOwner } from './first-owner.ts'
import { type Membership, selectMemberships } from './members.store.ts'
import { isName } from './name.ts'
import { isAskedHere, type PublicPlace } from './origins.ts'
import { PERMISSIONS, ROLES } from './roles.ts'
import { failures } from './session-failures.ts'
import { deleteSessions, selectSessions, updateUserName } from './sessions.store.ts'
import type { SignUpMode } from './sign-up.ts'

export type SessionRoutesDeps = {
  readonly sealer: Sealer
  readonly signUp: SignUpMode
  /** Whether messages go to people; otherwise they stand in the log and the outbox. */
  readonly hasMailServer: boolean
  place(): PublicPlace
}

const OUTBOX_SHOWN = 50

const serverReply = z.object({
  signUp: z.enum(['open', 'closed', 'first_owner']),
  mail: z.enum(['sent', 'outbox']),
})

const sessionReply = z.object({
  user: z.object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    emailVerified: z.boolean(),
    twoFactor: z.boolean(),
  }),
  session: z.object({ id: z.string() }),
  organizations: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      role: z.enum(ROLES),
      permissions: z.array(z.string()),
      eraseAt: instantText
        .nullable()
        .meta({ description: 'null: nobody has deleted it. Until then an OWNER can restore it' }),
      environments: z.array(z.object({ mode: z.enum(['live', 'test']), now: instantText })),
    }),
  ),
  server: serverReply,
})

/** Who has signed in, what the sign-in page offers, and the sessions of a person. */
export function sessionRoutes(deps: SessionRoutesDeps): Route[] {
  const server = (isFirst: boolean) => ({
    signUp: isFirst ? 'first_owner' : deps.signUp,
    mail: deps.hasMailServer ? 'sent' : 'outbox',
  })
  return [
    publicRoute({
      method: 'GET',
      path: '/api/v1/sign-in-options',
      tag: 'Session',
      summary: 'What the sign-in page offers',
      description:
        'While `signUp` is `first_owner` nobody has an account: the first sign-up takes the token that the server printed on its first start, in `UsageFlow-First-Owner-Token`. Accounts are made, and sessions begun and ended, below `/api/auth`.',
      replies: { 200: serverReply },
      handle: async ({ tx }) => ({ status: 200, body: server(await awaitsFirstOwner(tx)) }),
    }),
    personRoute({
      method: 'GET',
      path: '/api/v1/session',
      tag: 'Session',
      summary: 'Who has signed in, and what they may do where',
      replies: { 200: sessionReply },
      async handle({ tx, person, systemNow }) {
        const { userId: id, sessionId, ...rest } = person
        const memberships = await selectMemberships(tx, id)
        const organizations = memberships.map((one) => organizationReply(one, systemNow))
        const body = { user: { id, ...rest }, session: { id: sessionId }, organizations }
        return { status: 200, body: { ...body, server: server(false) } }
      },
    }),
    renameRoute(),
    ...ownSessions(),
    outboxRoute(deps),
  ]
}

function organizationReply({ id, name, role, eraseAt, environments }: Membership, systemNow: Date) {
  return {
    ...{ id, name, role },
    permissions: [...PERMISSIONS[role]],
    eraseAt: eraseAt?.toISOString() ?? null,
    environments: environments.map(({ mode, clock }) => {
      const now = clock.frozenAt ?? new Date(systemNow.getTime() + clock.offsetMs)
      return { mode, now: now.toISOString() }
    }),
  }
}

function renameRoute(): AccountRoute {
  return personRoute({
    method: 'PATCH',
    path: '/api/v1/session/user',
    tag: 'Session',
    summary: 'Change how others read your name',
    body: z.strictObject({ name: textField(200) }),
    replies: { 200: z.object({ id: z.string(), name: z.string() }) },
    failures: [nameFailures.nameMalformed],
    async handle({ tx, person: { userId: id }, body: { name }, systemNow }) {
      if (!isName(name)) throw nameFailures.nameMalformed()
      await updateUserName(tx, id, name, systemNow)
      return { status: 200, body: { id, name } }
    },
  })
}

const sessionsReply = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      isCurrent: z.boolean(),
      createdAt: instantText,
      lastSeenAt: instantText,
      expiresAt: instantText,
      ipAddress: z.string().nullable(),
      userAgent: z.string().nullable(),
    }),
  ),
})

function ownSessions(): AccountRoute[] {
  return [
    personRoute({
      method: 'GET',
      path: '/api/v1/sessions',
      tag: 'Session',
      summary: 'Where you are signed in',
      replies: { 200: sessionsReply },
      async handle({ tx, person, systemNow }) {
        const sessions = await selectSessions(tx, person.userId, sessionTimes(systemNow))
        const data = sessions.map(({ createdAt, lastSeenAt, expiresAt, ...session }) => ({
          ...session,
          isCurrent: session.id === person.sessionId,
          createdAt: createdAt.toISOString(),
          lastSeenAt: lastSeenAt.toISOString(),
          expiresAt: expiresAt.toISOString(),
        }))
        return { status: 200, body: { data } }
      },
    }),
    personRoute({
      method: 'DELETE',
      path: '/api/v1/sessions/:sessionId',
      tag: 'Session',
      summary: 'End one of your sessions, at once',
      params: z.strictObject({ sessionId: z.string() }),
      replies: { 200: z.object({ ended: z.int() }) },
      failures: [failures.sessionUnknown],
      async handle({ tx, person, params: { sessionId } }) {
        const ended = await deleteSessions(tx, person.userId, { id: sessionId })
        if (ended === 0) throw failures.sessionUnknown(sessionId)
        return { status: 200, body: { ended } }
      },
    }),
    personRoute({
      method: 'POST',
      path: '/api/v1/sessions/end-others',
      tag: 'Session',
      summary: 'End all your sessions but this one',
      replies: { 200: z.object({ ended: z.int() }) },
      handle: async ({ tx, person }) => ({
        status: 200,
        body: { ended: await deleteSessions(tx, person.userId, { exceptId: person.sessionId }) },
      }),
    }),
  ]
}

const outboxReply = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      to: z.string(),
      subject: z.string(),
      text: z.string(),
      createdAt: instantText,
    }),
  ),
})

/** Its messages let in whoever reads them, so only who sits at this machine may. */
function outboxRoute({ sealer, hasMailServer, place }: SessionRoutesDeps): AccountRoute {
  return publicRoute({
    method: 'GET',
    path: '/api/v1/development/outbox',
    tag: 'Session',
    summary: 'The messages that no mail server has sent',
    description:
      'Only while no mail server is set and the server is reached at a loopback address; 404 otherwise.',
    replies: { 200: outboxReply },
    failures: [failures.outboxClosed],
    async handle({ tx, headers }) {
      if (hasMailServer || !isAskedHere(headers, place())) throw failures.outboxClosed()
      const mails = await latestMails(tx, sealer, OUTBOX_SHOWN)
      const data = mails.map((mail) => ({ ...mail, createdAt: mail.createdAt.toISOString() }))
      return { status: 200, body: { data } }
    },
  })
}
