import type { Words } from '../platform/http/answer.ts'
import { parseStrictJson } from '../platform/http/strict-json.ts'
import type { SentEvent } from '../usage/event.ts'
import { failures } from '../usage/failures.ts'
import { eventOf, Fields, known, readEach } from './fields.ts'
import type { Dialect } from './ingest.ts'
import { theirUtcInstant } from './instant.ts'
import { keyFor } from './key.ts'
import { refusedEvents } from './refusal.ts'

const ERRORS = 'https://docs.withorb.com/reference/error-responses'

/** What its client knows an error by, where it knows one. */
const TYPES: Readonly<Record<number, string>> = {
  400: `${ERRORS}#400-request-validation-errors`,
  401: `${ERRORS}#401-authentication-error`,
  413: `${ERRORS}#413-request-too-large`,
}

const words: Words = (answer) => {
  const { code, message: detail } = answer.body.error
  const status = code === 'request.too_large' ? 413 : answer.status === 422 ? 400 : answer.status
  const failed = refusedEvents(answer).map(({ name, message }) => ({
    idempotency_key: name,
    validation_errors: [message],
  }))
  const body = {
    ...{ type: TYPES[status] ?? 'about:blank', status, title: code, detail },
    ...(status === 400 ? { validation_errors: [detail], validation_failed: failed } : {}),
  }
  return { status, body }
}

/** `events.ingest` of `orb-billing`. A backfill is an import of ours. */
export const orbIngest: Dialect = {
  path: '/compat/orb/ingest',
  summary: 'Record events of clients of Orb',
  words,
  mediaTypes: ['application/json'],
  read(body, { url = '' }) {
    const query = new URLSearchParams(url.split('?')[1])
    const importId = query.get('backfill_id') ?? undefined
    const list = new Fields(parseStrictJson(body), known('events')).of('events')
    const events = readEach(list, 'events', (item) => readOrbEvent(item, importId))
    return {
      events,
      nameOf: (index) => nameOf((list as unknown[])[index]), // `readEach` has seen that it is a list
      answer: () => ({ status: 200, body: { validation_failed: [] } }),
    }
  },
}

const isField = known(
  ...['idempotency_key', 'event_name', 'timestamp', 'properties'],
  ...['customer_id', 'external_customer_id'],
)

function readOrbEvent(item: unknown, importId: string | undefined): SentEvent {
  const fields = new Fields(item, isField)
  const id = fields.of('customer_id')
  const externalId = fields.of('external_customer_id')
  if ((id === undefined) === (externalId === undefined))
    throw failures.malformed('external_customer_id', 'or customer_id must be there, and not both')
  const customer = id === undefined ? 'external_customer_id' : 'customer_id'
  return eventOf(
    {
      importId,
      idempotencyKey: keyFor('orb', fields.text('idempotency_key')),
      name: fields.of('event_name'),
      customerId: fields.of(customer),
      timestamp: theirUtcInstant(fields.text('timestamp')),
      metadata: fields.of('properties'),
    },
    { name: 'event_name', customerId: customer, metadata: 'properties', importId: 'backfill_id' },
  )
}

function nameOf(item: unknown): string {
  const { idempotency_key: key } = (item ?? {}) as { idempotency_key?: unknown }
  return typeof key === 'string' ? key : ''
}
