import type { IncomingMessage } from 'node:http'
import { idempotencyKey } from '../platform/http/idempotency.ts'
import { failures } from './failures.ts'

export type RecordingHeaders = {
  readonly isStream: boolean
  readonly idempotencyKey: string | null
}

const JSON_PLAIN = 'application/json' // by far the most frequent
const JSON_SHAPE = /^application\/json[ \t]*(?:;[ \t]*charset="?utf-8"?)?$/i
const STREAM_SHAPE = /^application\/x-ndjson[ \t]*(?:;[ \t]*charset="?utf-8"?)?$/i

/**
 * Reads the headers that say how to read the body. Node keeps the first of two equal headers, or joins
 * them, so what was really sent is counted: two parsers that disagree are a way past either.
 *
 * Throws `request.media_type` and `idempotency.key_malformed`.
 */
export function readHeaders(request: IncomingMessage): RecordingHeaders {
  const { headers, rawHeaders } = request
  const type = headers['content-type']
  const encoding = headers['content-encoding']
  if (type === undefined || countOf(rawHeaders, 'content-type') > 1) throw failures.mediaType()
  if (encoding !== undefined && encoding !== 'identity') throw failures.mediaType()
  const isStream = type !== JSON_PLAIN && STREAM_SHAPE.test(type)
  if (!isStream && type !== JSON_PLAIN && !JSON_SHAPE.test(type)) throw failures.mediaType()
  const key = headers['idempotency-key']
  if (key === undefined) return isStream ? STREAM : KEYLESS
  const isTwice = countOf(rawHeaders, 'idempotency-key') > 1
  return { isStream, idempotencyKey: idempotencyKey(isTwice ? [] : key) }
}

const STREAM: RecordingHeaders = { isStream: true, idempotencyKey: null }
const KEYLESS: RecordingHeaders = { isStream: false, idempotencyKey: null }

function countOf(rawHeaders: readonly string[], wanted: string): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string
    if (name.length === wanted.length && name.toLowerCase() === wanted) count++
  }
  return count
}
