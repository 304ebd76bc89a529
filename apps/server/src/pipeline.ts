import { alertLane, runUsageLooks } from './alerts/alerts.jobs.ts'
import { runSealing } from './audit/seal-chain.ts'
import { forgetLimitStates } from './control/forget-limit-states.ts'
import { forgetReports } from './control/reports/forget-reports.ts'
import { creditLane } from './credits/credits.jobs.ts'
import { forgetCreditLeases } from './credits/lend-credits.ts'
import { forgetEndedSessions } from './identity/accounts.ts'
import { runErasing } from './identity/delete-organization.ts'
import { billingHandlers } from './invoicing/invoicing.jobs.ts'
import { pruneLateHours } from './invoicing/prune-late-hours.ts'
import { type RollUpRunner, runRollUp } from './metering/run-roll-up.ts'
import { paymentLanes } from './payments/payments.jobs.ts'
import type { Providers } from './payments/provider.ts'
import { createTestProvider } from './payments/sandbox-provider.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/db/database.ts'
import { type Lane, runLanes } from './platform/due/worker.ts'
import { runClocks } from './platform/environment-clock/run-clocks.ts'
import { forgetOldRequests } from './platform/http/idempotency.ts'
import type { Logger } from './platform/log.ts'
import { type Loop, runLoop } from './platform/loop.ts'
import { type MailServer, runMails } from './platform/mail/send-mails.ts'
import type { Sealer } from './platform/secrets/seal.ts'
import { forgetExpiredLinks } from './portal/visit.ts'
import { stripeLane } from './stripe/stripe.jobs.ts'
import type { StripeApi } from './stripe/stripe-api.ts'
import { createStripeProvider } from './stripe/stripe-provider.ts'
import { runUsageTelling, stripeSyncLane } from './stripe-sync/stripe-sync.jobs.ts'
import { webhookLanes } from './webhooks/webhooks.jobs.ts'

/**
 * The way of a usage event, from the call to the money. Read this first.
 *
 * A stage writes its facts in the transaction of its own rows: either both exist or neither. Each may
 * be killed at any instant and may happen twice; `once` says what makes the second time harmless.
 *
 * | stage     | happens                          | does                          | once                                        |
 * | --------- | -------------------------------- | ----------------------------- | ------------------------------------------- |
 * | usage     | at `POST /api/track`, `…/events` | `usage/batcher.ts`            | `one_event_per_key`                         |
 * | metering  | as soon as events are committed  | `metering/roll-up.ts`         | the cursor moves with the buckets           |
 * | alerts    | within seconds after that        | `alerts/check-customer.ts`    | a threshold has one state per window        |
 * | rating    | at the end of a period           | `invoicing/draft-invoices.ts` | `one_invoice_per_period`                    |
 * | invoicing | after the grace                  | `invoicing/finalize-…`        | the invoice's id is its draft's             |
 * | payments  | when an invoice is finalized     | `payments/settle-payment.ts`  | `one_open_charge_per_invoice`; asks, never  |
 * |           | or a retry falls due             |                               | charges twice under two keys                |
 * | stripe    | within a minute of the roll-up   | `stripe-sync/tell-usage.ts`   | an identifier that is committed first       |
 * | webhooks  | at every fact                    | `webhooks/fan-out-facts.ts`   | `one_delivery_per_fact`; the receiver drops |
 * |           |                                  | `webhooks/serve-endpoint.ts`  | a repeated `webhook-id`                     |
 */
export function lanes(deps: LaneDeps): Lane[] {
  return [
    { name: 'billing', handlers: billingHandlers(deps), concurrency: 2, leaseMs: BILLING_LEASE_MS },
    creditLane(deps),
    alertLane(deps),
    ...paymentLanes({ ...deps, providers: providersOf(deps) }),
    stripeLane(deps),
    stripeSyncLane(deps),
    ...webhookLanes(deps),
  ]
}

function providersOf(deps: LaneDeps): Providers {
  return { test: createTestProvider(deps.db), stripe: createStripeProvider(deps) }
}

type LaneDeps = Omit<PipelineDeps, 'mailServer'>

export type PipelineDeps = {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly sealer: Sealer
  readonly allowedNetworks: readonly string[]
  readonly mailServer: MailServer | null
  /** How Stripe is reached. */
  readonly api: StripeApi
  /** Where Stripe sends a customer back to who has confirmed a payment at a bank. */
  returnUrl(): string
  random(): number
}

/** The stages behind the API, at work. */
export type Pipeline = {
  /** Has everything look for work at once. */
  wake(): void
  /** Claims nothing more, and resolves when what is under way is done. */
  stop(): Promise<void>
  readonly rollUp: RollUpRunner
}

const BILLING_LEASE_MS = 60_000 // some hundred invoices take a second; a dead worker's are taken over after this
const HOUSEKEEPING_PAUSE_MS = 3_600_000

/** Starts the stages behind the API. Any number of processes may run them on one database. */
export function runPipeline(deps: PipelineDeps): Pipeline {
  const { db, clock, log } = deps
  const rollUp = runRollUp({ db, clock, log })
  const runners: Pick<Loop, 'wake' | 'stop'>[] = [rollUp]
  // What one stage finished may be what another waits for, and what holds a moving clock.
  const wakeOthers = (): void => clocks.wake()
  const clocks = runClocks({ db, clock, log, onStep: () => wakeAll(runners) })
  runners.push(runLanes(lanes(deps), { db, clock, log, onIdle: wakeOthers }))
  runners.push(runUsageLooks({ db, clock, log }))
  runners.push(runUsageTelling({ db, clock, log }))
  runners.push(runMails(deps))
  runners.push(runSealing({ db, clock, log }))
  runners.push(runErasing({ db, clock, log }))
  const housekeeping = runLoop(async () => {
    await forgetOldRequests(db, clock())
    await forgetEndedSessions(db, clock())
    await forgetExpiredLinks(db, clock())
    await pruneLateHours(db)
    await forgetLimitStates(db)
    await forgetCreditLeases(db)
    await forgetReports(db, clock())
    return HOUSEKEEPING_PAUSE_MS
  }, log)
  return {
    rollUp,
    wake: () => wakeAll([...runners, clocks]),
    stop: async () => {
      await Promise.all([...runners, clocks, housekeeping].map((runner) => runner.stop()))
    },
  }
}

function wakeAll(runners: readonly Pick<Loop, 'wake'>[]): void {
  for (const runner of runners) runner.wake()
}
