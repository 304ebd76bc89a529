import { z } from 'zod'
import { type RawRoute, rawRoute } from '../platform/http/route.ts'
import { parseStrictJson } from '../platform/http/strict-json.ts'
import { readEvent, readOrRefuse } from './event.ts'
import { recordedReply, resultsReply, sentEvent } from './event-schemas.ts'
import { failures } from './failures.ts'
import { recordEvents } from './record-events.ts'
import { recordStream } from './record-stream.ts'
import { answerMany, answerOne } from './recording-answers.ts'
import { beginRecording, RECORDING_SCOPE, type RecordingCall, withBody } from './recording-call.ts'
import { type RecordingRouteDeps, withHeaderKey } from './track.route.ts'

const BODY_BYTES_MAX = 5 * 1024 * 1024
const EVENTS_MAX = 1_000

/** `POST /api/v1/events`: one event, an array of them, or a stream. */
export function recordEventsRoute(deps: RecordingRouteDeps): RawRoute {
  const limits = { bytesMax: BODY_BYTES_MAX, budget: deps.budget }
  const door = { authenticate: deps.authenticate, scope: RECORDING_SCOPE } as const
  return rawRoute({
    method: 'POST',
    path: '/api/v1/events',
    tag: 'Usage',
    summary: 'Record usage events',
    description:
      'One event is answered as at `/api/track`. An array of up to 1,000 is answered 200 with a result for each, in their order; one that is refused does no harm to the others. A stream of any length is sent as `Content-Type: application/x-ndjson`, one event a line, and answered with one result a line.',
    scope: RECORDING_SCOPE,
    isHot: true,
    body: z.union([sentEvent, z.array(sentEvent).min(1).max(EVENTS_MAX)]),
    replies: { 200: z.union([recordedReply, resultsReply]), 201: recordedReply },
    failures: [
      failures.malformed,
      failures.batchTooLong,
      failures.keyReused,
      failures.tooLate,
      failures.tooEarly,
      failures.importUnknown,
      failures.importReverted,
      failures.outsideImport,
      failures.meterUnknown,
      failures.unavailable,
      failures.overloaded,
    ],
    handleRaw(request, response, context) {
      beginRecording(door, { request, response, context }, (call) => {
        const { isStream, idempotencyKey } = call.headers
        if (isStream && idempotencyKey !== null) throw failures.keyForMany()
        if (isStream)
          void recordStream(deps, call) // answers everything itself
        else withBody(call, limits, (body) => record(deps, call, parseStrictJson(body)))
      })
    },
  })
}

/** Not async: the parsed body would be kept until the commit, and copied by every collection meanwhile. */
function record(
  deps: RecordingRouteDeps,
  { caller, headers, response }: RecordingCall,
  body: unknown,
): Promise<void> {
  if (Array.isArray(body)) {
    if (headers.idempotencyKey !== null) throw failures.keyForMany()
    if (body.length === 0 || body.length > EVENTS_MAX) throw failures.batchTooLong(EVENTS_MAX)
    const sent = body.map((event) => readOrRefuse(() => event))
    return recordEvents(deps, caller, sent).then((results) => answerMany(response, results))
  }
  const sent = withHeaderKey(readEvent(body, 'name'), headers.idempotencyKey)
  return recordEvents(deps, caller, [sent]).then(([result]) => {
    if (result) answerOne(response, result)
  })
}
