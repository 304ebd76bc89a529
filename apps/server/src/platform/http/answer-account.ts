import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { invariant } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { AccountRoute } from './account-route.ts'
import { JSON_TYPE } from './answer.ts'
import { encoded } from './answer-json.ts'
import type { Member, People, Person } from './caller.ts'
import { type NoteChange, targetOf } from './note-change.ts'
import { assertBodyExpected } from './request-failures.ts'

/** Who is calling a route for people, found out before its body is read. */
export type AccountCaller = { readonly person: Person | null; readonly member: Member | null }

/** Throws what `People` throws. */
export async function authorizedPerson(
  route: AccountRoute,
  request: FastifyRequest,
  people: People | undefined,
): Promise<AccountCaller> {
  if (route.access === 'anybody') return { person: null, member: null }
  invariant(people !== undefined, 'routes for people come with who knows the people')
  const person = await people.identify(request.raw)
  if (route.access === 'signed_in') return { person, member: null }
  const { organizationId } = request.params as { organizationId?: string }
  invariant(organizationId !== undefined, `${route.path} names an organization`)
  return { person, member: await people.memberOf(person, organizationId, route.access) }
}

/**
 * One request is one transaction: it commits here, and before the answer is sent. What it changes of an
 * organization is noted in it; what somebody does to their own account belongs to no organization's log.
 */
export async function answerAccount(
  route: AccountRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: { readonly db: Database; readonly clock: Clock; readonly noteChange?: NoteChange },
): Promise<FastifyReply> {
  const { params, query, body, account } = request
  invariant(account !== null, 'a route for people is reached by nobody unknown')
  assertBodyExpected(route.body, body)
  const systemNow = deps.clock()
  const answer = await deps.db.inTransaction(async (tx) => {
    const parts = { params, query, body, systemNow, tx, ...account }
    const { headers, id: requestId } = request
    const log = request.log as unknown as Logger
    const made = await route.handle({ ...parts, headers, requestId, log })
    const organizationId = account.member?.organizationId ?? made.organizationId
    if (route.method !== 'GET' && organizationId !== undefined && account.person) {
      const [action, target] = [`${route.method} ${route.path}`, targetOf(params, made.body)]
      const actor = { kind: 'user', id: account.person.userId } as const
      const change = { organizationId, envId: null, actor, action, target, requestId }
      await deps.noteChange?.(tx, { ...change, at: systemNow, sent: body })
    }
    return encoded(route, made)
  })
  return reply.code(answer.status).type(JSON_TYPE).send(answer.text)
}
