import { z } from 'zod'
import { textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import { readAmount } from './amount.ts'
import { type Amendment, amendEvent, voidEvent } from './correct-event.ts'
import { readTimestamp } from './event.ts'
import { eventReplySchema } from './event-schemas.ts'
import { eventParams } from './events.routes.ts'
import { failures } from './failures.ts'
import { readMetadata } from './metadata.ts'
import { eventReply } from './stored-event.ts'

const reasonField = textField(500).meta({ description: 'For people', example: 'sent twice' })

const amendment = z.strictObject({
  amount: z.unknown().meta({ description: 'As of an event', example: '12.5' }).optional(),
  metadata: z.unknown().meta({ description: 'As of an event; replaces it whole' }).optional(),
  timestamp: z.unknown().meta({ description: 'As of an event' }).optional(),
  reason: reasonField.optional(),
})

/** Later facts about events: that one does not count, or counts with other content. */
export function correctionsRoutes(): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/events/:eventId/void',
      tag: 'Usage',
      summary: 'Void an event',
      description: 'It counts no longer, in no meter, and stays to be seen. It cannot be undone.',
      scope: 'usage:write',
      params: eventParams,
      body: z.strictObject({ reason: reasonField.optional() }).nullish(),
      replies: { 200: eventReplySchema },
      failures: [failures.eventNotFound, failures.alreadyVoid],
      handle: async ({ tx, caller, params, body, now }) => {
        const input = { eventId: params.eventId, reason: body?.reason ?? null }
        return { status: 200, body: eventReply(await voidEvent(tx, caller.envId, input, now)) }
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/events/:eventId/amend',
      tag: 'Usage',
      summary: 'Amend an event',
      description:
        'It counts with the amount, metadata or time that is sent, and otherwise as before. What was received stays to be seen.',
      scope: 'usage:write',
      params: eventParams,
      body: amendment,
      replies: { 200: eventReplySchema },
      failures: [
        failures.malformed,
        failures.eventNotFound,
        failures.alreadyVoid,
        failures.amountTooPrecise,
        failures.tooLate,
        failures.tooEarly,
      ],
      handle: async ({ tx, caller, params, body, now }) => {
        const input = {
          eventId: params.eventId,
          reason: body.reason ?? null,
          amendment: readAmendment(body),
        }
        return { status: 200, body: eventReply(await amendEvent(tx, caller.envId, input, now)) }
      },
    }),
  ]
}

function readAmendment({ amount, metadata, timestamp }: z.output<typeof amendment>): Amendment {
  if (amount === undefined && metadata === undefined && timestamp === undefined)
    throw failures.nothingAmended()
  return {
    ...(amount === undefined ? {} : { amount: readAmount(amount) }),
    ...(metadata === undefined ? {} : { metadata: metadataText(metadata) }),
    ...(timestamp === undefined ? {} : { occurredAtUs: readTimestamp(timestamp) }),
  }
}

function metadataText(sent: unknown): string | null {
  const metadata = readMetadata(sent)
  return metadata === null ? null : JSON.stringify(metadata)
}
