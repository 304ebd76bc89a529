import type { ServerResponse } from 'node:http'
import { JSON_TYPE, SECURITY_HEADERS } from '../platform/http/answer.ts'
import type { Result } from './record-events.ts'

const HEADERS = Object.entries(SECURITY_HEADERS).flat()

/** Answers for one event: 201 the first time, 200 for a repeat. Throws the failure of a refused one. */
export function answerOne(response: ServerResponse, result: Result): void {
  if (result.status === 'refused') throw result.failure
  const isRepeat = result.status === 'duplicate'
  const note = result.hasKey ? '' : ',"deduplicated":false'
  const text = `{"success":true,"eventId":"${result.eventId}","duplicate":${isRepeat}${note}}`
  send(response, isRepeat ? 200 : 201, text)
}

/** Answers for the events of an array, in their order. */
export function answerMany(response: ServerResponse, results: readonly Result[]): void {
  let text = ''
  for (const result of results) text += `${text === '' ? '' : ','}${resultText(result)}`
  send(response, 200, `{"results":[${text}]}`)
}

/** One result as JSON. Written by hand: all but the message is known to need no escaping. */
export function resultText(result: Result): string {
  if (result.status === 'refused') {
    const { code, message } = result.failure
    return `{"status":"refused","error":{"code":"${code}","message":${JSON.stringify(message)}}}`
  }
  const note = result.hasKey ? '' : ',"deduplicated":false'
  return `{"status":"${result.status}","eventId":"${result.eventId}"${note}}`
}

function send(response: ServerResponse, status: number, text: string): void {
  const length = String(Buffer.byteLength(text))
  response.writeHead(status, ['content-type', JSON_TYPE, 'content-length', length, ...HEADERS])
  response.end(text)
}
