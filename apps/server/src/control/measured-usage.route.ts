import { z } from 'zod'
import type { Database } from '../platform/db/database.ts'
import { Failure } from '../platform/errors.ts'
import type { Caller } from '../platform/http/caller.ts'
import { failures as requestFailures } from '../platform/http/request-failures.ts'
import { type RawRoute, rawRoute } from '../platform/http/route.ts'
import { parseStrictJson } from '../platform/http/strict-json.ts'
import { resultsReply, sentEvent } from '../usage/event-schemas.ts'
import { failures as usageFailures } from '../usage/failures.ts'
import { recordEvents } from '../usage/record-events.ts'
import { answerMany } from '../usage/recording-answers.ts'
import { beginRecording, type RecordingCall, withBody } from '../usage/recording-call.ts'
import type { RecordingRouteDeps } from '../usage/track.route.ts'
import { tag } from './control-fields.ts'
import { createKnownRules, type KnownRules } from './known-rules.ts'
import { eventOf, type MeasuredUsage, readMeasuredUsage } from './measured-usage.ts'
import { failures } from './measured-usage-failures.ts'
import { applicationField } from './policies.routes.ts'

const SCOPE = 'control:report'
const BODY_BYTES_MAX = 5 * 1024 * 1024
const ITEMS_MAX = 1_000

/** Of the hand-written checks in `measured-usage.ts`, for the reference. */
const sentUsage = z
  .strictObject({
    ...sentEvent.pick({ customerId: true, metadata: true }).shape,
    ...sentEvent.pick({ idempotencyKey: true, timestamp: true }).required().shape,
    ruleId: z.string().max(100).meta({ example: 'mrl_01h455vb4pex5vsknk084sn02q' }),
    method: z.string().meta({ example: 'POST' }),
    route: z
      .string()
      .nullish()
      .meta({ description: 'The template of the framework', example: '/v1/chat' }),
    requests: z.int().min(1).default(1).meta({
      description: 'How many were summed; 1 unless the rule says that it is summable',
    }),
    fields: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .default({})
      .meta({
        description:
          'What the rule captures, by JSON pointer; what the request did not have is left out',
        example: { '/response/body/usage/total_tokens': 1234 },
      }),
  })
  .meta({ id: 'MeasuredUsage' })

const sentCall = z.strictObject({
  application: applicationField,
  usage: z.array(sentUsage).min(1).max(ITEMS_MAX),
})

/** What is looked at of a call as a whole; each item is read by itself, and refused by itself. */
const envelope = z.strictObject({
  application: applicationField,
  usage: z.array(z.unknown()).min(1).max(ITEMS_MAX),
})

type Deps = { readonly db: Database; readonly recording: RecordingRouteDeps }

/** `POST /api/v1/control/usage`: what SDKs have measured by rules becomes events, in the way of all events. */
export function measuredUsageRoute({ db, recording }: Deps): RawRoute {
  const limits = { bytesMax: BODY_BYTES_MAX, budget: recording.budget }
  const door = { authenticate: recording.authenticate, scope: SCOPE } as const
  const knownRules = createKnownRules(db)
  return rawRoute({
    method: 'POST',
    path: '/api/v1/control/usage',
    tag,
    summary: 'Record what was measured by metering rules',
    description:
      'For the packages in your applications. Each item becomes an event by its rule, under its own idempotency key, and is answered in its place as at `POST /api/v1/events`; one that is refused does no harm to the others. Sent again it says the same, also if the rule has ended meanwhile. In a test environment whose clock was moved usage is dated when it arrives.',
    scope: SCOPE,
    isHot: true,
    body: sentCall,
    replies: { 200: resultsReply },
    failures: [
      ...Object.values(failures),
      usageFailures.malformed,
      usageFailures.keyReused,
      usageFailures.tooLate,
      usageFailures.tooEarly,
      usageFailures.meterUnknown,
      usageFailures.unavailable,
      usageFailures.overloaded,
    ],
    handleRaw(request, response, context) {
      beginRecording(door, { request, response, context }, (call) => {
        if (call.headers.isStream) throw usageFailures.mediaType()
        if (call.headers.idempotencyKey !== null) throw usageFailures.keyForMany()
        withBody(call, limits, (body) => record(recording, knownRules, call, parseStrictJson(body)))
      })
    },
  })
}

async function record(
  recording: RecordingRouteDeps,
  knownRules: KnownRules,
  { caller, response }: RecordingCall,
  body: unknown,
): Promise<void> {
  const { application, usage } = readEnvelope(body)
  const read = usage.map((item) => orFailure(() => readMeasuredUsage(item)))
  const rules = await knownRules(caller.envId, ruleIdsOf(read))
  const isClockMoved = !isRealTime(caller, recording.clock())
  const events = read.map((item) => {
    if (item instanceof Failure) return item
    const rule = rules.get(item.ruleId)
    if (!rule) return failures.ruleUnknown(item.ruleId)
    return orFailure(() => {
      const event = eventOf(item, rule, application)
      return isClockMoved ? { ...event, timestampUs: null } : event
    })
  })
  answerMany(response, await recordEvents(recording, caller, events))
}

/**
 * Whether an environment goes by real time, as agents do. In one whose clock was moved their instants are those of another
 * time: usage is dated when it arrives there, as an event without a `timestamp`.
 */
function isRealTime(caller: Caller, systemNow: Date): boolean {
  return caller.environmentNow(systemNow).getTime() === systemNow.getTime()
}

function readEnvelope(body: unknown): z.output<typeof envelope> {
  const { success, data, error } = envelope.safeParse(body)
  if (success) return data
  throw requestFailures.malformed(
    error.issues.map(({ path, message }) => ({ instancePath: `/${path.join('/')}`, message })),
  )
}

function ruleIdsOf(read: readonly (MeasuredUsage | Failure)[]): string[] {
  return read.flatMap((item) => (item instanceof Failure ? [] : [item.ruleId]))
}

/** Among many a refusal is a result like any other. */
function orFailure<T>(read: () => T): T | Failure {
  try {
    return read()
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
}
