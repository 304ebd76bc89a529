import type { AddressInfo } from 'node:net'
import { alertsRoutes } from './alerts/alerts.routes.ts'
import { appendAudit } from './audit/append-audit.ts'
import { auditRoutes } from './audit/audit.routes.ts'
import { addOnsRoutes } from './catalog/add-ons.routes.ts'
import { couponsRoutes } from './catalog/coupons.routes.ts'
import { createMeteredNames } from './catalog/metered-names.ts'
import { metersRoutes } from './catalog/meters.routes.ts'
import { plansRoutes } from './catalog/plans.routes.ts'
import { taxRatesRoutes } from './catalog/tax-rates.routes.ts'
import { compatRoutes } from './compat/compat.routes.ts'
import { ChangeWatch } from './control/change-watch.ts'
import { controlRoutes } from './control/control.routes.ts'
import { measuredUsageRoute } from './control/measured-usage.route.ts'
import { creditNotesRoutes } from './credit-notes/credit-notes.routes.ts'
import { accessRoute } from './credits/access.routes.ts'
import { creditsRoutes } from './credits/credits.routes.ts'
import { lendCredits } from './credits/lend-credits.ts'
import { rememberUse } from './credits/remembered-use.ts'
import { customersRoutes } from './customers/customers.routes.ts'
import { attachFromStart } from './discounts/attach-coupon.ts'
import { discountsRoutes } from './discounts/discounts.routes.ts'
import { documentsRoutes } from './documents/documents.routes.ts'
import { openAccounts } from './identity/accounts.ts'
import { failures as authFailures } from './identity/failures.ts'
import { firstStartToken } from './identity/first-owner.ts'
import { publicPlace } from './identity/origins.ts'
import { failures as sessionFailures } from './identity/session-failures.ts'
import type { SignUpMode } from './identity/sign-up.ts'
import { eventWayRoutes } from './invoicing/event-way.routes.ts'
import { exportsRoutes } from './invoicing/exports.routes.ts'
import { invoicesRoutes } from './invoicing/invoices.routes.ts'
import { moveRoutes } from './invoicing/move.routes.ts'
import { oneOffRoutes } from './invoicing/one-off.routes.ts'
import { previewChangeRoutes } from './invoicing/preview-change.routes.ts'
import { unsettledUse } from './invoicing/unsettled-use.ts'
import { makeOrganization } from './make-organization.ts'
import { usageQueryRoutes } from './metering/usage-query.routes.ts'
import { observe } from './observe.ts'
import { overviewRoutes } from './overview/overview.routes.ts'
import { paymentsRoutes } from './payments/payments.routes.ts'
import { type Pipeline, runPipeline } from './pipeline.ts'
import { type Clock, monotonicMs } from './platform/clock.ts'
import { type Database, openDatabase } from './platform/db/database.ts'
import { clockRoutes } from './platform/environment-clock/clock.routes.ts'
import type { Authenticate } from './platform/http/caller.ts'
import { findDocs, openDocs } from './platform/http/docs-pages.ts'
import type { Route } from './platform/http/route.ts'
import { buildHttpServer } from './platform/http/server.ts'
import { findSite, openSite, sitesInTurn } from './platform/http/site.ts'
import type { Logger } from './platform/log.ts'
import type { MailServer } from './platform/mail/send-mails.ts'
import type { Metrics } from './platform/metrics.ts'
import type { Sealer, SessionSecrets } from './platform/secrets/seal.ts'
import { portalRoutes } from './portal/portal.routes.ts'
import { createPortal } from './portal/visit.ts'
import { readiness } from './readiness.ts'
import { HOMELESS, isHomeless, returnUrl } from './return-url.ts'
import { settingsRoutes } from './settings/settings.routes.ts'
import { failures as signOnFailures } from './sign-on/failures.ts'
import { boundMembers, mustSignOn } from './sign-on/must-sign-on.ts'
import { openSignOn } from './sign-on/open-sign-on.ts'
import { simulationsRoutes } from './simulation/simulations.routes.ts'
import { mountStripe } from './stripe/mount-stripe.ts'
import { stripeRoutes } from './stripe/stripe.routes.ts'
import { createStripeApi, type StripeApi } from './stripe/stripe-api.ts'
import { stripeInvoicesRoutes } from './stripe-sync/stripe-invoices.routes.ts'
import { syncRecordsRoutes } from './stripe-sync/sync-records.routes.ts'
import { triggersRoutes } from './stripe-sync/triggers.routes.ts'
import { subscriptionsRoutes } from './subscriptions/subscriptions.routes.ts'
import { type EventWriter, openEventWriter } from './usage/batcher.ts'
import { openRecording } from './usage/open-recording.ts'
import { usageRoutes } from './usage/usage.routes.ts'
import { verificationRoutes } from './verification/verification.routes.ts'
import { webhookRoutes } from './webhooks/webhooks.routes.ts'

/** Which half of the program runs: the one that answers, the one that works, or both. */
export type Role = 'all' | 'api' | 'worker'

export type AppOptions = {
  readonly url: string
  /** The database role to work as; null when there is none. */
  readonly databaseRole: string | null
  readonly sealer: Sealer
  /** Signs the cookies of sessions and seals second factors. */
  readonly sessionSecrets: SessionSecrets
  /** Where people reach the server; null: where it listens. */
  readonly publicUrl: string | null
  readonly signUp: SignUpMode
  /** Null: messages to people are shown in the log and the outbox. */
  readonly mailServer: MailServer | null
  readonly role: Role
  /** How long a deleted organization can be restored; 30 days unless given. */
  readonly deletionGraceDays?: number
  /** Networks (CIDR) that webhooks and sign-on may reach although they are not public. */
  readonly webhookNetworks: readonly string[]
  /** Addresses and networks (CIDR) of proxies that are believed when they say whom a request comes from; none unless given. */
  readonly trustedProxies?: readonly string[]
  /** What stands for Stripe in tests; Stripe itself unless given. */
  readonly stripeUrl?: string | null
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
  random(): number
}

/** UsageFlow, put together. */
export type App = {
  readonly routes: readonly Route[]
  /** What else the router answers, to everybody, like `GET /live`. */
  readonly publicPaths: readonly string[]
  /** Begins to answer; resolves to the address. Port 0 takes any that is free. */
  listen(host: string, port: number): Promise<string>
  /** What the first account takes, on the first start of the installation alone; null ever after. */
  firstStartToken(): Promise<string | null>
  /** Answers no new request, finishes what is under way, and hangs up. */
  stop(): Promise<void>
}

const AUTH_FAILURES = [
  authFailures.keyMissing,
  authFailures.keyRefused,
  authFailures.twoCredentials,
  ...Object.values(sessionFailures),
  ...Object.values(signOnFailures),
]

/** The composition root: every part is made here and given what it needs. Nothing is reached by other ways. */
export async function openApp(options: AppOptions): Promise<App> {
  const { url, databaseRole, clock, log, role } = options
  const db = openDatabase({ url, role: databaseRole, log })
  const writer =
    role === 'worker'
      ? null
      : openEventWriter({
          connectionConfig: db.connectionConfig('usageflow ingest'),
          log,
          stopwatch: monotonicMs,
        })
  const changes = writer && new ChangeWatch({ db, log })
  let address = 'http://localhost'
  const place = () => publicPlace(options.publicUrl ?? address)
  const api = createStripeApi(options.stripeUrl ?? null)
  const pipeline = role === 'api' ? null : runPipeline(pipelineDeps(db, { ...options, api, place }))
  observe(options.metrics, { db, clock, writer, rollUp: pipeline?.rollUp ?? null })
  const accounts = openAccounts({
    ...options,
    db,
    place,
    makeOrganization,
    mustSignOn,
    boundMembers,
  })
  const signOn = openSignOn({ ...options, db, place, credentials: accounts.credentials })
  const { authenticate } = accounts
  const routes =
    writer && changes
      ? [
          ...accounts.routes,
          ...signOn.routes,
          ...auditRoutes(),
          ...routesOf({ db, writer, changes, pipeline, authenticate, options }),
          ...portalRoutes({ db, unsettledUse, place, stripe: { ...options, db, api } }),
          ...stripeRoutes({ ...options, db, api, place }),
          ...triggersRoutes({ ...options, db, api }),
          ...syncRecordsRoutes({ ...options, db, api }),
          ...stripeInvoicesRoutes(),
        ]
      : []
  const health = readiness({ db, clock, writer })
  const http = await buildHttpServer(routes, {
    db,
    clock,
    log,
    sealer: options.sealer,
    authenticate,
    trustedProxies: options.trustedProxies ?? [],
    people: accounts.people,
    portal: createPortal({ db, clock, place }),
    noteChange: appendAudit,
    mount(server) {
      if (!writer) return
      accounts.mount(server)
      signOn.mount(server)
      mountStripe(server, { ...options, db, api })
    },
    authFailures: AUTH_FAILURES,
    health,
    ...(role === 'worker' ? {} : { site: sitesInTurn(openDocs(findDocs()), openSite(findSite())) }),
  })
  return {
    routes,
    publicPaths: http.publicPaths,
    async listen(host, port) {
      await http.listen({ host, port })
      address = addressOf(http.server.address() as AddressInfo)
      return address
    },
    firstStartToken: () => db.inTransaction((tx) => firstStartToken(tx, clock())),
    async stop() {
      health.stop()
      await Promise.all([changes?.stop(), http.close(), pipeline?.stop()])
      await writer?.drain()
      await db.end()
    },
  }
}

type Parts = {
  readonly db: Database
  readonly writer: EventWriter
  readonly changes: ChangeWatch
  readonly pipeline: Pipeline | null
  readonly authenticate: Authenticate
  readonly options: AppOptions
}

function routesOf({ db, writer, changes, pipeline, authenticate, options }: Parts): Route[] {
  const { clock, log, sealer } = options
  const { isMetered } = createMeteredNames(db, clock)
  const recording = openRecording({ db, writer, authenticate, isMetered, clock })
  const rememberedUse = rememberUse({ db, unsettledUse, stopwatch: monotonicMs })
  const balances = lendCredits({ db, rememberedUse, unsettledUse })
  return [
    ...usageRoutes({ db, authenticate, log, recording }),
    ...metersRoutes(),
    ...usageQueryRoutes(),
    ...plansRoutes(),
    ...taxRatesRoutes(),
    ...couponsRoutes(),
    ...addOnsRoutes(),
    ...discountsRoutes(),
    ...customersRoutes(),
    ...subscriptionsRoutes({ attachFromStart }),
    ...creditsRoutes({ unsettledUse }),
    accessRoute({ db, rememberedUse }),
    ...invoicesRoutes(),
    ...eventWayRoutes(),
    ...exportsRoutes(),
    ...simulationsRoutes(),
    ...verificationRoutes(),
    ...moveRoutes(),
    ...previewChangeRoutes(),
    ...oneOffRoutes(),
    ...creditNotesRoutes(),
    ...settingsRoutes(),
    ...documentsRoutes({ db }),
    ...paymentsRoutes(),
    ...webhookRoutes({ sealer, allowedNetworks: options.webhookNetworks }),
    ...alertsRoutes(),
    ...controlRoutes({ db, clock, authenticate, changes, balances }),
    measuredUsageRoute({ db, recording }),
    ...compatRoutes({ recording, unsettledUse }),
    ...overviewRoutes(),
    ...clockRoutes({ db, clock, wake: () => pipeline?.wake() }),
  ]
}

type PipelineOptions = AppOptions & {
  readonly api: StripeApi
  place(): { readonly origin: string }
}

function pipelineDeps(db: Database, options: PipelineOptions) {
  const { clock, log, sealer, webhookNetworks, mailServer, random, api, place, publicUrl } = options
  const leadBack = () => returnUrl({ ...options, publicUrl, origin: place().origin })
  if (isHomeless(options)) log.warn(HOMELESS)
  const ours = { db, clock, log, sealer, mailServer, random }
  return { ...ours, allowedNetworks: webhookNetworks, api, returnUrl: leadBack }
}

function addressOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
