import type { ServerResponse } from 'node:http'
import { JSON_TYPE, SECURITY_HEADERS } from '../platform/http/answer.ts'
import { EVENT_ID_BYTES, eventIdOf, writeEventId } from './event-key.ts'
import type { UsageEvent } from './event-rows.ts'
import type { Result } from './record-events.ts'

const HEADERS = Object.entries(SECURITY_HEADERS).flat()

/** Answers for one event: 201 the first time, 200 for a repeat. Throws the failure of a refused one. */
export function answerOne(response: ServerResponse, result: Result): void {
  if (result.status === 'refused') throw result.failure
  const isRepeat = result.status === 'duplicate'
  const { key } = result.event
  const text = `{"success":true,"eventId":"${eventIdOf(key)}","duplicate":${isRepeat}${noteOf(result.event)}}`
  send(response, isRepeat ? 200 : 201, text, text.length) // it is ASCII
}

/** Answers for the events of an array, in their order. */
export function answerMany(response: ServerResponse, results: readonly Result[]): void {
  const body = encodeResults(results)
  send(response, 200, body, body.length)
}

/** One result as JSON. */
export function resultText(result: Result): string {
  if (result.status === 'refused') {
    const { code, message } = result.failure
    return JSON.stringify({ status: 'refused', error: { code, message } })
  }
  return `{"status":"${result.status}","eventId":"${eventIdOf(result.event.key)}"${noteOf(result.event)}}`
}

/** Without a key the event would count again if it were sent again, and the sender should know. */
function noteOf({ isKeyed }: UsageEvent): string {
  return isKeyed ? '' : ',"deduplicated":false'
}

const OPENING = Buffer.from('{"results":[')
const CLOSING = Buffer.from(']}')
const RECORDED = Buffer.from('{"status":"recorded","eventId":"')
const END = Buffer.from('"},')
const RESULT_BYTES = RECORDED.length + EVENT_ID_BYTES + END.length

/** The results as JSON. Written as bytes, because a string for each makes more work for the collector than for us. */
function encodeResults(results: readonly Result[]): Buffer {
  const others = results.map((result) =>
    isPlain(result) ? null : Buffer.from(`${resultText(result)},`),
  )
  let length = OPENING.length + CLOSING.length
  for (const other of others) length += other?.length ?? RESULT_BYTES
  const body = Buffer.allocUnsafe(length)
  let at = put(body, 0, OPENING)
  results.forEach((result, index) => {
    const other = others[index]
    if (other) at = put(body, at, other)
    else if (result.status !== 'refused') {
      at = put(body, at, RECORDED)
      writeEventId(result.event.key, body, at)
      at = put(body, at + EVENT_ID_BYTES, END)
    }
  })
  at = put(body, at - 1, CLOSING) // over the last comma
  return body.subarray(0, at)
}

function isPlain(result: Result): boolean {
  return result.status === 'recorded' && result.event.isKeyed
}

/** Returns where the bytes end. A loop, which beats the call into C++ for so few. */
function put(body: Buffer, at: number, bytes: Buffer): number {
  for (let index = 0; index < bytes.length; index++) body[at + index] = bytes[index] as number
  return at + bytes.length
}

function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  length: number,
): void {
  response.writeHead(status, [
    'content-type',
    JSON_TYPE,
    'content-length',
    String(length),
    ...HEADERS,
  ])
  response.end(body)
}
