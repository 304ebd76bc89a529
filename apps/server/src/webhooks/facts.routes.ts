import { z } from 'zod'
import type { Fact } from '../platform/facts/append-fact.ts'
import { selectFacts, selectFactsBefore } from '../platform/facts/facts.store.ts'
import {
  customerIdField,
  instantText,
  pageOf,
  pageQuery,
  textField,
} from '../platform/http/fields.ts'
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

const factsQuery = z
  .strictObject({
    ...pageQuery,
    type: textField(100).optional(),
    customerId: customerIdField.optional(),
    subscriptionId: textField(100).optional(),
    invoiceId: textField(100).optional(),
  })
  .refine(
    ({ customerId, subscriptionId, invoiceId }) =>
      customerId !== undefined || (subscriptionId === undefined && invoiceId === undefined),
    { path: ['customerId'], message: 'name the customer, too, of that subscription or invoice' },
  )

export function factsRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/facts',
      tag: 'Webhooks',
      summary: 'List what has happened, latest first',
      description:
        'Every fact, whether a webhook endpoint was told it or not. With `customerId` what has happened to one customer, and of that with `subscriptionId` or `invoiceId` what has to one of those.',
      scope: 'webhooks:read',
      query: factsQuery,
      replies: { 200: pageOf(factReply) },
      async handle({ tx, caller, query }) {
        const page = {
          limit: query.limit + 1,
          before: query.cursor ? readCursor(query.cursor) : null,
          type: query.type ?? null,
          about: aboutOf(query),
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

function aboutOf({ customerId, subscriptionId, invoiceId }: z.output<typeof factsQuery>) {
  return customerId === undefined ? null : { customerId, subscriptionId, invoiceId }
}

function readCursor(cursor: string): { at: Date; id: string } {
  const [at, id] = decodeTimeCursor(cursor)
  return { at: new Date(at), id }
}

function toReply(fact: Fact) {
  return { ...fact, at: fact.at.toISOString() }
}
