import type { ServerResponse } from 'node:http'
import {
  Agent,
  type AgentOptions,
  type Beginning,
  type Begun,
  type HostRateLimit,
  type HostRoute,
  type Incoming,
  type UsageEvent,
  type UsageFlowError,
} from '@usageflow/core'
import { RequestTap, ResponseTap } from './body-taps.ts'
import type { ExpressRequest } from './express-request.ts'
import { RouteTrace } from './route-trace.ts'

export type ExpressUsageFlowOptions = {
  /** Of a key with the scope `control:report`. Default: what `init` is given, else the variable USAGEFLOW_API_KEY. */
  readonly apiKey?: string | undefined
  /** Of your UsageFlow server. Default: the variable USAGEFLOW_URL. */
  readonly baseUrl?: string | undefined
  /** What this service is called. Default: the name in the nearest `package.json`. */
  readonly application?: string | undefined
  /** Limits beside those of policies: `{ '/api/users': { limit: 1000, window: '1h' } }`. */
  readonly rateLimits?: Readonly<Record<string, HostRateLimit>> | undefined
  /** The claims of a token that you have checked before this middleware, for strategies that read them. */
  // biome-ignore lint/suspicious/noExplicitAny: so that it fits the types of Express 4 and of Express 5
  readonly claims?: ((request: any) => unknown) | undefined
  /** Told of everything that does not go well. Default: a warning on the console now and then. */
  readonly onError?: ((error: UsageFlowError) => void) | undefined
}

/** A middleware of Express, or of anything that takes those. */
export type UsageFlowMiddleware = (
  // biome-ignore lint/suspicious/noExplicitAny: so that it fits the types of Express 4 and of Express 5
  request: any,
  // biome-ignore lint/suspicious/noExplicitAny: as above
  response: any,
  next: (error?: unknown) => void,
) => void

const ADAPTER = 'express/0.1.0'

/** UsageFlow for Express: limits, meters and reports what a middleware sees. */
export class ExpressUsageFlowAPI {
  readonly #options: ExpressUsageFlowOptions
  #apiKey: string | undefined
  /** What has come by already: where two of our middlewares stand in the way of a request, it counts once. */
  readonly #begun = new WeakSet<ExpressRequest>()
  #agent: Agent | null = null

  constructor(options: ExpressUsageFlowOptions = {}) {
    this.#options = options
    this.#apiKey = options.apiKey
  }

  /** Says which key to use; to be called before `createMiddleware`. */
  init(apiKey: string): this {
    this.#apiKey = apiKey
    return this
  }

  /**
   * A middleware for the requests that `routes` cover and `whitelist` does not exempt. Throws for patterns that
   * make no sense, and for nothing else.
   */
  createMiddleware(
    routes: readonly HostRoute[] = [{ method: '*', url: '*' }],
    whitelist: readonly HostRoute[] = [],
  ): UsageFlowMiddleware {
    const guard = this.#started().guard(routes, whitelist)
    return (request: ExpressRequest, response: ServerResponse, next) => {
      if (this.#begun.has(request)) return next()
      const beginning = guard.begin(this.#incomingOf(request))
      if (beginning !== null) this.#begun.add(request)
      const body = new RequestTap(request)
      const go = (begun: Beginning) => {
        if (mayPass(begun, { request, body, response })) next()
      }
      if (beginning instanceof Promise) void beginning.then(go)
      else go(beginning)
    }
  }

  /** Sends usage that no policy meters, in the background. Neither throws nor waits. */
  track(event: UsageEvent): void {
    this.#started().track(event)
  }

  /** Sends what waits and gives back what is lent; for the end of the process. Never rejects. */
  close(deadlineMs?: number): Promise<void> {
    return this.#agent?.close(deadlineMs) ?? Promise.resolve()
  }

  #started(): Agent {
    const { claims, ...options } = this.#options
    const given: AgentOptions = { ...options, apiKey: this.#apiKey, adapter: ADAPTER }
    this.#agent ??= new Agent(given)
    return this.#agent
  }

  #incomingOf(request: ExpressRequest): Incoming {
    const { method = 'GET', originalUrl, url = '/', ip, socket, body } = request
    return {
      ...{ method, target: originalUrl ?? url, headers: headersOf(request), body },
      clientAddress: ip ?? socket?.remoteAddress,
      claims: this.#claimsOf(request),
    }
  }

  #claimsOf(request: ExpressRequest): unknown {
    try {
      return this.#options.claims?.(request)
    } catch {
      return undefined // whose token is not as expected is nobody known
    }
  }
}

type Exchanged = {
  readonly request: ExpressRequest
  readonly body: RequestTap
  readonly response: ServerResponse
}

/** Whether the host goes on. Who may not has been answered. */
function mayPass(begun: Beginning, exchanged: Exchanged): boolean {
  const { body, response } = exchanged
  body.watch(begun)
  if (begun === null || response.headersSent) return true
  follow(begun, exchanged)
  const { refusal } = begun
  for (const [name, value] of Object.entries({ ...begun.headers, ...refusal?.headers }))
    response.setHeader(name, value)
  if (refusal === null) return true
  response.statusCode = refusal.status
  response.end(refusal.body)
  return false
}

function follow(begun: Begun, { request, body, response }: Exchanged): void {
  const route = new RouteTrace(request)
  const answer = new ResponseTap(response, begun)
  const end = () =>
    begun.end({
      status: response.headersSent ? response.statusCode : null,
      ...{ route: route.template, params: route.params, headers: answer.headers },
      ...{ requestBytes: body.bytes, responseBytes: answer.bytes },
      ...{ body: request.body, metadata: request.usageflow?.metadata },
    })
  response.once('finish', end)
  response.once('close', end) // without an end: the client did not wait for it
}

/** One that came several times stays several: joined they would be another. Requests of HTTP/2 do not tell it so. */
function headersOf({ headersDistinct, headers }: ExpressRequest): Incoming['headers'] {
  const entries = Object.entries(headersDistinct ?? headers).map(([name, values = []]) => {
    return [name, Array.isArray(values) && values.length === 1 ? values[0] : values] as const
  })
  return Object.fromEntries(entries)
}
