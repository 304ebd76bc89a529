import type { Words } from '../platform/http/answer.ts'
import { parseStrictJson } from '../platform/http/strict-json.ts'
import type { SentEvent } from '../usage/event.ts'
import { failures } from '../usage/failures.ts'
import { eventOf, Fields, readEach } from './fields.ts'
import type { Dialect } from './ingest.ts'
import { theirInstant } from './instant.ts'
import { keyFor } from './key.ts'

const BATCH = 'application/cloudevents-batch+json'

/** RFC 9457, which its client reads by the type of the answer. */
const words: Words = ({ status, body: { error } }) => {
  const { code, message: detail, details, docs, requestId } = error
  const body = { type: docs, title: code, status, detail, instance: requestId, extensions: details }
  return { status, body, type: 'application/problem+json' }
}

/** `events.ingest` of `@openmeter/sdk`: CloudEvents, one or many. */
export const openmeterIngest: Dialect = {
  path: '/compat/openmeter/api/v1/events',
  summary: 'Record events of clients of OpenMeter',
  words,
  mediaTypes: [BATCH, 'application/cloudevents+json', 'application/json'],
  read(body) {
    const said = parseStrictJson(body)
    const events = readEach(Array.isArray(said) ? said : [said], 'events', readCloudEvent)
    return { events, answer: () => ({ status: 204 }) }
  },
}

const FIELDS = new Set([
  ...['id', 'source', 'specversion', 'type', 'datacontenttype', 'dataschema'],
  ...['subject', 'time', 'data'],
])
const EXTENSION = /^[a-z0-9]+$/ // an attribute that the standard leaves to others
const NAMES = { name: 'type', customerId: 'subject', timestamp: 'time', metadata: 'data' }

function readCloudEvent(item: unknown): SentEvent {
  const isAttribute = (name: string) => FIELDS.has(name) || EXTENSION.test(name)
  const fields = new Fields(item, isAttribute)
  expectIfSent(fields, 'specversion', '1.0')
  expectJson(fields)
  const event = eventOf(
    {
      idempotencyKey: keyFor('openmeter', fields.text('source'), fields.text('id')),
      name: fields.of('type'),
      customerId: fields.of('subject'),
      timestamp: theirInstant(fields.of('time')),
      metadata: fields.of('data'),
    },
    NAMES,
  )
  event.isTimeIncidental = true // the client writes the time of sending there when it was given none
  return event
}

/** A type of media may have parameters, and capitals. */
function expectJson(fields: Fields): void {
  const sent = fields.of('datacontenttype')
  if (sent === undefined) return
  const [essence = ''] = String(sent).toLowerCase().split(';')
  if (essence.trim() !== 'application/json')
    throw failures.malformed('datacontenttype', 'must be "application/json"')
}

function expectIfSent(fields: Fields, name: string, value: string): void {
  const sent = fields.of(name)
  if (sent !== undefined && sent !== value) throw failures.malformed(name, `must be "${value}"`)
}
