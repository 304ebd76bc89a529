import type { IncomingHttpHeaders } from 'node:http'
import type { Words } from '../platform/http/answer.ts'
import type { SentEvent } from '../usage/event.ts'
import { eventIdOf } from '../usage/event-key.ts'
import { failures } from '../usage/failures.ts'
import { eventOf } from './fields.ts'
import { readForm } from './form.ts'
import type { Dialect, Stored, When } from './ingest.ts'
import { unixInstant } from './instant.ts'
import { keyFor } from './key.ts'

/** Its client makes an error of its own of 400, of 401, of 403 and of 429, and tries 409 and 5xx again by itself. */
const words: Words = ({ status, body: { error } }) => {
  const { code, message, details } = error
  const type = status >= 500 ? 'api_error' : 'invalid_request_error'
  const param = typeof details.at === 'string' ? { param: details.at } : {}
  return {
    status: status === 422 ? 400 : status,
    body: { error: { type, code, message, ...param } },
  }
}

/** `billing.meterEvents.create` of `stripe`, which can be given a host and no path. */
export const stripeIngest: Dialect = {
  path: '/v1/billing/meter_events',
  summary: 'Record a meter event of clients of Stripe',
  words,
  mediaTypes: ['application/x-www-form-urlencoded'],
  read(body, { headers }) {
    const said = readMeterEvent(readForm(body))
    expectValueAndTime(said)
    return {
      events: [toEvent(said, headers)],
      answer: ([stored], when) => ({ status: 200, body: told(said, stored, when) }),
    }
  },
}

const PAYLOAD = /^payload\[([^[\]]+)\]$/
const EXPAND = /^expand\[\d*\]$/ // there is nothing to expand, and no harm in asking
const FIELDS = new Set(['event_name', 'identifier', 'timestamp'])
const CUSTOMER = 'stripe_customer_id'
const VALUE = 'value'

type MeterEvent = {
  readonly fields: Readonly<Record<string, string>>
  readonly payload: Readonly<Record<string, string>>
}

function readMeterEvent(form: ReadonlyMap<string, string>): MeterEvent {
  const fields: [string, string][] = []
  const payload: [string, string][] = []
  for (const [name, value] of form) {
    const key = PAYLOAD.exec(name)?.[1]
    if (key !== undefined) payload.push([key, value])
    else if (FIELDS.has(name)) fields.push([name, value])
    else if (!EXPAND.test(name))
      throw failures.malformed(name.slice(0, 100), 'is not a parameter of a meter event')
  }
  return { fields: Object.fromEntries(fields), payload: Object.fromEntries(payload) }
}

const NAMES = {
  ...{ name: 'event_name', customerId: `payload[${CUSTOMER}]`, amount: `payload[${VALUE}]` },
  metadata: 'payload',
}

const DIGITS = /^\d+$/

/** A value under another name, by which a meter of theirs may read, must not become an amount of 1; and a time is in seconds, as theirs. */
function expectValueAndTime({ fields, payload }: MeterEvent): void {
  if (!(VALUE in payload) && Object.keys(payload).some((name) => name !== CUSTOMER))
    throw failures.malformed(NAMES.amount, 'is missing')
  if (fields.timestamp !== undefined && !DIGITS.test(fields.timestamp))
    throw failures.malformed('timestamp', 'must be whole seconds since 1970')
}

function toEvent({ fields, payload }: MeterEvent, headers: IncomingHttpHeaders): SentEvent {
  const { event_name: name, timestamp } = fields
  const { [CUSTOMER]: customerId, [VALUE]: amount, ...metadata } = payload
  return eventOf(
    {
      ...{ name, customerId, amount, metadata },
      idempotencyKey: keyOf(fields, headers),
      timestamp: unixInstant(timestamp),
    },
    NAMES,
  )
}

/**
 * Without an identifier, what its client sends with each try of one call tells a repeat. Each account that a platform
 * speaks for has identifiers of its own.
 */
function keyOf(
  { identifier }: MeterEvent['fields'],
  { 'idempotency-key': request, 'stripe-account': account }: IncomingHttpHeaders,
): string | undefined {
  const names = account ? ['account', String(account)] : []
  if (identifier) return keyFor('stripe', ...names, identifier)
  return typeof request === 'string' && request !== ''
    ? keyFor('stripe', ...names, 'request', request)
    : undefined
}

function told({ fields, payload }: MeterEvent, stored: Stored | undefined, { now, mode }: When) {
  const created = Math.floor(now.getTime() / 1_000)
  return {
    object: 'billing.meter_event',
    created,
    event_name: fields.event_name,
    identifier: fields.identifier ?? (stored ? eventIdOf(stored.event.key) : null),
    livemode: mode === 'live',
    payload,
    timestamp: fields.timestamp ? Math.trunc(Number(fields.timestamp)) : created,
  }
}
