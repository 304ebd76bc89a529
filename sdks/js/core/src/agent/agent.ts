import { compileRoutes, coveringRoutes, isExempt, type RouteTable } from '@usageflow/policy'
import { atMost, monotonicMs, newKey, quietTimer, systemClock } from '../clock.ts'
import { environmentOf, readApiKey, readBaseUrl } from '../config.ts'
import { failures, UsageFlowError } from '../errors.ts'
import type { UsageEvent } from '../event.ts'
import { joinExit, leaveExit } from '../exit.ts'
import { openHttpCall } from '../http-call.ts'
import { openQuietHttp } from '../quiet-http.ts'
import { Reporter } from '../reporter.ts'
import { UsageFlow } from '../usage-flow.ts'
import type { AgentOptions } from './agent-options.ts'
import { applicationName } from './application-name.ts'
import { type CodeLimits, readCodeLimits } from './code-limits.ts'
import { ConfigWatch } from './config-watch.ts'
import { Exchange, type ExchangeDeps } from './exchange.ts'
import type { Begun, HostRoute, Incoming, KnownLater, UsageCounts } from './host.ts'
import { LeaseDesk } from './lease-desk.ts'
import { Limiter, type Outcome } from './limiter.ts'
import { answerTo, BLOCKED } from './refusals.ts'
import { ReportSender } from './report-sender.ts'
import { readsFrom, scopeOf } from './request-scope.ts'
import { Statistics } from './statistics.ts'
import { UsageOutbox } from './usage-outbox.ts'

/** What is begun of a request; null for one that is none of ours. */
export type Beginning = Begun | null

/** Decides the requests that some routes cover. */
export type Guard = {
  /** Answers at once where everything is known. Neither throws nor rejects. */
  begin(incoming: Incoming): Beginning | Promise<Beginning>
  /** Whether it would be decided by this, so that a host that knows it only later begins then. Never throws. */
  reads(what: KnownLater, incoming: Incoming): boolean
  /** Takes note of routes that the framework has, asked or not. Never throws. */
  learn(routes: readonly HostRoute[]): void
}

const TIMEOUT_MS = 5_000
const LEASE_TIMEOUT_MS = 2_000
const WAIT_S = 20
const CLOSE_DEADLINE_MS = 5_000
const EXIT_DEADLINE_MS = 2_000
/** How long after its start requests wait for what holds, and each of them at most. */
const START_MS = 1_000
const FIRST_WAIT_MS = 50

/**
 * Limits, meters and reports for one process. What frameworks differ in is in their own packages: they say
 * what came in and what went out. Nothing here throws into a host, or is waited for longer than a policy says.
 */
export class Agent {
  readonly #options: AgentOptions
  readonly #reporter: Reporter
  readonly #codeLimits: CodeLimits
  readonly #parts: Parts | null
  #client: UsageFlow | null = null
  #closed: Promise<void> | null = null

  /** Throws a `config` error for `rateLimits` that make no sense. Without a key or an address everything passes. */
  constructor(options: AgentOptions = {}) {
    this.#options = options
    this.#reporter = new Reporter(options.onError)
    this.#codeLimits = readCodeLimits(options.rateLimits ?? {})
    this.#parts = this.#connect()
  }

  /** For requests that `routes` cover and `whitelist` does not exempt. Throws a `config` error for a pattern that is none. */
  guard(routes: readonly HostRoute[], whitelist: readonly HostRoute[] = []): Guard {
    const [ours, exempt] = [readRoutes('routes', routes), readRoutes('whitelist', whitelist)]
    const isOurs = (method: string, target: string) =>
      !isExempt(exempt, method, target) && coveringRoutes(ours, method, target).length > 0
    const givenParts = () => (this.#closed === null ? this.#parts : null)
    return {
      begin: (incoming) => {
        const begun = this.#safely(() => {
          const parts = givenParts()
          if (parts === null || !isOurs(incoming.method, incoming.target)) return null
          return parts.begin(incoming, this.#codeLimits)
        })
        return begun instanceof Promise ? begun.catch((error) => this.#give(error)) : begun
      },
      reads: (what, incoming) =>
        this.#safely(
          () => givenParts()?.reads(what, incoming) && isOurs(incoming.method, incoming.target),
        ) ?? false,
      learn: (routes) =>
        void this.#safely(() =>
          givenParts()?.learn(routes.filter(({ method, url }) => isOurs(method, url))),
        ),
    }
  }

  /** Takes usage that no policy meters; see `UsageFlow.track`. Neither throws nor waits. */
  track(event: UsageEvent): void {
    try {
      const { apiKey, baseUrl, onError, clock, fetch } = this.#options
      if (this.#parts === null) return
      this.#client ??= new UsageFlow({ apiKey, baseUrl, onError, clock, fetch })
      this.#client.track(event)
    } catch (error) {
      this.#give(error)
    }
  }

  /** What became of what policies meter: `produced = delivered + queued + refused + dropped` at every instant. */
  usage(): UsageCounts {
    return this.#parts?.usage() ?? NO_USAGE
  }

  /** Whether what holds is known. */
  get isReady(): boolean {
    return this.#parts?.isReady ?? false
  }

  /** Gives back what is lent, sends what waits, and lets everything pass from now on. Never rejects. */
  close(deadlineMs = CLOSE_DEADLINE_MS): Promise<void> {
    this.#closed ??= Promise.all([
      this.#parts?.close(monotonicMs() + deadlineMs),
      this.#client?.close(deadlineMs),
    ]).then(() => {})
    return this.#closed
  }

  #connect(): Parts | null {
    const { apiKey, baseUrl, application } = this.#options
    const environment = environmentOf()
    try {
      return new Parts({
        apiKey: readApiKey(apiKey ?? environment.USAGEFLOW_API_KEY),
        baseUrl: readBaseUrl(baseUrl ?? environment.USAGEFLOW_URL),
        application: applicationName(application),
        options: this.#options,
        reporter: this.#reporter,
      })
    } catch (error) {
      this.#reporter.report(
        error instanceof UsageFlowError
          ? failures.config(`${error.message} Until then every request passes, uncounted.`)
          : failures.internal(error),
      )
      return null
    }
  }

  #safely<T>(work: () => T): T | null {
    try {
      return work()
    } catch (error) {
      return this.#give(error)
    }
  }

  /** A mistake of ours costs the host nothing but us. */
  #give(error: unknown): null {
    this.#reporter.reportNowAndThen(failures.internal(error))
    return null
  }
}

const NO_USAGE: UsageCounts = { produced: 0, delivered: 0, queued: 0, refused: 0, dropped: 0 }

type PartsDeps = {
  readonly apiKey: string
  readonly baseUrl: string
  readonly application: string
  readonly options: AgentOptions
  readonly reporter: Reporter
}

type About = Pick<ExchangeDeps, 'incoming' | 'scope' | 'at' | 'startedMs'>
type Answer = Pick<ExchangeDeps, 'refusal' | 'headers'>
type Afterwards = Pick<ExchangeDeps, 'stopwatch' | 'onSeen' | 'onMeasured' | 'onError'>

const PASSED_ANSWER: Answer = { refusal: null, headers: {} }
const BLOCKED_ANSWER: Answer = { refusal: BLOCKED, headers: {} }

/** What an agent is made of, once it knows its server. */
class Parts {
  readonly #reporter: Reporter
  readonly #clock: () => Date
  readonly #watch: ConfigWatch
  readonly #desk: LeaseDesk
  readonly #limiter: Limiter
  readonly #statistics = new Statistics()
  readonly #usage: UsageOutbox
  readonly #reports: ReportSender
  readonly #startedMs = monotonicMs()
  readonly #awaiting = new Set<() => void>()
  readonly #atExit = () => void this.#flush(monotonicMs() + EXIT_DEADLINE_MS)
  /** The same for every request. */
  readonly #afterwards: Afterwards = {
    stopwatch: monotonicMs,
    onSeen: (seen) => {
      this.#statistics.seen(seen)
      this.#somethingToSay()
    },
    onMeasured: (measured, isSummable) => this.#usage.add(measured, isSummable),
    onError: (error) => this.#reporter.reportNowAndThen(failures.internal(error)),
  }

  constructor({ apiKey, baseUrl, application, options, reporter }: PartsDeps) {
    const { fetch = globalThis.fetch, timeoutMs = TIMEOUT_MS, adapter } = options
    const http = openHttpCall(fetch, apiKey)
    const holder = newKey()
    const onFailure = (reason: string, status: number | undefined) =>
      reporter.reportNowAndThen(failures.noAnswer('client.control', reason, { count: 0, status }))
    const common = { http, baseUrl, application, timeoutMs, reporter, onFailure }
    this.#reporter = reporter
    this.#clock = options.clock ?? systemClock
    this.#watch = new ConfigWatch({
      ...common,
      http: (options.fetch ? null : openQuietHttp(apiKey)) ?? http,
      clock: this.#clock,
      waitS: WAIT_S,
      onChange: () => this.#proceed(),
      onTrouble: (trouble) => reporter.report(failures.config(trouble)),
    })
    this.#desk = new LeaseDesk({
      ...common,
      holder,
      timeoutMs: Math.min(timeoutMs, LEASE_TIMEOUT_MS),
    })
    const epoch = () => this.#clock().getTime()
    this.#limiter = new Limiter(this.#desk, epoch, (outcome) => this.#note([outcome]))
    this.#usage = new UsageOutbox(common)
    this.#reports = new ReportSender({
      ...{ ...common, producer: holder, agent: agentName(adapter), statistics: this.#statistics },
      usage: () => this.#usage.counts(),
    })
    this.#watch.start()
  }

  get isReady(): boolean {
    return this.#watch.isLoaded
  }

  usage(): UsageCounts {
    return this.#usage.counts()
  }

  begin(incoming: Incoming, codeLimits: CodeLimits): Begun | Promise<Begun> {
    const startedMs = incoming.sinceMs ?? monotonicMs()
    const decide = () => this.#decide(incoming, codeLimits, startedMs)
    return this.#isStarting ? this.#whenReady().then(decide) : decide()
  }

  /** While nobody knows what holds, it may be. */
  reads(what: KnownLater, incoming: Incoming): boolean {
    return this.#isStarting || readsFrom(what, this.#watch.document, incoming)
  }

  learn(routes: readonly HostRoute[]): void {
    if (this.#statistics.learn(routes)) this.#somethingToSay()
  }

  async close(endMs: number): Promise<void> {
    this.#watch.stop()
    this.#limiter.close()
    await atMost(endMs - monotonicMs(), this.#desk.close())
    this.#desk.abort()
    await this.#usage.close(endMs)
    await this.#reports.flush(endMs)
    this.#reports.abort()
    leaveExit(this.#atExit)
  }

  get #isStarting(): boolean {
    return !this.#watch.isLoaded && monotonicMs() - this.#startedMs < START_MS
  }

  #decide(incoming: Incoming, codeLimits: CodeLimits, startedMs: number): Begun | Promise<Begun> {
    const at = this.#clock()
    const scope = scopeOf(this.#watch.document, codeLimits, incoming, at.getTime())
    const about = { incoming, scope, at, startedMs }
    if (scope.blocked !== null) {
      this.#statistics.blocked(scope.blocked, at)
      return this.#exchange(about, BLOCKED_ANSWER)
    }
    if (scope.checks.length === 0) return this.#exchange(about, PASSED_ANSWER)
    const conclude = (outcomes: readonly Outcome[]) => {
      this.#note(outcomes)
      return this.#exchange(about, answerTo(outcomes))
    }
    const outcomes = this.#limiter.check(scope.checks)
    return outcomes instanceof Promise ? outcomes.then(conclude) : conclude(outcomes)
  }

  /** Written out, since objects that are spread together cost a request more than all that is decided of it. */
  #exchange({ incoming, scope, at, startedMs }: About, { refusal, headers }: Answer): Begun {
    const { stopwatch, onSeen, onMeasured, onError } = this.#afterwards
    return new Exchange({
      ...{ incoming, scope, at, startedMs, refusal, headers },
      ...{ stopwatch, onSeen, onMeasured, onError },
    })
  }

  #note(outcomes: readonly Outcome[]): void {
    const at = this.#clock()
    for (const outcome of outcomes) this.#statistics.decided(outcome, at)
  }

  #somethingToSay(): void {
    joinExit(this.#atExit)
    this.#reports.arm()
  }

  /** At the end of the process: once for what there is. */
  async #flush(endMs: number): Promise<void> {
    leaveExit(this.#atExit)
    this.#limiter.close()
    this.#desk.flush()
    await this.#usage.flush(endMs)
    await this.#reports.flush(endMs)
  }

  #whenReady(): Promise<void> {
    return new Promise((resolve) => {
      const proceed = () => {
        cancel()
        this.#awaiting.delete(proceed)
        resolve()
      }
      const cancel = quietTimer(proceed, FIRST_WAIT_MS)
      this.#awaiting.add(proceed)
    })
  }

  #proceed(): void {
    for (const proceed of this.#awaiting) proceed()
  }
}

function readRoutes(name: string, routes: readonly HostRoute[]): RouteTable<HostRoute> {
  try {
    return compileRoutes(routes)
  } catch (error) {
    throw failures.config(`${name}: ${(error as Error).message}`)
  }
}

function agentName(adapter = 'core'): string {
  const runtime = typeof process === 'undefined' ? '' : ` node/${process.versions?.node}`
  return `${adapter}${runtime}`
}
