import type { IncomingMessage } from 'node:http'
import type { HostRoute, UsageEvent } from '@usageflow/core'
import { type Decision, FrameworkAPI, type FrameworkOptions } from '@usageflow/core/node'
import { ExpressUsageFlowAPI } from '@usageflow/express'
import { FastifyUsageFlowAPI } from '@usageflow/fastify'

export type UsageFlowModuleOptions = FrameworkOptions & {
  /** Which requests are held, metered and reported. Default: all. */
  readonly routes?: readonly HostRoute[] | undefined
  /** Which of them are exempt. */
  readonly whitelistRoutes?: readonly HostRoute[] | undefined
}

/** As much of an adapter of NestJS as is used, of any version. */
export type HttpAdapter = {
  getType(): string
  // biome-ignore lint/suspicious/noExplicitAny: an application of Express or an instance of Fastify
  getInstance(): any
  // biome-ignore lint/suspicious/noExplicitAny: a middleware of either
  use(middleware: any): unknown
}

const NAME = 'nestjs/0.1.0'

/** UsageFlow in an application of NestJS; to be injected where usage is tracked. */
export class UsageFlowService {
  readonly #options: FrameworkOptions
  readonly #routes: readonly HostRoute[] | undefined
  readonly #whitelist: readonly HostRoute[] | undefined
  #api: FrameworkAPI | null = null
  /** Sends what was tracked before there was a server to attach to. */
  #early: Promise<void> = Promise.resolve()

  constructor({ routes, whitelistRoutes, ...options }: UsageFlowModuleOptions) {
    this.#options = options
    this.#routes = routes
    this.#whitelist = whitelistRoutes
  }

  /** Sends usage that no policy meters, in the background. Neither throws nor waits. */
  track(event: UsageEvent): void {
    this.#api ??= new FrameworkAPI(this.#options, { name: NAME }) // in a context without HTTP, or before there is a server
    this.#api.track(event)
  }

  /** Sends what waits and gives back what is lent; the module does so when the application is closed. Never rejects. */
  async close(deadlineMs?: number): Promise<void> {
    await Promise.all([this.#early, this.#api?.close(deadlineMs)])
  }

  /** Begins to hold what comes over HTTP. */
  async attach(adapter: HttpAdapter): Promise<void> {
    this.#early = this.close()
    if (adapter.getType() === 'fastify') {
      const later = ['body', ...this.#later] as const
      const api = new FastifyUsageFlowAPI(this.#options, { name: NAME, later, claimsHook: null })
      this.#api = api
      await adapter.getInstance().register(api.createPlugin(this.#routes, this.#whitelist))
    } else {
      const api = new ExpressUsageFlowAPI(this.#options, { name: NAME, later: this.#later })
      this.#api = api
      adapter.use(api.createMiddleware(this.#routes, this.#whitelist))
    }
  }

  /** Decides a request that has waited for its claims. Neither throws nor rejects. */
  knowClaims(request: IncomingMessage): Decision | Promise<Decision> {
    return this.#api?.know('claim', request) ?? null
  }

  get #later(): readonly 'claim'[] {
    return this.#options.claims ? ['claim'] : []
  }
}
