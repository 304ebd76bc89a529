import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { holdClaim } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import { invariant } from '../platform/errors.ts'
import { appendFact } from '../platform/facts/append-fact.ts'
import type { Logger } from '../platform/log.ts'
import { type Attempt, isAcknowledged, isGone, progressAfter } from './delivery.ts'
import { afterFailure, type DisabledReason, type Endpoint, isGivenUp } from './endpoint.ts'
import { disableEndpoint } from './manage-endpoints.ts'
import { parseRetryAfter } from './retry-schedule.ts'
import type { WebhookReply } from './safe-fetch.ts'
import { insertAttempt, selectDelivery, updateDelivery } from './webhook-deliveries.store.ts'
import { lockEndpoint, updateEndpoint } from './webhook-endpoints.store.ts'

export type RecordDeps = {
  readonly clock: Clock
  readonly log: Logger
  /** A number in [0, 1). */
  random(): number
}

/**
 * Writes an attempt down, with all that follows from it for its delivery and its endpoint. Returns
 * whether the endpoint may be sent more at once.
 *
 * Throws LeaseLost when another worker has taken over: then nothing of it may remain, and the other
 * attempts the delivery again.
 */
export async function recordAttempt(
  tx: Tx,
  deps: RecordDeps,
  done: { readonly job: Job; readonly deliveryId: string; readonly reply: WebhookReply },
): Promise<boolean> {
  const { job, deliveryId, reply } = done
  const { envId, ref: endpointId } = job
  const endpoint = await lockEndpoint(tx, envId, endpointId)
  await holdClaim(tx, job)
  const systemNow = deps.clock()
  const attempt = attemptOf(reply, await environmentNow(tx, envId, systemNow))
  const delivery = await selectDelivery(tx, envId, deliveryId)
  invariant(delivery !== undefined, 'a delivery is never removed')
  const retryAfterMs = parseRetryAfter(reply.retryAfter, systemNow)
  const retry = { retryAfterMs, chance: deps.random() }
  await insertAttempt(tx, envId, deliveryId, attempt)
  await updateDelivery(tx, envId, deliveryId, progressAfter(delivery, attempt, retry))
  if (endpoint?.status !== 'enabled') return false // it was disabled while the request was on its way
  if (!isAcknowledged(attempt))
    return afterFailedAttempt(tx, deps, { envId, endpoint, attempt, retryAfterMs })
  if (endpoint.health) await updateEndpoint(tx, envId, endpointId, { health: null })
  return true
}

async function afterFailedAttempt(
  tx: Tx,
  deps: RecordDeps,
  failed: {
    readonly envId: number
    readonly endpoint: Endpoint
    readonly attempt: Attempt
    readonly retryAfterMs: number | null
  },
): Promise<boolean> {
  const { envId, endpoint, attempt, retryAfterMs } = failed
  const now = attempt.at
  const health = afterFailure(endpoint.health, now)
  const restUntil = new Date(now.getTime() + (retryAfterMs ?? 0))
  const pausedUntil =
    retryAfterMs && (endpoint.pausedUntil ?? now) < restUntil ? restUntil : endpoint.pausedUntil
  await updateEndpoint(tx, envId, endpoint.id, { health, pausedUntil })
  const reason = isGone(attempt) ? 'gone' : isGivenUp(health) ? 'failing' : null
  if (reason) await giveUp(tx, deps, { envId, endpoint, reason, now })
  return reason === null && !retryAfterMs
}

/** Disables the endpoint and tells its owners: in the log, in the list of facts and at their other endpoints. */
async function giveUp(
  tx: Tx,
  deps: RecordDeps,
  given: {
    readonly envId: number
    readonly endpoint: Endpoint
    readonly reason: DisabledReason
    readonly now: Date
  },
): Promise<void> {
  const { envId, endpoint, reason, now } = given
  await disableEndpoint(tx, envId, { id: endpoint.id, reason }, now)
  const data = {
    webhookEndpointId: endpoint.id,
    description: endpoint.description,
    reason,
    failingSince: (endpoint.health?.since ?? now).toISOString(),
  }
  await appendFact(tx, envId, { type: 'webhook_endpoint.disabled', at: now, data })
  deps.log.warn({ envId, endpointId: endpoint.id, reason }, 'a webhook endpoint was disabled')
}

function attemptOf(reply: WebhookReply, at: Date): Attempt {
  const { durationMs, status, error, text } = reply
  return { at, durationMs, status, error, response: text }
}
