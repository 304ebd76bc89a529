import type { Words } from '../platform/http/answer.ts'
import { parseStrictJson } from '../platform/http/strict-json.ts'
import type { SentEvent } from '../usage/event.ts'
import { failures } from '../usage/failures.ts'
import { eventOf, Fields, known, noted, readEach } from './fields.ts'
import type { Dialect } from './ingest.ts'
import { theirInstant } from './instant.ts'
import { keyFor } from './key.ts'
import { refusedEvents } from './refusal.ts'

/** Its client has an error of its own for 422 alone, which there is any request that is not as it should be. */
const words: Words = (answer) => {
  const { code, message } = answer.body.error
  if (answer.status !== 400 && answer.status !== 422)
    return { status: answer.status, body: { error: code, detail: message } }
  const events = refusedEvents(answer)
  const told = events.length > 0 ? events : [{ index: null, message }]
  const detail = told.map(({ index, message: msg }, at) => ({
    ...{ type: code, msg: at === 0 ? message : msg }, // the first says what became of the others, too
    loc: ['body', ...(index === null ? [] : ['events', index])],
  }))
  return { status: 422, body: { error: code, detail } }
}

/** `events.ingest` of `@polar-sh/sdk`. */
export const polarIngest: Dialect = {
  path: '/compat/polar/v1/events/ingest',
  summary: 'Record events of clients of Polar',
  words,
  mediaTypes: ['application/json'],
  read(body) {
    const list = new Fields(parseStrictJson(body), known('events')).of('events')
    return {
      events: readEach(list, 'events', readPolarEvent),
      answer(stored) {
        const duplicates = stored.filter(({ status }) => status === 'duplicate').length
        return { status: 200, body: { inserted: stored.length - duplicates, duplicates } }
      },
    }
  },
}

const NOTES = ['parent_id', 'member_id', 'external_member_id'] as const
const isField = known(
  ...['external_id', 'name', 'timestamp', 'metadata', 'organization_id'],
  ...['customer_id', 'external_customer_id'],
  ...NOTES,
)

function readPolarEvent(item: unknown): SentEvent {
  const fields = new Fields(item, isField)
  const id = fields.of('customer_id')
  const externalId = fields.of('external_customer_id')
  if ((id === undefined) === (externalId === undefined))
    throw failures.malformed('external_customer_id', 'or customer_id must be there, and not both')
  const externalKey = fields.optionalText('external_id')
  const customer = id === undefined ? 'external_customer_id' : 'customer_id'
  const event = eventOf(
    {
      idempotencyKey: externalKey === undefined ? undefined : keyFor('polar', externalKey),
      name: fields.of('name'),
      customerId: fields.of(customer),
      timestamp: theirInstant(fields.of('timestamp')),
      metadata: fields.of('metadata'),
    },
    { customerId: customer },
  )
  return noted(event, fields, NOTES)
}
