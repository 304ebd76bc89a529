import { EVENT_NAME, sampleEvent } from './events.ts'

/** How the requests of one load look. */
export type RequestShape = {
  readonly path: '/api/track' | '/api/v1/events'
  readonly port: number
  readonly apiKey: string
  readonly eventsPerRequest: number
  /** Part of the events that were sent before, byte for byte; from 0 to 1. */
  readonly repeatShare: number
  /** Begins every idempotency key, so that no two loads share one. */
  readonly keyPrefix: string
}

/** The bytes of a request that can be sent again and again, each time with keys never used before. */
export type Template = {
  readonly bytes: Buffer
  /** Where the part of each key stands that changes. */
  readonly keyOffsets: readonly number[]
  round: number
}

const ROUND_DIGITS = 8
const ROUND_ZERO = '0'.repeat(ROUND_DIGITS)
const KEY_DIGITS = 6
const SENT_AT = new Date().toISOString()

/** Builds request number `nth` of the load. The work is done once, ahead of the measurement. */
export function buildTemplate(shape: RequestShape, nth: number): Template {
  const bytes = shape.path === '/api/track' ? trackRequest(shape, nth) : batchRequest(shape, nth)
  const keyOffsets: number[] = []
  const mark = Buffer.from(`-${ROUND_ZERO}`)
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + mark.length))
    keyOffsets.push(at + 1)
  return { bytes, keyOffsets, round: 0 }
}

/**
 * Gives the request new keys. From the second round on, `repeatShare` of the events, other ones in
 * every round, keep the key of the round before and so are repeats.
 */
export function renewKeys(template: Template, repeatShare: number): void {
  template.round += 1
  const digits = Buffer.from(String(template.round).padStart(ROUND_DIGITS, '0'))
  const offsets = template.keyOffsets
  const every = repeatShare > 0 && template.round > 1 ? Math.round(1 / repeatShare) : 0
  for (let nth = 0; nth < offsets.length; nth += 1) {
    if (every > 0 && nth % every === template.round % every) continue
    template.bytes.set(digits, offsets[nth])
  }
}

/** One event a request, the key in its header. */
function trackRequest(shape: RequestShape, nth: number): Buffer {
  const { customer, metadata } = sampleEvent(nth)
  const body = JSON.stringify({ metric: EVENT_NAME, amount: 1, customerId: customer, metadata })
  return request(shape, [`Idempotency-Key: ${key(shape, nth)}`], body)
}

/** Many events a request, each with its key. */
function batchRequest(shape: RequestShape, nth: number): Buffer {
  const events = Array.from({ length: shape.eventsPerRequest }, (_, at) => {
    const n = nth * shape.eventsPerRequest + at
    const { customer, metadata } = sampleEvent(n)
    return {
      name: EVENT_NAME,
      customerId: customer,
      amount: 1,
      metadata,
      timestamp: SENT_AT,
      idempotencyKey: key(shape, n),
    }
  })
  return request(shape, [], JSON.stringify(events))
}

function key(shape: RequestShape, n: number): string {
  return `${shape.keyPrefix}-${String(n).padStart(KEY_DIGITS, '0')}-${ROUND_ZERO}`
}

function request(shape: RequestShape, headers: readonly string[], body: string): Buffer {
  const head = [
    `POST ${shape.path} HTTP/1.1`,
    `Host: 127.0.0.1:${shape.port}`,
    `x-usageflow-api-key: ${shape.apiKey}`,
    'Content-Type: application/json',
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}
