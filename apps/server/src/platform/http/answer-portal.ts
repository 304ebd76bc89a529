import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Tx } from '../db/transaction.ts'
import { invariant } from '../errors.ts'
import type { Sealer } from '../secrets/seal.ts'
import { JSON_TYPE } from './answer.ts'
import { encoded } from './answer-json.ts'
import { type Answer, idempotencyKey, type KeyedRequest, once } from './idempotency.ts'
import type { NoteChange } from './note-change.ts'
import type { Portal, PortalFile, PortalRoute, Visitor } from './portal-route.ts'
import { assertBodyExpected } from './request-failures.ts'

type Deps = {
  readonly db: Database
  readonly clock: Clock
  readonly sealer: Sealer
  readonly noteChange?: NoteChange
}

/** Throws what `Portal` throws. */
export async function identifiedVisitor(
  route: PortalRoute,
  request: FastifyRequest,
  portal: Portal | undefined,
  tx?: Tx,
): Promise<Visitor | null> {
  if (route.access === 'anybody') return null
  invariant(portal !== undefined, 'routes of the portal come with who knows its links')
  return portal.identify(request.raw, tx)
}

/** One request is one transaction: it commits here, with the log of what it changes, and before the answer is sent. */
export async function answerPortal(
  route: PortalRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
): Promise<FastifyReply> {
  const { visitor: authority } = request
  invariant(authority !== null, 'a route of the portal is reached by nobody unknown')
  assertBodyExpected(route.body, request.body)
  const systemNow = deps.clock()
  const { who } = authority
  const prepared = await route.prepare?.({ address: request.ip, systemNow, visitor: who })
  const keyed = keyedRequest(route, request, deps)
  const { headers, file, answer } = await deps.db.inTransaction(async (tx) => {
    await authority.renewed(tx) // also who only gets an earlier answer
    const make = async () => {
      const visitor = await authority.renewed(tx)
      return made(tx, route, { request, visitor, prepared }, deps)
    }
    if (!keyed) return make()
    const work = async () => jsonOf((await make()).answer)
    return { headers: {}, file: null, answer: await once(tx, keyed, systemNow, work) }
  })
  reply.headers(headers)
  if (file) return sendFile(reply, file)
  const { status, text, isReplay } = jsonOf(answer)
  if (isReplay) reply.header('idempotent-replay', 'true')
  return reply.code(status).type(JSON_TYPE).send(text)
}

type Made = {
  readonly headers: Readonly<Record<string, string>>
  readonly file: PortalFile | null
  /** Null for a file. */
  readonly answer: Answer | null
}

async function made(
  tx: Tx,
  route: PortalRoute,
  {
    request,
    visitor,
    prepared,
  }: {
    readonly request: FastifyRequest
    readonly visitor: Visitor | null
    readonly prepared: unknown
  },
  { clock, noteChange }: Deps,
): Promise<Made> {
  const { params, query, body, ip: address, id: requestId } = request
  const systemNow = clock()
  const now = visitor?.environmentNow(systemNow) ?? systemNow
  const asked = { tx, params, query, body, address, requestId, systemNow }
  const reply = await route.handle({ ...asked, visitor, prepared, now })
  if (reply.changed !== undefined && visitor) {
    const { organizationId, envId, customer } = visitor
    await noteChange?.(tx, {
      ...{ organizationId, envId, requestId, at: systemNow, sent: body, target: reply.changed },
      actor: { kind: 'customer', id: customer },
      action: `${route.method} ${route.path}`,
    })
  }
  const { headers = {} } = reply
  if ('file' in reply) return { headers, file: reply.file, answer: null }
  return { headers, file: null, answer: encoded(route, reply) }
}

function jsonOf(answer: Answer | null): Answer {
  invariant(answer !== null, 'what is no file is an answer in JSON')
  return answer
}

/** A request that is carried out once, however often it is sent; null: not this one. */
function keyedRequest(
  route: PortalRoute,
  { headers, params, query, body, visitor: authority }: FastifyRequest,
  { sealer }: Deps,
): KeyedRequest | null {
  const visitor = authority?.who
  const key = route.method === 'POST' ? idempotencyKey(headers['idempotency-key']) : null
  if (key === null || !visitor) return null
  const name = `${route.method} ${route.path}`
  const content = { params, query, body }
  return { envId: visitor.envId, route: name, caller: visitor.linkId, key, content, sealer }
}

function sendFile(reply: FastifyReply, { type, name, bytes }: PortalFile): FastifyReply {
  const named = reply.header('content-disposition', `attachment; filename="${name}"`)
  return named.code(200).type(type).send(bytes)
}
