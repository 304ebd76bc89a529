import { z } from 'zod'
import { sendError } from '../platform/http/answer.ts'
import { customerIdField, textField } from '../platform/http/fields.ts'
import { failures as requestFailures } from '../platform/http/request-failures.ts'
import { type RawRoute, rawRoute } from '../platform/http/route.ts'
import { failures } from './failures.ts'
import { type LiveTail, TAIL_SCOPE, type TailFilter } from './live-tail.ts'

const query = z.strictObject({
  customerId: customerIdField.optional(),
  name: textField(100).optional(),
})

/** `GET /api/v1/events/tail`: events as they arrive. */
export function tailRoute(tail: LiveTail): RawRoute {
  return rawRoute({
    method: 'GET',
    path: '/api/v1/events/tail',
    tag: 'Usage',
    summary: 'Watch events as they arrive',
    description:
      'Server-sent events: `live` once nothing that is committed from then on is missed, `usage` with an event as data, `gap` where events were left out because more came than anybody reads, or than the connection took.',
    scope: TAIL_SCOPE,
    isHot: false,
    query,
    replies: { 200: z.string().meta({ description: 'text/event-stream' }) },
    failures: [failures.tailFull],
    handleRaw(request, response, { caller, query: sent, requestId, log }) {
      try {
        if (!caller) throw new Error('a route that is not hot has a caller')
        tail.listen(request, response, caller, readFilter(sent))
      } catch (error) {
        sendError(response, error, { requestId, log })
      }
    },
  })
}

function readFilter(sent: unknown): TailFilter {
  const { success, data, error } = query.safeParse(sent)
  if (success) return { customerId: data.customerId ?? null, name: data.name ?? null }
  throw requestFailures.malformed(
    error.issues.map((issue) => ({
      instancePath: `/${issue.path.join('/')}`,
      message: issue.message,
    })),
  )
}
