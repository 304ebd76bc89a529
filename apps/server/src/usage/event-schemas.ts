import { z } from 'zod'

/*
 * What the hand-written checks of `event.ts` accept, for the reference and for clients made from it.
 * A test holds the two together.
 */

const amount = z
  .union([
    z.number().min(0).max(Number.MAX_SAFE_INTEGER),
    z.string().regex(/^(0|[1-9]\d{0,25})(\.\d{1,12})?$/),
  ])
  .meta({
    description:
      'How much was used: 1 by default. A number of at most 15 significant digits, or a decimal string.',
    example: 1000,
  })

const key = z
  .string()
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/)
  .meta({
    description: 'The same event sent again with the same key is stored once',
    example: 'order-4711',
  })

/** Registered as it is, by its own name: it refers to itself, and a copy with a name would refer to one without. */
const jsonValue = z.json().register(z.globalRegistry, { id: 'JsonValue' })

const common = {
  customerId: z.string().min(1).max(255).meta({
    description: 'Your own name for the customer, made on its first event',
    example: 'user_123',
  }),
  amount: amount.optional(),
  metadata: z
    .record(z.string().min(1).max(100), jsonValue)
    .meta({
      description: 'Up to 50 entries in up to 3 levels; texts of up to 2,048 characters',
      example: { endpoint: '/v1/chat' },
    })
    .optional(),
  timestamp: z.iso
    .datetime({ offset: true })
    .meta({
      description:
        'When it was used: now by default. RFC 3339 with zone, to the microsecond; at most 5 minutes ahead and 35 days back, unless in an import',
      example: '2026-03-01T12:00:00.000Z',
    })
    .optional(),
  sequence: z
    .int()
    .meta({ description: 'Your order among events of the same instant: 0 by default', example: 0 })
    .optional(),
  idempotencyKey: key.optional(),
  importId: z
    .string()
    .min(1)
    .max(40)
    .meta({
      description: 'The import that it belongs to',
      example: 'imp_01h455vb4pex5vsknk084sn02q',
    })
    .optional(),
}

const name = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'What meters know the event by', example: 'API_CALL' })

/** The body of `POST /api/track`. */
export const trackedEvent = z.strictObject({ metric: name, ...common }).meta({ id: 'TrackedEvent' })

/** One event at `POST /api/v1/events`. */
export const sentEvent = z.strictObject({ name, ...common }).meta({ id: 'SentEvent' })

const eventId = z.string().meta({ example: 'evt_01h455vb4pex5vsknk084sn02q' })

/** The answer for one event. */
export const recordedReply = z
  .object({
    success: z.literal(true),
    eventId,
    duplicate: z
      .boolean()
      .meta({ description: 'Whether the event was stored by an earlier request' }),
    deduplicated: z
      .literal(false)
      .optional()
      .meta({ description: 'There when no key was sent: sent again, the event counts again' }),
  })
  .meta({ id: 'Recorded' })

/** The answer for an array of events, in their order. */
export const resultsReply = z
  .object({
    results: z.array(
      z.object({
        status: z.enum(['recorded', 'duplicate', 'refused']),
        eventId: eventId.optional(),
        deduplicated: z.literal(false).optional(),
        error: z.object({ code: z.string(), message: z.string() }).optional(),
      }),
    ),
  })
  .meta({ id: 'Results' })

const content = {
  amount: z.string().meta({ description: 'A decimal', example: '1000' }),
  // Not a record: that would drop a key called `__proto__`.
  metadata: z
    .unknown()
    .meta({ type: 'object', additionalProperties: true, example: { endpoint: '/v1/chat' } }),
  timestamp: z
    .string()
    .meta({ description: 'To the microsecond', example: '2026-03-01T12:00:00.000Z' }),
}

/** An event as it was received, and what became of it. */
export const eventReplySchema = z
  .object({
    eventId,
    name: z.string(),
    customerId: z.string(),
    ...content,
    sequence: z.number(),
    idempotencyKey: z.string().nullable(),
    importId: z.string().nullable(),
    effective: z.object(content).nullable().meta({
      description: 'What counts: the content as last amended; null when the event is void',
    }),
    corrections: z
      .array(
        z.object({
          kind: z.enum(['void', 'amend']),
          reason: z.string().nullable(),
          at: z.string(),
          amount: content.amount.optional(),
          metadata: content.metadata.optional(),
          timestamp: content.timestamp.optional(),
        }),
      )
      .meta({ description: 'Oldest first; the newest holds' }),
  })
  .meta({ id: 'Event' })
