import type { Tx } from '../platform/db/transaction.ts'
import { finish, postpone } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import type { DueHandler } from '../platform/due/worker.ts'
import type { Sealer } from '../platform/secrets/seal.ts'
import { DUE_KIND, type Endpoint, type Pace, paceOf } from './endpoint.ts'
import { signingSecrets } from './endpoint-secrets.ts'
import { scheduleEndpoint } from './manage-endpoints.ts'
import { type RecordDeps, recordAttempt } from './record-attempt.ts'
import type { WebhookReply, WebhookSender } from './safe-fetch.ts'
import { signedHeaders } from './sign.ts'
import {
  type DueDelivery,
  selectDueDeliveries,
  selectNextAttemptAt,
} from './webhook-deliveries.store.ts'
import { lockEndpoint, selectEndpoint, updateEndpoint } from './webhook-endpoints.store.ts'

export type ServeDeps = RecordDeps & {
  readonly sealer: Sealer
  readonly send: WebhookSender
  /** A transaction of its own; few at once, so that deliveries leave connections to everybody else. */
  inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

const ATTEMPTS_AT_ONCE = 4
/** One turn of an endpoint: then others that wait have theirs. */
const TURN_DELIVERIES: Readonly<Record<Pace, number>> = { quick: 40, slow: ATTEMPTS_AT_ONCE }
const TURN_START_MS = 5_000 // then no further attempt begins

/**
 * How long a claim on an endpoint lasts: five seconds in which attempts begin, fifteen until the last
 * one has ended, eight to write it down. Longer, and a killed worker's deliveries would wait too long.
 */
export const TURN_LEASE_MS = 28_000

const USER_AGENT = 'UsageFlow-Webhooks/1'

/**
 * Attempts the due deliveries of one endpoint, at most four at once, each written down in a
 * transaction of its own: whatever dies in between repeats at most what was on its way.
 */
export function serveEndpoints(deps: ServeDeps, pace: Pace): DueHandler {
  return {
    kind: DUE_KIND[pace],
    batchMax: 1, // nobody waits for the receiver of another
    async run(jobs) {
      for (const job of jobs) await serveEndpoint(deps, job, pace)
    },
  }
}

async function serveEndpoint(deps: ServeDeps, job: Job, pace: Pace): Promise<void> {
  const startUntilMs = performance.now() + TURN_START_MS
  const turn = await deps.inTransaction((tx) => openTurn(tx, deps, job, pace))
  const slowestMs = await attemptAll(deps, job, turn, startUntilMs)
  await deps.inTransaction((tx) => closeTurn(tx, job, slowestMs))
}

type Turn = {
  readonly url: string
  readonly secrets: readonly string[]
  readonly deliveries: readonly DueDelivery[]
}

const NOTHING_TO_DO: Turn = { url: '', secrets: [], deliveries: [] }

async function openTurn(tx: Tx, deps: ServeDeps, job: Job, pace: Pace): Promise<Turn> {
  const { envId, ref: endpointId, now } = job
  const endpoint = await selectEndpoint(tx, envId, endpointId)
  if (!endpoint || !isReady(endpoint, now)) return NOTHING_TO_DO
  const due = { now, limit: TURN_DELIVERIES[pace] }
  return {
    url: endpoint.url,
    secrets: await signingSecrets(tx, envId, endpointId, { sealer: deps.sealer, now }),
    deliveries: await selectDueDeliveries(tx, envId, endpointId, due),
  }
}

function isReady(endpoint: Endpoint, now: Date): boolean {
  const isPaused = endpoint.pausedUntil !== null && endpoint.pausedUntil > now
  return endpoint.status === 'enabled' && !isPaused
}

/** Returns how long the slowest attempt took; null without any. Rejects only when all have ended. */
async function attemptAll(
  deps: ServeDeps,
  job: Job,
  turn: Turn,
  startUntilMs: number,
): Promise<number | null> {
  const queue = turn.deliveries.values() // shared: each delivery is taken once
  let slowestMs: number | null = null
  let isOver = false
  const place = async (): Promise<void> => {
    for (const delivery of queue) {
      if (isOver || performance.now() > startUntilMs) return
      const reply = await attempt(deps, turn, delivery)
      slowestMs = Math.max(slowestMs ?? 0, reply.durationMs)
      const done = { job, deliveryId: delivery.id, reply }
      const goesOn = await deps.inTransaction((tx) => recordAttempt(tx, deps, done))
      if (!goesOn) isOver = true
    }
  }
  const stopOthers = (error: unknown): never => {
    isOver = true
    throw error
  }
  const places = Array.from({ length: ATTEMPTS_AT_ONCE }, () => place().catch(stopOthers))
  const failed = (await Promise.allSettled(places)).find((end) => end.status === 'rejected')
  if (failed) throw failed.reason
  return slowestMs
}

/** Every attempt sends the same body under the same id, so that a receiver can tell a repeat. */
function attempt(deps: ServeDeps, turn: Turn, delivery: DueDelivery): Promise<WebhookReply> {
  const { id, type, at, data } = delivery.fact
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data })
  const timestampSeconds = Math.floor(deps.clock().getTime() / 1_000)
  const headers = {
    'content-type': 'application/json',
    'user-agent': USER_AGENT,
    ...signedHeaders(turn.secrets, { id, timestampSeconds, body }),
  }
  return deps.send({ url: turn.url, headers, body })
}

/**
 * Gives the endpoint back for its next turn, or ends its due work when nothing is pending. Under the
 * lock of the endpoint, so that a delivery made at this moment is either seen here or schedules itself.
 */
async function closeTurn(tx: Tx, job: Job, slowestMs: number | null): Promise<void> {
  const { envId, ref: endpointId } = job
  const endpoint = await lockEndpoint(tx, envId, endpointId)
  if (endpoint?.status !== 'enabled') return finish(tx, [job])
  const pace = slowestMs === null ? endpoint.pace : paceOf(slowestMs)
  if (pace !== endpoint.pace) await updateEndpoint(tx, envId, endpointId, { pace })
  const next = await selectNextAttemptAt(tx, envId, endpointId)
  if (next === null) return finish(tx, [job])
  // Not before now: whoever has waited longer is served first.
  const at = latest(next, job.now, endpoint.pausedUntil)
  if (DUE_KIND[pace] === job.kind) return postpone(tx, job, at)
  await finish(tx, [job])
  await scheduleEndpoint(tx, envId, { id: endpointId, pace }, at)
}

function latest(next: Date, now: Date, pausedUntil: Date | null): Date {
  return new Date(Math.max(next.getTime(), now.getTime(), pausedUntil?.getTime() ?? 0))
}
