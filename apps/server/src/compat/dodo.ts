import type { Words } from '../platform/http/answer.ts'
import { parseStrictJson } from '../platform/http/strict-json.ts'
import type { SentEvent } from '../usage/event.ts'
import { eventOf, Fields, known, readEach } from './fields.ts'
import type { Dialect } from './ingest.ts'
import { theirInstant } from './instant.ts'
import { keyFor } from './key.ts'

export const DODO = 'dodo'

/** Dodo Payments' way to fail. Its clients try again what is answered 408, 409, 429 or 5xx, and nothing else. */
export const dodoWords: Words = ({ status, body: { error } }) => {
  const { code, message, details } = error
  return { status, body: { code, message, details } }
}

/** `usageEvents.ingest` of `dodopayments`. */
export const dodoIngest: Dialect = {
  path: '/compat/dodo/events/ingest',
  summary: 'Record events of clients of Dodo Payments',
  words: dodoWords,
  mediaTypes: ['application/json'],
  read(body) {
    const request = new Fields(parseStrictJson(body), known('events'))
    const events = readEach(request.of('events'), 'events', readDodoEvent)
    return {
      events,
      // A repeat counts, for it is stored: whoever compares this with what was sent tries again for nothing.
      answer: (stored) => ({ status: 200, body: { ingested_count: stored.length } }),
    }
  },
}

const isField = known('event_id', 'customer_id', 'event_name', 'timestamp', 'metadata')
const NAMES = { name: 'event_name', customerId: 'customer_id' }

function readDodoEvent(item: unknown): SentEvent {
  const fields = new Fields(item, isField)
  return eventOf(
    {
      idempotencyKey: keyFor(DODO, fields.text('event_id')),
      name: fields.of('event_name'),
      customerId: fields.of('customer_id'),
      timestamp: theirInstant(fields.of('timestamp')),
      metadata: fields.of('metadata'),
    },
    NAMES,
  )
}
