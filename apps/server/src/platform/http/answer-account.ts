import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { invariant } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { AccountRoute } from './account-route.ts'
import { JSON_TYPE } from './answer.ts'
import { encoded } from './answer-json.ts'
import type { Member, People, Person } from './caller.ts'
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

/** One request is one transaction: it commits here, and before the answer is sent. */
export async function answerAccount(
  route: AccountRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: { readonly db: Database; readonly clock: Clock },
): Promise<FastifyReply> {
  const { params, query, body, account } = request
  invariant(account !== null, 'a route for people is reached by nobody unknown')
  assertBodyExpected(route.body, body)
  const systemNow = deps.clock()
  const answer = await deps.db.inTransaction(async (tx) => {
    const parts = { params, query, body, systemNow, tx, ...account }
    const { headers, id: requestId } = request
    const log = request.log as unknown as Logger
    return encoded(route, await route.handle({ ...parts, headers, requestId, log }))
  })
  return reply.code(answer.status).type(JSON_TYPE).send(answer.text)
}
