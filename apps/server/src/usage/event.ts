import { Failure } from '../platform/errors.ts'
import { readAmount } from './amount.ts'
import { readInstant } from './event-time.ts'
import { failures } from './failures.ts'
import { type Metadata, readMetadata } from './metadata.ts'

/** An event as a client sent it: checked for shape, and for nothing that depends on the time. */
export type SentEvent = {
  name: string
  customerId: string
  amount: string
  metadata: Metadata | null
  timestampUs: number | null
  /** The time was put there by a library at every sending: with another one it is still the same event. */
  isTimeIncidental?: boolean
  sequence: number
  idempotencyKey: string | null
  importId: string | null
}

/** What the event is called in its body: `metric` at /api/track, `name` elsewhere. */
export type NameField = 'name' | 'metric'

const NAME_LENGTH_MAX = 100
const CUSTOMER_LENGTH_MAX = 255
const IMPORT_ID_LENGTH_MAX = 40
const KEY_SHAPE = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/ // what the header can carry too

/**
 * Checks one event that came out of `parseStrictJson`. Written by hand because a schema library costs
 * more than parsing. Throws `usage.malformed` and `usage.amount_too_precise`.
 */
export function readEvent(body: unknown, nameField: NameField): SentEvent {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw failures.malformed('event', 'must be a JSON object')
  const event: SentEvent = {
    name: '',
    customerId: '',
    amount: '1',
    metadata: null,
    timestampUs: null,
    sequence: 0,
    idempotencyKey: null,
    importId: null,
  }
  // Nothing but own keys is enumerable in what JSON.parse made.
  for (const field in body)
    readField(event, field, (body as Record<string, unknown>)[field], nameField)
  if (event.name === '') throw failures.malformed(nameField, 'is missing')
  if (event.customerId === '') throw failures.malformed('customerId', 'is missing')
  return event
}

/** The event that `parse` gives, or why there is none: among many that is a result like any other. */
export function readOrRefuse(parse: () => unknown): SentEvent | Failure {
  try {
    return readEvent(parse(), 'name')
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
}

function readField(event: SentEvent, field: string, value: unknown, nameField: NameField): void {
  switch (field) {
    case nameField:
      event.name = readText(field, value, NAME_LENGTH_MAX)
      break
    case 'customerId':
      event.customerId = readText(field, value, CUSTOMER_LENGTH_MAX)
      break
    case 'amount':
      event.amount = readAmount(value)
      break
    case 'metadata':
      event.metadata = readMetadata(value)
      break
    case 'timestamp':
      event.timestampUs = readTimestamp(value)
      break
    case 'sequence':
      event.sequence = readSequence(value)
      break
    case 'idempotencyKey':
      event.idempotencyKey = readKey(value)
      break
    case 'importId':
      event.importId = readText(field, value, IMPORT_ID_LENGTH_MAX)
      break
    default:
      throw failures.malformed(
        field.slice(0, NAME_LENGTH_MAX),
        `is not a field of an event; ${FIELDS[nameField]}`,
      )
  }
}

const OTHER_FIELDS =
  'customerId, amount, metadata, timestamp, sequence, idempotencyKey and importId are'
const FIELDS = { name: `name, ${OTHER_FIELDS}`, metric: `metric, ${OTHER_FIELDS}` } as const

function readText(field: string, value: unknown, lengthMax: number): string {
  if (typeof value === 'string' && value.length >= 1 && value.length <= lengthMax) return value
  throw failures.malformed(field, `must be text of 1 to ${lengthMax} characters`)
}

function readKey(value: unknown): string {
  if (typeof value === 'string' && KEY_SHAPE.test(value)) return value
  throw failures.malformed('idempotencyKey', 'must be 1 to 255 printable ASCII characters')
}

function readSequence(value: unknown): number {
  if (Number.isSafeInteger(value)) return (value as number) + 0 // -0 is 0
  throw failures.malformed('sequence', 'must be an integer between -(2^53 - 1) and 2^53 - 1')
}

/** Microseconds since 1970. Throws `usage.malformed`. */
export function readTimestamp(value: unknown): number {
  const micros = typeof value === 'string' ? readInstant(value) : null
  if (micros !== null) return micros
  throw failures.malformed(
    'timestamp',
    'must be an RFC 3339 instant with a zone and at most 6 fractional digits, like "2026-03-01T12:00:00.123Z"',
  )
}
