import type { Authenticate } from '../platform/http/caller.ts'
import { type RawRoute, rawRoute } from '../platform/http/route.ts'
import { parseStrictJson } from '../platform/http/strict-json.ts'
import type { BodyBudget } from './body.ts'
import { readEvent, type SentEvent } from './event.ts'
import { recordedReply, trackedEvent } from './event-schemas.ts'
import { failures } from './failures.ts'
import { type RecordingDeps, recordEvents } from './record-events.ts'
import { answerOne } from './recording-answers.ts'
import { beginRecording, RECORDING_SCOPE, withBody } from './recording-call.ts'

const BODY_BYTES_MAX = 1024 * 1024

export type RecordingRouteDeps = RecordingDeps & {
  readonly authenticate: Authenticate
  readonly budget: BodyBudget
}

/** `POST /api/track`: one event, acknowledged after its commit. */
export function trackRoute(deps: RecordingRouteDeps): RawRoute {
  const limits = { bytesMax: BODY_BYTES_MAX, budget: deps.budget }
  const door = { authenticate: deps.authenticate, scope: RECORDING_SCOPE } as const
  return rawRoute({
    method: 'POST',
    path: '/api/track',
    tag: 'Usage',
    summary: 'Record one usage event',
    description:
      'Answers 201 the first time and 200 with `duplicate: true` and the same id for a repeat with the same `Idempotency-Key`. Without a key the event is stored each time that it is sent.',
    scope: RECORDING_SCOPE,
    isHot: true,
    body: trackedEvent,
    replies: { 200: recordedReply, 201: recordedReply },
    failures: [
      failures.malformed,
      failures.keyReused,
      failures.tooLate,
      failures.tooEarly,
      failures.meterUnknown,
      failures.unavailable,
      failures.overloaded,
    ],
    handleRaw(request, response, context) {
      beginRecording(door, { request, response, context }, (call) => {
        if (call.headers.isStream) throw failures.mediaType()
        withBody(call, limits, (body) => {
          const event = readEvent(parseStrictJson(body), 'metric')
          const sent = withHeaderKey(event, call.headers.idempotencyKey)
          return recordEvents(deps, call.caller, [sent]).then(([result]) => {
            if (result) answerOne(response, result)
          })
        })
      })
    },
  })
}

/** The event with the key of the header, which may stand in its body as well. */
export function withHeaderKey(event: SentEvent, headerKey: string | null): SentEvent {
  if (headerKey === null) return event
  if (event.idempotencyKey !== null && event.idempotencyKey !== headerKey) throw failures.twoKeys()
  event.idempotencyKey = headerKey
  return event
}
