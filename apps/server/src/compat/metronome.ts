import type { Words } from '../platform/http/answer.ts'
import { parseStrictJson } from '../platform/http/strict-json.ts'
import type { SentEvent } from '../usage/event.ts'
import { eventOf, Fields, known, readEach } from './fields.ts'
import type { Dialect } from './ingest.ts'
import { theirInstant } from './instant.ts'
import { keyFor } from './key.ts'

const words: Words = ({ status, body: { error } }) => {
  const { code, message, details } = error
  return { status, body: { message, code, details } }
}

/** `v1.usage.ingest` of `@metronome/sdk`: a bare list. */
export const metronomeIngest: Dialect = {
  path: '/compat/metronome/v1/ingest',
  summary: 'Record events of clients of Metronome',
  words,
  mediaTypes: ['application/json'],
  read(body) {
    const events = readEach(parseStrictJson(body), 'the body', readMetronomeEvent)
    return { events, answer: () => ({ status: 200 }) }
  },
}

const isField = known('transaction_id', 'customer_id', 'event_type', 'timestamp', 'properties')
const NAMES = { name: 'event_type', customerId: 'customer_id', metadata: 'properties' }

function readMetronomeEvent(item: unknown): SentEvent {
  const fields = new Fields(item, isField)
  return eventOf(
    {
      idempotencyKey: keyFor('metronome', fields.text('transaction_id')),
      name: fields.of('event_type'),
      customerId: fields.of('customer_id'),
      timestamp: theirInstant(fields.text('timestamp')),
      metadata: fields.of('properties'),
    },
    NAMES,
  )
}
