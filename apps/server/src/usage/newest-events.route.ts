import { z } from 'zod'
import { textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { eventIdOf, keyOfUuid } from './event-key.ts'
import { eventReplySchema } from './event-schemas.ts'
import { hasEvents } from './has-events.ts'
import { selectNewestKeys } from './newest-events.store.ts'
import { eventReply } from './stored-event.ts'
import { selectEvents } from './stored-events.store.ts'

const EVENTS_MAX = 200

/** What a person sees before the live tail shows more. */
export function newestEventsRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/events/newest',
    tag: 'Usage',
    summary: 'List the events that were stored last',
    description:
      'Of all customers, the newest first, as far as they are near the end of what is stored; there are no further pages. The tail goes on from there.',
    scope: 'usage:read',
    query: z.strictObject({
      name: textField(100).optional(),
      limit: z.coerce.number().int().min(1).max(EVENTS_MAX).default(50),
    }),
    replies: {
      200: z.object({
        data: z.array(eventReplySchema),
        hasEvents: z
          .boolean()
          .meta({ description: 'Whether any event is stored, however long ago' }),
      }),
    },
    async handle({ tx, caller, query }) {
      const asked = { name: query.name ?? null, limit: query.limit }
      const keys = await selectNewestKeys(tx, caller.envId, asked)
      const events = await selectEvents(tx, caller.envId, keys)
      const byId = new Map(events.map((event) => [eventIdOf(event.key), event]))
      const inOrder = keys.flatMap((key) => byId.get(eventIdOf(keyOfUuid(key))) ?? [])
      const data = inOrder.map(eventReply)
      return {
        status: 200,
        body: { data, hasEvents: data.length > 0 || (await hasEvents(tx, caller.envId)) },
      }
    },
  })
}
