import type { Words } from '../platform/http/answer.ts'
import { parseStrictJson } from '../platform/http/strict-json.ts'
import type { SentEvent } from '../usage/event.ts'
import { eventIdOf } from '../usage/event-key.ts'
import { instantText } from '../usage/event-time.ts'
import { eventOf, Fields, known, noted, readEach } from './fields.ts'
import type { Dialect, Stored, When } from './ingest.ts'
import { theirInstant, unixInstant } from './instant.ts'
import { keyFor } from './key.ts'

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  422: 'Unprocessable Entity',
}

/** There an event that is not as it should be is 422 with what is wrong by field, and a body that is none 400. */
const words: Words = (answer) => {
  const { code, message, details } = answer.body.error
  const isEvent = code.startsWith('usage.') && answer.status <= 422
  const status = isEvent ? 422 : answer.status
  const error = TITLES[status] ?? code
  if (!isEvent) return { status, body: { status, error, code, message } }
  const at = code === 'usage.key_reused' ? 'transaction_id' : String(details.at ?? 'event')
  const what = code === 'usage.key_reused' ? ['value_already_exist', message] : [message]
  return {
    status,
    body: { status, error, code: 'validation_errors', error_details: { [at]: what } },
  }
}

/** `events.createEvent` of `lago-javascript-client`. */
export const lagoIngest: Dialect = {
  path: '/compat/lago/api/v1/events',
  summary: 'Record an event of clients of Lago',
  words,
  mediaTypes: ['application/json'],
  read(body) {
    const item = new Fields(parseStrictJson(body), known('event')).of('event')
    const events = readEach([item], 'event', readLagoEvent)
    return {
      events,
      answer: ([stored], when) => ({ status: 200, body: { event: told(stored, item, when) } }),
    }
  },
}

/** `events.createBatchEvents` of `lago-javascript-client`. */
export const lagoBatchIngest: Dialect = {
  ...lagoIngest,
  path: '/compat/lago/api/v1/events/batch',
  summary: 'Record events of clients of Lago',
  read(body) {
    const list = new Fields(parseStrictJson(body), known('events')).of('events')
    return {
      events: readEach(list, 'events', readLagoEvent),
      answer: (stored, when) => ({
        status: 200,
        body: { events: (list as unknown[]).map((item, at) => told(stored[at], item, when)) },
      }),
    }
  },
}

const NOTES = ['precise_total_amount_cents'] as const
const isField = known(
  ...['transaction_id', 'external_subscription_id', 'external_customer_id'],
  ...['code', 'timestamp', 'properties', ...NOTES],
)

/** A transaction is one of its subscription, so the same id at another one is another event. */
function readLagoEvent(item: unknown): SentEvent {
  const fields = new Fields(item, isField)
  const transaction = fields.text('transaction_id')
  const subscription = fields.optionalText('external_subscription_id')
  const customer = subscriber(subscription, fields)
  const event = eventOf(
    {
      idempotencyKey: keyFor('lago', subscription ?? fields.text(customer), transaction),
      name: fields.of('code'),
      customerId: fields.of(customer),
      timestamp: theirInstant(unixInstant(fields.of('timestamp'))),
      metadata: fields.of('properties'),
    },
    { name: 'code', customerId: customer, metadata: 'properties' },
  )
  return noted(event, fields, NOTES)
}

/** Which field says whose usage it is. Older clients name the customer, today's the subscription. */
function subscriber(subscription: string | undefined, fields: Fields): string {
  const isNamed = fields.of('external_customer_id') !== undefined
  return isNamed || subscription === undefined ? 'external_customer_id' : 'external_subscription_id'
}

function told(stored: Stored | undefined, item: unknown, { now }: When) {
  const { timestamp, ...said } = item as Record<string, unknown>
  const at = theirInstant(unixInstant(timestamp))
  const created = instantText(now.getTime() * 1_000)
  return {
    ...said,
    lago_id: stored ? eventIdOf(stored.event.key) : null,
    lago_customer_id: null,
    lago_subscription_id: null,
    timestamp: at ?? created,
    created_at: created,
  }
}
