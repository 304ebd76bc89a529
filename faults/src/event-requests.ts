import type { HttpRequest } from './http-client.ts'
import type { EventResult, IntendedEvent, SendingRoute } from './journal.ts'

/** Spells a request for `events` by one of the four ways in. */
export function eventRequest(
  route: SendingRoute,
  events: readonly IntendedEvent[],
  apiKey: string,
): HttpRequest {
  const method = 'POST'
  const auth = { 'x-usageflow-api-key': apiKey }
  const json = { ...auth, 'content-type': 'application/json' }
  switch (route) {
    case 'track': {
      const [event] = events as readonly [IntendedEvent]
      const headers = event.key === null ? json : { ...json, 'idempotency-key': event.key }
      return { method, path: '/api/track', headers, body: JSON.stringify(trackBody(event)) }
    }
    case 'event': {
      const [event] = events as readonly [IntendedEvent]
      return { method, path: '/api/v1/events', headers: json, body: JSON.stringify(bodyOf(event)) }
    }
    case 'batch': {
      const body = JSON.stringify(events.map(bodyOf))
      return { method, path: '/api/v1/events', headers: json, body }
    }
    case 'stream': {
      const headers = { ...auth, 'content-type': 'application/x-ndjson' }
      const body = events.map((event) => `${JSON.stringify(bodyOf(event))}\n`).join('')
      return { method, path: '/api/v1/events', headers, body }
    }
    default:
      throw new TypeError(`unknown route: ${route satisfies never}`)
  }
}

function trackBody(event: IntendedEvent): Record<string, unknown> {
  const { name, idempotencyKey: _header, ...rest } = bodyOf(event)
  return { metric: name, ...rest }
}

function bodyOf(event: IntendedEvent): Record<string, unknown> {
  const { key, name, customer, amount, metadata, timestamp, sequence } = event
  return {
    name,
    customerId: customer,
    ...(amount === null ? {} : { amount: spelled(amount) }),
    ...(metadata === null ? {} : { metadata }),
    ...(timestamp === null ? {} : { timestamp }),
    ...(sequence === null ? {} : { sequence }),
    ...(key === null ? {} : { idempotencyKey: key }),
  }
}

/** A decimal with an even last digit goes as a number, the others as a string: both must work. */
function spelled(amount: string): number | string {
  return Number(amount.at(-1)) % 2 === 0 ? Number(amount) : amount
}

/**
 * Reads the results from a definite answer, one for each event in its order. Throws when the answer
 * is not of the documented shape, or is a refusal of the whole request that nothing here deserves.
 */
export function readResults(
  route: SendingRoute,
  status: number,
  text: string,
  eventsCount: number,
): EventResult[] {
  const results = resultsOf(route, status, text)
  if (results.length !== eventsCount)
    throw new Error(`${results.length} results for ${eventsCount} events`)
  return results
}

function resultsOf(route: SendingRoute, status: number, text: string): EventResult[] {
  if (route === 'stream' && status === 200) {
    const lines = text.split('\n').filter((line) => line !== '')
    return lines.map((line) => itemResult(JSON.parse(line)))
  }
  const body = JSON.parse(text) as { results?: unknown[] }
  if (route === 'batch' && status === 200) return (body.results ?? []).map(itemResult)
  return [singleResult(status, body)]
}

type Item = { status?: unknown; eventId?: unknown; error?: { code?: unknown } }

function itemResult(item: unknown): EventResult {
  const { status, eventId, error } = item as Item
  if (status === 'refused') return refusal(error)
  if ((status === 'recorded' || status === 'duplicate') && typeof eventId === 'string')
    return { status, eventId }
  throw new Error(`not a result: ${JSON.stringify(item)}`)
}

function singleResult(status: number, body: object): EventResult {
  const { success, eventId, duplicate } = body as Record<string, unknown>
  if (status === 422) return refusal((body as Item).error)
  const isRecorded = status === 201 && duplicate !== true
  const isDuplicate = status === 200 && duplicate === true
  const hasShape = success !== false && typeof eventId === 'string'
  if (hasShape && isRecorded) return { status: 'recorded', eventId }
  if (hasShape && isDuplicate) return { status: 'duplicate', eventId }
  throw new Error(`not an answer to an event: ${status} ${JSON.stringify(body)}`)
}

/** Codes that ask to send the event again, as 503 does for a whole request. */
const FOR_NOW = new Set(['usage.unavailable', 'usage.overloaded'])

function refusal(error: Item['error']): EventResult {
  if (typeof error?.code !== 'string') throw new Error('a refusal without a code')
  return { status: FOR_NOW.has(error.code) ? 'unknown' : 'refused', code: error.code }
}
