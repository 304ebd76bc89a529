import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { invariant } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { Sealer } from '../secrets/seal.ts'
import { JSON_TYPE } from './answer.ts'
import type { Authority } from './authority.ts'
import type { Caller } from './caller.ts'
import { type Answer, earlierAnswer, idempotencyKey, once } from './idempotency.ts'
import { type NoteChange, targetOf } from './note-change.ts'
import { assertBodyExpected } from './request-failures.ts'
import type { JsonRoute, Parts, Reply, Request } from './route.ts'
import { type Streamed, sendStream } from './stream.ts'

type Deps = {
  readonly db: Database
  readonly clock: Clock
  readonly sealer: Sealer
  readonly noteChange?: NoteChange
}

/** One request is one transaction, or only reads: it commits here, and before the answer is sent. */
export async function answerJson(
  route: JsonRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
): Promise<FastifyReply> {
  const { caller: authority } = request
  invariant(authority !== null, 'a route is reached by nobody unknown')
  const parts = partsOf(route, request, deps, authority.who)
  const streamed = streamedBy(route, parts, { request, deps })
  if (streamed)
    return sendStream(
      reply,
      streamed,
      () => noteExport(route, parts, deps),
      () => authority.confirm(deps.db.inTransaction),
    )
  const isKeyed = route.method === 'POST' && !route.isRepeatable
  const key = isKeyed ? idempotencyKey(request.headers['idempotency-key']) : null
  const answer =
    key === null
      ? await carryOut(route, { parts, authority }, deps)
      : await carryOutOnce(route, { parts, authority }, key, deps)
  const late = await route.answerAfterCommit?.(parts)
  const { status, text } = late ? encoded(route, late) : answer
  if (answer.isReplay) reply.header('idempotent-replay', 'true')
  return reply.code(status).type(JSON_TYPE).send(text)
}

function streamedBy(
  route: JsonRoute,
  parts: Parts<unknown, unknown, unknown>,
  { request, deps }: { readonly request: FastifyRequest; readonly deps: Deps },
): Streamed | null {
  const { accept } = request.headers
  return route.stream?.({ ...parts, accept, inTransaction: deps.db.inTransaction }) ?? null
}

/** Whatever leaves in a stream is much at once: the log tells who took it. */
async function noteExport(
  route: JsonRoute,
  { caller, params, query, requestId, systemNow: at }: Parts<unknown, unknown, unknown>,
  { db, noteChange }: Deps,
): Promise<void> {
  const { organizationId, envId, actor } = caller
  const [action, target] = [`${route.method} ${route.path}`, targetOf(params, undefined)]
  const read = { organizationId, envId, actor, action, target, requestId, at, sent: query }
  await db.inTransaction(async (tx) => noteChange?.(tx, read))
}

/** What is asked, and by whom. */
type Asked = {
  readonly parts: Parts<unknown, unknown, unknown>
  readonly authority: Authority<Caller>
}

function partsOf(
  route: JsonRoute,
  request: FastifyRequest,
  deps: Deps,
  caller: Caller,
): Parts<unknown, unknown, unknown> {
  const { params, query, body } = request
  assertBodyExpected(route.body, body)
  const systemNow = deps.clock()
  return {
    caller,
    params,
    query,
    body,
    systemNow,
    now: caller.environmentNow(systemNow),
    requestId: request.id,
    log: request.log as unknown as Logger,
  }
}

async function carryOut(
  route: JsonRoute,
  { parts, authority }: Asked,
  deps: Deps,
): Promise<Answer> {
  if (route.read) return encoded(route, await route.read(parts))
  const prepared = await route.prepare?.(parts)
  return deps.db.inTransaction(async (tx) => {
    const caller = await authority.renewed(tx)
    return handled(route, { ...parts, caller, prepared, tx }, deps)
  })
}

/** What its scope lets change something is noted in the same transaction, so that no route can forget it. */
async function handled(
  route: JsonRoute,
  request: Request<unknown, unknown, unknown, unknown>,
  { noteChange }: Deps,
): Promise<Answer> {
  const { tx, caller, params, body: sent, requestId, systemNow: at } = request
  const reply = await route.handle(request)
  if (route.scope.endsWith(':write') && !route.isUsage) {
    const { organizationId, envId, actor } = caller
    const [action, target] = [`${route.method} ${route.path}`, targetOf(params, reply.body)]
    await noteChange?.(tx, { organizationId, envId, actor, action, target, requestId, at, sent })
  }
  return encoded(route, reply)
}

async function carryOutOnce(
  route: JsonRoute,
  { parts, authority }: Asked,
  key: string,
  deps: Deps,
): Promise<Answer> {
  const { caller, params, query, body, systemNow } = parts
  const request = {
    envId: caller.envId,
    route: `${route.method} ${route.path}`,
    caller: caller.actor.id,
    key,
    content: { params, query, body },
    sealer: deps.sealer,
  }
  if (route.prepare) {
    // What it asks may answer otherwise by now, and must not stand before an answer that was given.
    const earlier = await deps.db.inTransaction(async (tx) => {
      await authority.renewed(tx)
      return earlierAnswer(tx, request)
    })
    if (earlier) return earlier
  }
  const prepared = await route.prepare?.(parts)
  return deps.db.inTransaction(async (tx) => {
    await authority.renewed(tx) // also who only gets an earlier answer
    return once(tx, request, systemNow, async () => {
      const caller = await authority.renewed(tx) // a twin may have been waited for
      return handled(route, { ...parts, caller, prepared, tx }, deps)
    })
  })
}

type Encodable = Pick<JsonRoute, 'method' | 'path' | 'replies'>

/** Lets out what the schema names and nothing else. Throws, before the commit, when they do not fit. */
export function encoded(route: Encodable, reply: Reply<unknown>): Answer {
  const schema = route.replies[reply.status]
  invariant(schema !== undefined, `${route.method} ${route.path} declares the status it answers`)
  return {
    status: reply.status,
    text: JSON.stringify(z.encode(schema, reply.body)),
    isReplay: false,
  }
}
