import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Failure } from '../platform/errors.ts'
import { SECURITY_HEADERS, sendJson, type Words } from '../platform/http/answer.ts'
import { type RawRoute, rawRoute } from '../platform/http/route.ts'
import type { SentEvent } from '../usage/event.ts'
import { failures as usageFailures } from '../usage/failures.ts'
import { type Result, recordEventsTogether } from '../usage/record-events.ts'
import {
  beginRecording,
  RECORDING_SCOPE,
  type RecordingCall,
  withBody,
} from '../usage/recording-call.ts'
import type { RecordingHeaders } from '../usage/request-headers.ts'
import type { RecordingRouteDeps } from '../usage/track.route.ts'
import { failures } from './failures.ts'
import { type Refusal, refusalOf } from './refusal.ts'

const BODY_BYTES_MAX = 5 * 1024 * 1024

/** How the clients of another product send usage, and what they expect to hear. */
export type Dialect = {
  readonly path: string
  readonly summary: string
  /** How its clients say that a request failed. */
  readonly words: Words
  /** The types of body that they send; the first is the one to name. */
  readonly mediaTypes: readonly [string, ...string[]]
  /** Throws a Failure for a body that says no events at all; an event that is none is refused in its place. */
  read(body: Buffer, request: SentRequest): Sent
}

export type SentRequest = Pick<IncomingMessage, 'headers' | 'url'>

/** What one request says. */
export type Sent = {
  readonly events: readonly (SentEvent | Failure)[]
  /** What the client calls the event in this place, where that is how it is told of those that were refused. */
  nameOf?(index: number): string
  /** What the client is told when all of them are stored. */
  answer(stored: readonly Stored[], when: When): Answer
}

export type Stored = Exclude<Result, { status: 'refused' }>

/** When the events came, by the environment's clock, and where to. */
export type When = { readonly now: Date; readonly mode: 'live' | 'test' }

/** Without a body the answer is empty. */
export type Answer = { readonly status: number; readonly body?: unknown }

/** The route by which clients of another product record events, in the way of all events. */
export function ingestRoute(dialect: Dialect, recording: RecordingRouteDeps): RawRoute {
  const { path, summary, words } = dialect
  const limits = { bytesMax: BODY_BYTES_MAX, budget: recording.budget }
  const readHeaders = (request: IncomingMessage) => headersOf(request, dialect.mediaTypes)
  const door = {
    authenticate: recording.authenticate,
    scope: RECORDING_SCOPE,
    readHeaders,
  } as const
  return rawRoute({
    method: 'POST',
    path,
    tag: 'Compatibility',
    summary,
    words,
    scope: RECORDING_SCOPE,
    isHot: true,
    replies: {},
    failures: [
      failures.mediaType,
      usageFailures.malformed,
      usageFailures.batchTooLong,
      usageFailures.keyReused,
      usageFailures.tooLate,
      usageFailures.tooEarly,
      usageFailures.meterUnknown,
      usageFailures.unavailable,
      usageFailures.overloaded,
    ],
    handleRaw(request, response, context) {
      beginRecording(door, { request, response, context }, (call) =>
        withBody(call, limits, (body) => record(recording, call, dialect.read(body, request))),
      )
    },
  })
}

/** Their `Idempotency-Key` names a request and no event: whoever wants it reads it. */
function headersOf(request: IncomingMessage, types: Dialect['mediaTypes']): RecordingHeaders {
  const { 'content-type': type = '', 'content-encoding': encoding } = request.headers
  const [plain = ''] = type.toLowerCase().split(';')
  const isEncoded = encoding !== undefined && encoding !== 'identity'
  if (isEncoded || !types.includes(plain.trim())) throw failures.mediaType(types[0])
  return { isStream: false, idempotencyKey: null }
}

async function record(
  recording: RecordingRouteDeps,
  { caller, response }: RecordingCall,
  { events, answer, nameOf }: Sent,
): Promise<void> {
  const now = caller.environmentNow(recording.clock())
  const results = await recordEventsTogether(recording, caller, events)
  const stored: Stored[] = []
  const refusals: Refusal[] = []
  results.forEach((result, index) => {
    if (result === 'not tried') return
    const name = nameOf?.(index) ?? ''
    if (result.status !== 'refused') stored.push(result)
    else refusals.push({ index, name, failure: result.failure })
  })
  const [first, ...more] = refusals
  if (first) throw refusalOf([first, ...more], { sent: events.length, stored: stored.length })
  send(response, answer(stored, { now, mode: caller.mode }))
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (body !== undefined) sendJson(response, status, body)
  else response.writeHead(status, { ...SECURITY_HEADERS }).end()
}
