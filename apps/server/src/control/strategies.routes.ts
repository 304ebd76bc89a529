import { z } from 'zod'
import { instantText, pageOf, pageQuery } from '../platform/http/fields.ts'
import { decodeCursor, failures as pageFailures, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { keyField, nameField, refField, tag } from './control-fields.ts'
import { archiveStrategy, changeStrategy, getStrategy, makeStrategy } from './set-strategy.ts'
import { selectStrategyPage } from './strategies.store.ts'
import type { NamedStrategy } from './strategy.ts'
import { failures } from './strategy-failures.ts'

const SOURCES_MAX = 10
const FROM = ['header', 'query', 'body', 'path', 'cookie', 'claim'] as const

/** Where a customer's name stands, as it is sent and answered. */
export const sourceField = z.strictObject({
  from: z.enum(FROM),
  name: z.string().meta({
    description: 'Of the header, parameter, cookie or field; `user.id` is a field of a field',
    example: 'x-user-id',
  }),
})

const sourcesField = z.array(sourceField).min(1).max(SOURCES_MAX).meta({
  description: 'In the order in which they are asked: the first that has something decides',
})

const strategyReply = z
  .object({
    id: z.string(),
    key: z.string(),
    name: z.string(),
    sources: z.array(sourceField),
    createdAt: instantText,
    archivedAt: instantText.nullable(),
  })
  .meta({ id: 'Strategy' })

const params = z.object({ strategy: refField })

export function strategiesRoutes(): Route[] {
  return [makeRoute(), listRoute(), readRoute(), changeRoute(), archiveRoute()]
}

function makeRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/control/strategies',
    tag,
    summary: 'Say where in a request the name of a customer stands',
    description: 'Policies name it. Who is found by none of its sources is told apart by network.',
    scope: 'control:write',
    body: z.strictObject({
      key: keyField('str', 'by-user'),
      name: nameField,
      sources: sourcesField,
    }),
    replies: { 201: strategyReply },
    failures: [failures.keyTaken, failures.sourceImpossible],
    handle: async ({ tx, caller, body, systemNow }) => ({
      status: 201,
      body: toReply(await makeStrategy(tx, caller.envId, body, systemNow)),
    }),
  })
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/strategies',
    tag,
    summary: 'List strategies',
    scope: 'control:read',
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(strategyReply) },
    failures: [pageFailures.cursorMalformed],
    async handle({ tx, caller, query }) {
      const after = query.cursor ? (decodeCursor(query.cursor, 1)[0] ?? null) : null
      const rows = await selectStrategyPage(tx, caller.envId, { limit: query.limit + 1, after })
      const page = pageFrom(rows, query.limit, ({ key }) => [key])
      return { status: 200, body: { ...page, data: page.data.map(toReply) } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/control/strategies/:strategy',
    tag,
    summary: 'Read a strategy',
    scope: 'control:read',
    params,
    replies: { 200: strategyReply },
    failures: [failures.unknown],
    handle: async ({ tx, caller, params }) => ({
      status: 200,
      body: toReply(await getStrategy(tx, caller.envId, params.strategy)),
    }),
  })
}

function changeRoute(): Route {
  return route({
    method: 'PATCH',
    path: '/api/v1/control/strategies/:strategy',
    tag,
    summary: 'Change a strategy',
    description: 'Holds for every policy that names it. What is left out stays.',
    scope: 'control:write',
    params,
    body: z.strictObject({ name: nameField.optional(), sources: sourcesField.optional() }),
    replies: { 200: strategyReply },
    failures: [failures.unknown, failures.sourceImpossible],
    handle: async ({ tx, caller, params, body }) => ({
      status: 200,
      body: toReply(await changeStrategy(tx, caller.envId, params.strategy, body)),
    }),
  })
}

function archiveRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/control/strategies/:strategy/archive',
    tag,
    summary: 'Archive a strategy',
    description: 'No policy can be given it anymore; those that have it keep it.',
    scope: 'control:write',
    params,
    replies: { 200: strategyReply },
    failures: [failures.unknown],
    handle: async ({ tx, caller, params, systemNow }) => ({
      status: 200,
      body: toReply(await archiveStrategy(tx, caller.envId, params.strategy, systemNow)),
    }),
  })
}

function toReply(strategy: NamedStrategy): z.input<typeof strategyReply> {
  return {
    ...strategy,
    sources: [...strategy.sources],
    createdAt: strategy.createdAt.toISOString(),
    archivedAt: strategy.archivedAt?.toISOString() ?? null,
  }
}
