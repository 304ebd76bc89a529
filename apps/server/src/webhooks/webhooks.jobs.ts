import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Lane } from '../platform/due/worker.ts'
import { createEgress } from '../platform/egress/egress.ts'
import type { ResolveHost } from '../platform/egress/resolve-host.ts'
import { createGate } from '../platform/gate.ts'
import type { Logger } from '../platform/log.ts'
import type { Sealer } from '../platform/secrets/seal.ts'
import { fanOutFacts } from './fan-out-facts.ts'
import { createWebhookSender } from './safe-fetch.ts'
import { serveEndpoints, TURN_LEASE_MS } from './serve-endpoint.ts'

export type WebhookJobsDeps = {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly sealer: Sealer
  /** CIDR networks that webhooks may reach, by http too, although they are not public. */
  readonly allowedNetworks: readonly string[]
  /** A number in [0, 1), for the jitter. */
  random(): number
  /** The name servers of the machine unless given. */
  readonly resolve?: ResolveHost
  /** How long a receiver has to answer; 15 seconds unless given. */
  readonly timeoutMs?: number
}

/** A socket costs little, so many endpoints that begin to hang at once still leave places for others. */
const QUICK_AT_ONCE = 256
const SLOW_AT_ONCE = 128
const TRANSACTIONS_AT_ONCE = 6 // of the 16 connections that all work of a process shares
const FAN_OUTS_AT_ONCE = 2
const FAN_OUT_LEASE_MS = 20_000

/**
 * The work of webhooks: facts are handed on to endpoints, and each endpoint is served by itself. Those
 * that take long to answer have a lane of their own.
 */
export function webhookLanes(deps: WebhookJobsDeps): Lane[] {
  const { db, clock, log, sealer, random, timeoutMs } = deps
  const gate = createGate(TRANSACTIONS_AT_ONCE)
  const serve = {
    clock,
    log,
    sealer,
    random,
    send: createWebhookSender(createEgress(deps), timeoutMs),
    inTransaction: <T>(work: Parameters<typeof db.inTransaction<T>>[0]) =>
      gate(() => db.inTransaction(work)),
  }
  return [
    {
      name: 'facts',
      handlers: [fanOutFacts({ db })],
      concurrency: FAN_OUTS_AT_ONCE,
      leaseMs: FAN_OUT_LEASE_MS,
    },
    {
      name: 'webhooks',
      handlers: [serveEndpoints(serve, 'quick')],
      concurrency: QUICK_AT_ONCE,
      leaseMs: TURN_LEASE_MS,
    },
    {
      name: 'slow webhooks',
      handlers: [serveEndpoints(serve, 'slow')],
      concurrency: SLOW_AT_ONCE,
      leaseMs: TURN_LEASE_MS,
    },
  ]
}
