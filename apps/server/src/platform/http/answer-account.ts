import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Tx } from '../db/transaction.ts'
import { invariant } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { Sealer } from '../secrets/seal.ts'
import type { AccountRoute } from './account-route.ts'
import { JSON_TYPE } from './answer.ts'
import { encoded } from './answer-json.ts'
import type { Member, People, Person } from './caller.ts'
import { type Answer, idempotencyKey, type KeyedRequest, once } from './idempotency.ts'
import { type NoteChange, targetOf } from './note-change.ts'
import { assertBodyExpected } from './request-failures.ts'
import type { Reply } from './route.ts'
import { sendStream } from './stream.ts'

/** Who is calling a route for people, found out before its body is read. */
export type AccountCaller = { readonly person: Person | null; readonly member: Member | null }

/** Throws what `People` throws. */
export async function authorizedPerson(
  route: AccountRoute,
  request: FastifyRequest,
  people: People | undefined,
  tx?: Tx,
): Promise<AccountCaller> {
  if (route.access === 'anybody') return { person: null, member: null }
  invariant(people !== undefined, 'routes for people come with who knows the people')
  const person = await people.identify(request.raw, tx)
  if (route.access === 'signed_in') return { person, member: null }
  const { organizationId } = request.params as { organizationId?: string }
  invariant(organizationId !== undefined, `${route.path} names an organization`)
  const { access: permission, isOpenAfterDeletion = false } = route
  const needs = { permission, isOpenAfterDeletion }
  return { person, member: await people.memberOf(person, organizationId, needs, tx) }
}

type Deps = {
  readonly db: Database
  readonly clock: Clock
  readonly sealer: Sealer
  readonly noteChange?: NoteChange
}

/**
 * One request is one transaction: it commits here, and before the answer is sent. What it changes of an
 * organization, or reads of what is sensitive, is noted in it; what somebody does to their own account
 * belongs to no organization's log.
 */
export async function answerAccount(
  route: AccountRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
): Promise<FastifyReply> {
  const { params, query, body, account: authority } = request
  invariant(authority !== null, 'a route for people is reached by nobody unknown')
  assertBodyExpected(route.body, body)
  const systemNow = deps.clock()
  const { member } = authority.who
  if (route.stream && member) {
    const streamed = route.stream({ params, query, member, inTransaction: deps.db.inTransaction })
    const note = () =>
      deps.db.inTransaction((tx) => noteAccount(tx, route, { request, systemNow, deps }))
    return sendStream(reply, streamed, note, () => authority.confirm(deps.db.inTransaction))
  }
  const { headers, id: requestId } = request
  const log = request.log as unknown as Logger
  const prepared = await route.prepare?.({ member, body, log })
  const work = async (tx: Tx): Promise<Answer> => {
    const account = await authority.renewed(tx)
    const parts = { params, query, body, systemNow, tx, prepared, ...account }
    const made = await route.handle({ ...parts, headers, requestId, log })
    await noteAccount(tx, route, { request, systemNow, deps, made })
    return encoded(route, made)
  }
  const keyed = keyedRequest(route, request, deps)
  const answer = await deps.db.inTransaction(async (tx) => {
    await authority.renewed(tx) // also who only gets an earlier answer
    return keyed ? once(tx, keyed, systemNow, () => work(tx)) : work(tx)
  })
  if (answer.isReplay) reply.header('idempotent-replay', 'true')
  return reply.code(answer.status).type(JSON_TYPE).send(answer.text)
}

/** A request that is carried out once, however often it is sent; null: not this one. */
function keyedRequest(
  route: AccountRoute,
  { headers, params, query, body, account }: FastifyRequest,
  { sealer }: Deps,
): KeyedRequest | null {
  const key = route.method === 'POST' ? idempotencyKey(headers['idempotency-key']) : null
  const person = account?.who.person
  if (key === null || !person) return null
  const name = `${route.method} ${route.path}`
  const content = { params, query, body }
  return { envId: null, route: name, caller: person.userId, key, content, sealer }
}

async function noteAccount(
  tx: Tx,
  route: AccountRoute,
  {
    request: { params, query, body, account, id: requestId },
    ...of
  }: {
    readonly request: FastifyRequest
    readonly systemNow: Date
    readonly deps: Deps
    readonly made?: Reply<unknown>
  },
): Promise<void> {
  const { person, member } = account?.who ?? { person: null, member: null }
  const organizationId = member?.organizationId ?? of.made?.organizationId
  const isNoted = route.method !== 'GET' || route.isSensitive === true
  if (!isNoted || organizationId === undefined || !person) return
  await of.deps.noteChange?.(tx, {
    ...{ organizationId, envId: null, requestId, at: of.systemNow },
    actor: { kind: 'user', id: person.userId },
    action: `${route.method} ${route.path}`,
    target: targetOf(params, of.made?.body),
    sent: route.method === 'GET' ? query : body,
  })
}
