import { setTimeout as sleep } from 'node:timers/promises'
import { eventRequest, readResults } from './event-requests.ts'
import { type HttpReply, isWorthRetrying, send, type Target } from './http-client.ts'
import type { EventResult, Intent, Journal } from './journal.ts'
import type { Pace } from './pace.ts'
import type { Random } from './random.ts'
import { countAnswer, countResults, noteWrong, type Tally } from './tally.ts'
import { type Draft, draft, type Shares, type Source } from './workload.ts'

/** One environment to send to: its events, and the API keys that may bring them. */
export type Lane = Source & {
  readonly apiKeys: readonly string[]
  /** Relative to the other lanes. */
  readonly weight: number
  /** The environment's time, at most this late, in milliseconds. */
  latest(): number
}

export type LoadClient = {
  readonly name: string
  readonly random: Random
  readonly journal: Journal
  readonly targets: readonly Target[]
  readonly lanes: readonly Lane[]
  readonly pace: Pace
  readonly tally: Tally
  readonly shares: Shares
  /** Ends the client after the request under way has its definite answer. */
  readonly stop: AbortSignal
}

const BATCH_EVENTS_MAX = 60
const RETRY_FIRST_MS = 20
const RETRY_MAX_MS = 500

/** Sends until stopped. Every request is repeated until its outcome is definite. */
export async function runClient(client: LoadClient): Promise<void> {
  const { random, pace, tally, journal } = client
  for (let number = 0; !client.stop.aborted; number++) {
    const route = random.pick([
      'track',
      'track',
      'track',
      'event',
      'event',
      'batch',
      'batch',
      'stream',
    ] as const)
    const isSingle = route === 'track' || route === 'event'
    const size = isSingle ? 1 : random.between(1, BATCH_EVENTS_MAX + 1)
    await pace.take(size)
    const lane = weighted(client.lanes, random)
    const drafts = Array.from({ length: size }, () => draft(lane, random, client.shares))
    countDrafts(tally, drafts)
    const intent: Intent = {
      t: 'intent',
      id: `${client.name}-${number}`,
      at: Date.now(),
      environment: lane.environment,
      route,
      events: drafts.map(({ event }) => event),
      notBefore: lane.now(),
    }
    journal.write(intent)
    await sendUntilDefinite(client, lane, intent)
  }
}

function weighted(lanes: readonly Lane[], random: Random): Lane {
  const whole = lanes.reduce((sum, lane) => sum + lane.weight, 0)
  let rest = random.next() * whole
  for (const lane of lanes) {
    rest -= lane.weight
    if (rest < 0) return lane
  }
  return lanes.at(-1) as Lane // there is at least one
}

async function sendUntilDefinite(client: LoadClient, lane: Lane, intent: Intent): Promise<void> {
  const { random, journal, tally } = client
  // A retry with another key of the organization must be known as the same event.
  const request = () => eventRequest(intent.route, intent.events, random.pick(lane.apiKeys))
  for (let n = 1; ; n++) {
    const target = random.pick(client.targets)
    journal.write({ t: 'attempt', id: intent.id, n, at: Date.now(), server: target.name })
    const sentAt = performance.now()
    const reply = await send(target, request())
    countAnswer(
      tally,
      reply.status === null ? reply.reason : String(reply.status),
      performance.now() - sentAt,
    )
    const results = definiteResults(intent, reply, tally)
    journal.write({
      t: 'outcome',
      id: intent.id,
      n,
      at: Date.now(),
      status: reply.status,
      ...(reply.status === null ? { reason: reply.reason } : {}),
      ...(results === null ? {} : { results }),
      notAfter: lane.latest(),
    })
    if (results?.every(({ status }) => status !== 'unknown')) return
    if (results === null && isHopeless(reply)) return
    await sleep(Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** n))
  }
}

/** The results, or null when the outcome is unknown or the request was turned away for now. */
function definiteResults(intent: Intent, reply: HttpReply, tally: Tally): EventResult[] | null {
  if (reply.status === null) return null
  const { status, text } = reply
  if (status === 500 || (isTurnedAway(status) && reply.retryAfter === undefined))
    noteWrong(tally, `${intent.id} ${intent.route}: ${status} ${text.slice(0, 300)}`)
  if (isWorthRetrying(status)) return null
  try {
    const results = readResults(intent.route, status, text, intent.events.length)
    if (status < 300) tally.success()
    if (results.every(({ status: told }) => told !== 'unknown')) countResults(tally, results)
    return results
  } catch (error) {
    noteWrong(
      tally,
      `${intent.id} ${intent.route}: ${String(error)}: ${status} ${text.slice(0, 300)}`,
    )
    return null
  }
}

/** Whoever is turned away must be told when to come again. */
function isTurnedAway(status: number): boolean {
  return status === 429 || status === 503 || status === 409
}

/** A definite answer that could not be understood was noted, and is not made better by a retry. */
function isHopeless(reply: HttpReply): boolean {
  return !isWorthRetrying(reply.status)
}

function countDrafts(tally: Tally, drafts: readonly Draft[]): void {
  tally.requests += 1
  tally.events += drafts.length
  for (const { kind, event } of drafts) {
    if (kind === 'repeat') tally.repeats += 1
    if (kind === 'conflict') tally.conflicts += 1
    if (event.timestamp === null) tally.withoutTimestamp += 1
  }
}
