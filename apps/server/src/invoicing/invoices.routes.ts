import { z } from 'zod'
import type { CountedEvent } from '../metering/total.ts'
import type { Database } from '../platform/db/database.ts'
import { instantText, pageOf, pageQuery, textField } from '../platform/http/fields.ts'
import { decodeTimeCursor, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { NDJSON_TYPE, namedType, ndjson } from '../platform/http/stream.ts'
import { failures as subscriptionFailures } from '../subscriptions/failures.ts'
import { eventIdOf, keyOfUuid } from '../usage/event-key.ts'
import { placeFromCursor } from './event-place.ts'
import { failures } from './failures.ts'
import { filterOf, filterQuery } from './invoice-filter.ts'
import {
  invoiceReply,
  previewReply,
  summaryReply,
  toInvoice,
  toPreview,
  toSummary,
} from './invoice-reply.ts'
import { selectStates } from './invoice-states.store.ts'
import { allEvents, eventPage, eventsOfLine, lineEvents } from './line-events.ts'
import { getInvoice, previewInvoice, withContents } from './read-invoice.ts'
import { unparkSubscription } from './unpark-subscription.ts'

const LINES_MAX = 10_000
const idField = textField(100)
const params = z.object({ invoiceId: idField })

export function invoicesRoutes(): Route[] {
  return [listRoute(), readRoute(), eventsRoute(), previewRoute(), unparkRoute()]
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/invoices',
    tag: 'Invoices',
    summary: 'List invoices, the newest first',
    description: 'A draft shows what it would come to if it were finalized now.',
    scope: 'billing:read',
    query: z.strictObject({
      ...pageQuery,
      ...filterQuery,
    }),
    replies: { 200: pageOf(summaryReply) },
    async handle({ tx, caller, query }) {
      const states = await selectStates(tx, caller.envId, {
        limit: query.limit + 1,
        before: query.cursor ? decodeTimeCursor(query.cursor) : null,
        ...filterOf(query),
      })
      const page = pageFrom(states, query.limit, ({ createdAt, id }) => [
        createdAt.toISOString(),
        id,
      ])
      const invoices = await withContents(tx, caller.envId, page.data)
      return { status: 200, body: { ...page, data: invoices.map(toSummary) } }
    },
  })
}

function readRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/invoices/:invoiceId',
    tag: 'Invoices',
    summary: 'Read an invoice with its lines',
    description:
      'A draft is computed anew, by what computes the final invoice; a finalized one never changes.',
    scope: 'billing:read',
    params,
    replies: { 200: invoiceReply },
    failures: [failures.unknown],
    handle: async ({ tx, caller, params }) => ({
      status: 200,
      body: toInvoice(await getInvoice(tx, caller.envId, params.invoiceId)),
    }),
  })
}

function eventsRoute(): Route {
  const event = z.object({
    eventId: z.string(),
    customerId: z.string(),
    timestamp: instantText,
    amount: z.string(),
    value: z.string().nullable().meta({ description: 'What the meter read of it, if it reads' }),
  })
  return route({
    method: 'GET',
    path: '/api/v1/invoices/:invoiceId/lines/:lineNo/events',
    tag: 'Invoices',
    summary: 'List exactly the events that a line counts',
    description:
      'By time. For a finalized invoice they are the same for ever. With `Accept: application/x-ndjson` all of them come in one answer, one a line.',
    scope: 'billing:read',
    params: z.object({
      invoiceId: idField,
      lineNo: z.coerce.number().int().min(1).max(LINES_MAX),
    }),
    query: z.strictObject(pageQuery),
    replies: { 200: pageOf(event) },
    failures: [failures.unknown, failures.lineUnknown],
    stream({ accept, caller, params, inTransaction }) {
      if (namedType(accept, [NDJSON_TYPE]) === null) return null
      const line = { id: params.invoiceId, lineNo: params.lineNo }
      return { type: NDJSON_TYPE, chunks: eventLines(caller.envId, line, inTransaction) }
    },
    async handle({ tx, caller, params, query }) {
      const line = { id: params.invoiceId, lineNo: params.lineNo }
      const after = query.cursor ? placeFromCursor(query.cursor) : null
      const events = await lineEvents(tx, caller.envId, line, { limit: query.limit + 1, after })
      const page = pageFrom(events, query.limit, ({ occurredAtText, key }) => [occurredAtText, key])
      return { status: 200, body: { ...page, data: page.data.map(toEvent) } }
    },
  })
}

/** Each page in a transaction of its own. Throws like `lineEvents` before the first. */
async function* eventLines(
  envId: number,
  line: { readonly id: string; readonly lineNo: number },
  inTransaction: Database['inTransaction'],
): AsyncGenerator<string> {
  const asked = await inTransaction((tx) => eventsOfLine(tx, envId, line))
  if (!asked) return
  const pages = allEvents(asked, (part, page) =>
    inTransaction((tx) => eventPage(tx, envId, part, page)),
  )
  for await (const events of pages) yield ndjson(events.map(toEvent))
}

function toEvent({ key, customer, occurredAt, amount, value }: CountedEvent) {
  return {
    eventId: eventIdOf(keyOfUuid(key)),
    customerId: customer,
    timestamp: occurredAt.toISOString(),
    amount,
    value,
  }
}

function previewRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/subscriptions/:subscriptionId/preview',
    tag: 'Invoices',
    summary: 'Show the invoice that is under way',
    description:
      'What the open period comes to if nothing more is used, and after the end of a subscription what came late: by the function that computes the final invoice.',
    scope: 'billing:read',
    params: z.object({ subscriptionId: idField }),
    replies: { 200: previewReply },
    failures: [subscriptionFailures.unknown, failures.nothingToPreview],
    async handle({ tx, caller, params, now }) {
      const { subscription, content } = await previewInvoice(
        tx,
        caller.envId,
        params.subscriptionId,
        now,
      )
      return { status: 200, body: toPreview(subscription, content) }
    },
  })
}

function unparkRoute(): Route {
  return route({
    method: 'POST',
    path: '/api/v1/subscriptions/:subscriptionId/unpark',
    tag: 'Subscriptions',
    summary: 'Let the billing of a subscription go on that was stopped',
    description:
      'Billing stops when a recount of the events does not agree with the usage. Afterwards everything that fell due meanwhile is done; what is still wrong stops it again.',
    scope: 'billing:write',
    params: z.object({ subscriptionId: idField }),
    replies: { 200: z.object({ id: z.string(), status: z.string() }) },
    failures: [subscriptionFailures.unknown, subscriptionFailures.notParked],
    async handle({ tx, caller, params, now }) {
      const { id, status } = await unparkSubscription(tx, caller.envId, params.subscriptionId, now)
      return { status: 200, body: { id, status } }
    },
  })
}
