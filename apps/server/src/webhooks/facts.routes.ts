import { z } from 'zod'
import type { Fact } from '../platform/facts/append-fact.ts'
import { selectFacts, selectFactsBefore } from '../platform/facts/facts.store.ts'
import { instantText, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeTimeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { failures } from './failures.ts'

const factReply = z
  .object({
    id: z.string().meta({ example: 'fact_01h455vb4pex5vsknk084sn02q' }),
    type: z.string(),
    at: instantText,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Fact' })

export function factsRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/facts',
      tag: 'Webhooks',
      summary: 'List what has happened, latest first',
      description: 'Every fact, whether a webhook endpoint was told it or not.',
      scope: 'webhooks:read',
      query: z.strictObject({ ...pageQuery, type: textField(100).optional() }),
      replies: { 200: pageOf(factReply) },
      async handle({ tx, caller, query }) {
        const page = {
          limit: query.limit + 1,
          before: query.cursor ? readCursor(query.cursor) : null,
          type: query.type ?? null,
        }
        const facts = await selectFactsBefore(tx, caller.envId, page)
        const body = pageFrom(facts, query.limit, ({ at, id }) => [at.toISOString(), id])
        return { status: 200, body: { ...body, data: body.data.map(toReply) } }
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/facts/:factId',
      tag: 'Webhooks',
      summary: 'Read a fact',
      scope: 'webhooks:read',
      params: z.object({ factId: textField(100) }),
      replies: { 200: factReply },
      failures: [failures.factUnknown],
      async handle({ tx, caller, params }) {
        const [fact] = await selectFacts(tx, caller.envId, [params.factId])
        if (!fact) throw failures.factUnknown()
        return { status: 200, body: toReply(fact) }
      },
    }),
  ]
}

function readCursor(cursor: string): { at: Date; id: string } {
  const [at, id] = decodeTimeCursor(cursor)
  return { at: new Date(at), id }
}

function toReply(fact: Fact) {
  return { ...fact, at: fact.at.toISOString() }
}
