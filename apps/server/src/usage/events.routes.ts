import { z } from 'zod'
import type { Tx } from '../platform/db/transaction.ts'
import {
  customerIdField,
  instantField,
  pageOf,
  pageQuery,
  textField,
} from '../platform/http/fields.ts'
import { decodeCursor, failures as pageFailures, pageFrom } from '../platform/http/page.ts'
import { type Route, route } from '../platform/http/route.ts'
import { eventIdOf, keyOf, keyOfEventId } from './event-key.ts'
import { eventReplySchema } from './event-schemas.ts'
import { failures } from './failures.ts'
import { findEvent } from './find-event.ts'
import { effectiveAtUs, eventReply, type StoredEvent } from './stored-event.ts'
import { type Place, selectEvent, selectEventsOfCustomer } from './stored-events.store.ts'

export const eventParams = z.strictObject({
  eventId: textField(64).meta({ example: 'evt_01h455vb4pex5vsknk084sn02q' }),
})

const listQuery = z.strictObject({
  ...pageQuery,
  customerId: customerIdField.optional(),
  idempotencyKey: textField(255).optional(),
  name: textField(100).optional(),
  from: instantField.optional(),
  to: instantField.optional(),
})

/** Reading what was recorded. */
export function eventsRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/events',
      tag: 'Usage',
      summary: "List a customer's events, or find the event of a key",
      description:
        'Of a customer: the latest first, at the time at which each counts, from `from` until before `to`. By `idempotencyKey`: one event or none.',
      scope: 'usage:read',
      query: listQuery,
      replies: { 200: pageOf(eventReplySchema) },
      failures: [failures.whichEvents, pageFailures.cursorMalformed],
      handle: async ({ tx, caller, query }) => {
        const { data, nextCursor } = await list(tx, caller.envId, query)
        return { status: 200, body: { data: data.map(eventReply), nextCursor } }
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/events/:eventId',
      tag: 'Usage',
      summary: 'Read one event with its corrections',
      scope: 'usage:read',
      params: eventParams,
      replies: { 200: eventReplySchema },
      failures: [failures.eventNotFound],
      handle: async ({ tx, caller, params }) => {
        const event = await findEvent(tx, caller.envId, params.eventId)
        return { status: 200, body: eventReply(event) }
      },
    }),
  ]
}

async function list(
  tx: Tx,
  envId: number,
  query: z.output<typeof listQuery>,
): Promise<{ data: StoredEvent[]; nextCursor: string | null }> {
  const { customerId, idempotencyKey, limit, cursor } = query
  if ((customerId === undefined) === (idempotencyKey === undefined)) throw failures.whichEvents()
  if (customerId === undefined) {
    const event = await selectEvent(tx, envId, keyOf(idempotencyKey ?? ''))
    return { data: event ? [event] : [], nextCursor: null }
  }
  const rows = await selectEventsOfCustomer(tx, envId, {
    customerId,
    from: query.from ?? null,
    to: query.to ?? null,
    name: query.name ?? null,
    before: cursor === undefined ? null : placeOf(cursor),
    limit: limit + 1,
  })
  return pageFrom(rows, limit, (event) => [String(effectiveAtUs(event)), eventIdOf(event.key)])
}

function placeOf(cursor: string): Place {
  const [atUs = '', eventId = ''] = decodeCursor(cursor, 2)
  const key = keyOfEventId(eventId)
  if (key === null || !/^-?\d{1,16}$/.test(atUs)) throw pageFailures.cursorMalformed()
  return { occurredAtUs: Number(atUs), key }
}
