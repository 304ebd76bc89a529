import type { IncomingMessage } from 'node:http'
import {
  Agent,
  type Guard,
  type HostRateLimit,
  type HostRoute,
  type Incoming,
  type KnownLater,
  type UsageEvent,
  type UsageFlowError,
} from '@usageflow/core'
import { type Decision, Passage, type Visit } from './passage.ts'

export type FrameworkOptions = {
  /** Of a key with the scope `control:report`. Default: what `init` is given, else the variable USAGEFLOW_API_KEY. */
  readonly apiKey?: string | undefined
  /** Of your UsageFlow server. Default: the variable USAGEFLOW_URL. */
  readonly baseUrl?: string | undefined
  /** What this service is called. Default: the name in the nearest `package.json`. */
  readonly application?: string | undefined
  /** Limits beside those of policies: `{ '/api/users': { limit: 1000, window: '1h' } }`. */
  readonly rateLimits?: Readonly<Record<string, HostRateLimit>> | undefined
  /** The claims of a token that your service has checked, for strategies that read them. */
  // biome-ignore lint/suspicious/noExplicitAny: so that it fits the types of every version of a framework
  readonly claims?: ((request: any) => unknown) | undefined
  /** Told of everything that does not go well. Default: a warning on the console now and then. */
  readonly onError?: ((error: UsageFlowError) => void) | undefined
}

/** What a package says of itself. */
export type Adapter = {
  /** Like `express/0.1.0`. */
  readonly name: string
  /** What it knows of a request only after it has come in. */
  readonly later?: readonly KnownLater[] | undefined
}

/** What a host puts beside a request; read when the answer is sent. */
export type UsageFlowRequest = {
  /** Goes along with what is metered. Secrets are left out. */
  metadata?: Readonly<Record<string, unknown>> | undefined
}

/** UsageFlow for a framework: what is the same in all that run on Node's own server. */
export class FrameworkAPI {
  readonly #options: FrameworkOptions
  readonly #adapter: Adapter
  /** What has come by already: where we stand in the way of a request twice, it counts once. */
  readonly #passages = new WeakMap<IncomingMessage, Passage>()
  #apiKey: string | undefined
  #agent: Agent | null = null

  constructor(options: FrameworkOptions, adapter: Adapter) {
    this.#options = options
    this.#adapter = adapter
    this.#apiKey = options.apiKey
  }

  /** Says which key to use; to be called first. */
  init(apiKey: string): this {
    this.#apiKey = apiKey
    return this
  }

  /** Sends usage that no policy meters, in the background. Neither throws nor waits. */
  track(event: UsageEvent): void {
    this.#started().track(event)
  }

  /** Sends what waits and gives back what is lent; for the end of the process. Never rejects. */
  close(deadlineMs?: number): Promise<void> {
    return this.#agent?.close(deadlineMs) ?? Promise.resolve()
  }

  /** Decides a request that has waited for this alone, of what its package knows only later. Neither throws nor rejects. */
  know(what: KnownLater, request: IncomingMessage): Decision | Promise<Decision> {
    return this.#passages.get(request)?.know(what) ?? null
  }

  /** Throws a `config` error for patterns that make no sense, and for nothing else. */
  protected guard(
    routes: readonly HostRoute[] = [{ method: '*', url: '*' }],
    whitelist: readonly HostRoute[] = [],
  ): Guard {
    return this.#started().guard(routes, whitelist)
  }

  /** Decides a request that comes in. Neither throws nor rejects. */
  protected enter(guard: Guard, visit: Visit): Decision | Promise<Decision> {
    if (this.#passages.has(visit.request)) return null
    const passage = new Passage(guard, visit)
    const decision = passage.enter(this.#adapter.later ?? [])
    if (passage.isOurs) this.#passages.set(visit.request, passage)
    return decision
  }

  protected claimsOf(request: unknown): unknown {
    try {
      return this.#options.claims?.(request)
    } catch {
      return undefined // whose token is not as expected is nobody known
    }
  }

  #started(): Agent {
    const { claims, ...options } = this.#options
    this.#agent ??= new Agent({ ...options, apiKey: this.#apiKey, adapter: this.#adapter.name })
    return this.#agent
  }
}

/** One that came several times stays several: joined they would be another. Requests of HTTP/2 do not tell it so. */
export function headersOf(request: IncomingMessage): Incoming['headers'] {
  return isEachOnce(request) ? { ...request.headers } : distinctHeadersOf(request)
}

/** So nearly always. Node then need not tell them apart; `set-cookie` it gives as a list even so. */
function isEachOnce({ headers, rawHeaders }: IncomingMessage): boolean {
  const names = Object.keys(headers)
  return names.length * 2 === rawHeaders.length && headers['set-cookie'] === undefined
}

function distinctHeadersOf({ headersDistinct, headers }: IncomingMessage): Incoming['headers'] {
  const entries = Object.entries(headersDistinct ?? headers).map(([name, values = []]) => {
    return [name, Array.isArray(values) && values.length === 1 ? values[0] : values] as const
  })
  return Object.fromEntries(entries)
}
