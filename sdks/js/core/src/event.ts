import { isExact, readAmount } from './amount.ts'
import { failures, UsageFlowError } from './errors.ts'

type Named =
  | { readonly name: string; readonly metric?: undefined }
  /** Another word for `name`. */
  | { readonly metric: string; readonly name?: undefined }

/** One usage fact. */
export type UsageEvent = EventDetails & {
  /** Default 1. A number of at most 15 significant digits, or a decimal string like `"0.000001"`. */
  readonly amount?: number | string | bigint | undefined
}

/** All of an event but how much. */
export type EventDetails = Named & {
  /** Your own name for the customer. */
  readonly customerId: string
  /** Whatever JSON can say, within the limits of the server. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /** When it was used. Default: when it was tracked. */
  readonly timestamp?: Date | string | undefined
  /** Default: a random one, kept through all retries. With your own, give the `timestamp` too: a repeat must be the same event. */
  readonly idempotencyKey?: string | undefined
}

/** An event as it goes over the wire. Given to `track` or `send` again it counts once. */
export type SentEvent = {
  readonly name: string
  readonly customerId: string
  readonly amount: string
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly timestamp: string
  readonly idempotencyKey: string
}

/** An event that was checked, and that its host can change no more. */
export type ReadEvent = {
  readonly name: string
  readonly customerId: string
  readonly amount: string
  /** JSON; empty for none. */
  readonly metadata: string
  /** Null when it is to be stamped. */
  readonly timestamp: string | null
  /** Null when it is to be made. */
  readonly idempotencyKey: string | null
}

const NAME_LENGTH_MAX = 100
const CUSTOMER_LENGTH_MAX = 255
const EVENT_CHARACTERS_MAX = 256 * 1024 // twice what the limits of metadata allow, escapes apart
const KEY_SHAPE = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/
const FIELDS = [
  ...(['name', 'metric', 'customerId', 'amount', 'metadata'] as const),
  ...(['timestamp', 'idempotencyKey'] as const),
]

/** Whatever came in the fields of an event. */
type Given = { readonly [field in (typeof FIELDS)[number]]?: unknown }

/**
 * Checks what could make a request unreadable, and with it its neighbours; the limits of single fields
 * that the server checks one event at a time are left to it. Throws an `invalid` error and nothing else.
 */
export function readEvent(event: unknown): ReadEvent {
  try {
    return read(event)
  } catch (error) {
    if (error instanceof UsageFlowError) throw error
    throw failures.invalid('event', 'must be an object that can be read and written as JSON')
  }
}

function read(event: unknown): ReadEvent {
  if (typeof event !== 'object' || event === null)
    throw failures.invalid('event', 'must be an object')
  for (const field in event)
    if (!FIELDS.some((known) => known === field))
      throw failures.invalid(
        field.slice(0, NAME_LENGTH_MAX),
        `is not a field of an event; ${FIELDS.join(', ')} are`,
      )
  const given: Given = event
  if (given.name !== undefined && given.metric !== undefined)
    throw failures.invalid('metric', 'is another word for name: give one of them')
  return {
    name: readText('name', given.name ?? given.metric, NAME_LENGTH_MAX),
    customerId: readText('customerId', given.customerId, CUSTOMER_LENGTH_MAX),
    amount: readAmount(given.amount),
    metadata: readMetadata(given.metadata),
    timestamp: readTimestamp(given.timestamp),
    idempotencyKey: readKey(given.idempotencyKey),
  }
}

/** The event as JSON, complete. */
export function eventJson(event: ReadEvent, timestamp: string, idempotencyKey: string): string {
  const { name, customerId, amount, metadata } = event
  const more = metadata === '' ? '' : `"metadata":${metadata},`
  return `{"name":${JSON.stringify(name)},"customerId":${JSON.stringify(customerId)},"amount":"${amount}",${more}"timestamp":${JSON.stringify(timestamp)},"idempotencyKey":${JSON.stringify(idempotencyKey)}}`
}

function readText(field: string, value: unknown, lengthMax: number): string {
  if (typeof value !== 'string' || value === '' || value.length > lengthMax)
    throw failures.invalid(field, `must be text of 1 to ${lengthMax} characters`)
  return wholeText(field, value)
}

/** The server takes no JSON with such text, nor the events that stand beside it. */
function wholeText(field: string, text: string): string {
  if (text.includes('\0') || !text.isWellFormed())
    throw failures.invalid(field, 'must be whole characters, without NUL or half a surrogate pair')
  return text
}

function readMetadata(metadata: unknown): string {
  if (metadata === undefined) return ''
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
    throw failures.invalid('metadata', 'must be an object')
  const json = JSON.stringify(metadata, writable)
  if (json === '{}') return ''
  if (!json.startsWith('{')) throw failures.invalid('metadata', 'must be an object')
  if (json.length > EVENT_CHARACTERS_MAX)
    throw failures.invalid('metadata', `must be at most ${EVENT_CHARACTERS_MAX} characters of JSON`)
  return json
}

/** Numbers with more digits than a double keeps go as text, digit for digit: usage is not lost for a note. */
function writable(key: string, value: unknown): unknown {
  wholeText('metadata', key)
  if (typeof value === 'string') return wholeText('metadata', value)
  if (typeof value === 'bigint') return String(value)
  return typeof value === 'number' && Number.isFinite(value) && !isExact(value)
    ? String(value)
    : value
}

function readTimestamp(timestamp: unknown): string | null {
  if (timestamp === undefined) return null
  if (timestamp instanceof Date && !Number.isNaN(timestamp.getTime()))
    return timestamp.toISOString()
  if (typeof timestamp === 'string' && !Number.isNaN(Date.parse(timestamp)))
    return wholeText('timestamp', timestamp)
  throw failures.invalid('timestamp', 'must be a Date or text like "2026-03-01T12:00:00.123Z"')
}

/** Whether it can be the key of an event. */
export function isKey(key: unknown): key is string {
  return typeof key === 'string' && KEY_SHAPE.test(key)
}

function readKey(key: unknown): string | null {
  if (key === undefined) return null
  if (isKey(key)) return key
  throw failures.invalid('idempotencyKey', 'must be 1 to 255 printable ASCII characters')
}
