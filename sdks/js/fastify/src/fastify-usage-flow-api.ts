import type { HostRoute, Incoming } from '@usageflow/core'
import {
  type Adapter,
  type Decision,
  FrameworkAPI,
  type FrameworkOptions,
  headersOf,
  type UsageFlowRequest,
  type Visit,
} from '@usageflow/core/node'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    usageflow?: UsageFlowRequest
  }
}

export type FastifyUsageFlowOptions = FrameworkOptions

export type FastifyAdapter = Adapter & {
  /** In which hook the claims of a request are known; null if whoever builds on this package says so with `know`. */
  readonly claimsHook: 'preHandler' | null
}

/** A plugin of Fastify 4 or 5, of any kind of server. */
export type UsageFlowPlugin = (
  // biome-ignore lint/suspicious/noExplicitAny: so that it fits the types of both versions and of HTTP/2
  instance: any,
  options: unknown,
  done: (error?: Error) => void,
) => void

const FASTIFY: FastifyAdapter = {
  ...{ name: 'fastify/0.1.0', later: ['body', 'claim'], claimsHook: 'preHandler' },
}

/** UsageFlow for Fastify: limits, meters and reports what comes to the routes of an instance. */
export class FastifyUsageFlowAPI extends FrameworkAPI {
  readonly #claimsHook: FastifyAdapter['claimsHook']
  #instances = 0

  /** `adapter` is for packages that build on this one. */
  constructor(options: FastifyUsageFlowOptions = {}, adapter: FastifyAdapter = FASTIFY) {
    super(options, adapter)
    this.#claimsHook = adapter.claimsHook
  }

  /**
   * A plugin for the requests that `routes` cover and `whitelist` does not exempt. It holds for the whole instance that it
   * is registered with. Throws for patterns that make no sense, and for nothing else.
   */
  createPlugin(routes?: readonly HostRoute[], whitelist?: readonly HostRoute[]): UsageFlowPlugin {
    const guard = this.guard(routes, whitelist)
    const plugin = (instance: FastifyInstance, _options: unknown, done: () => void) => {
      this.#closeWith(instance)
      instance.addHook('onRoute', (route) => guard.learn(routesOf(route)))
      instance.addHook('onRequest', (request, reply, next) =>
        answer(this.enter(guard, this.#visit(request, reply)), reply, next),
      )
      instance.addHook('preValidation', (request, reply, next) =>
        answer(this.know('body', request.raw), reply, next),
      )
      if (this.#claimsHook !== null)
        instance.addHook(this.#claimsHook, (request, reply, next) =>
          answer(this.know('claim', request.raw), reply, next),
        )
      done()
    }
    return Object.assign(plugin, PLUGIN_OF_ITS_PARENT)
  }

  /** What one agent serves may be several instances: it ends with the last. */
  #closeWith(instance: FastifyInstance): void {
    this.#instances += 1
    instance.addHook('onClose', async () => {
      this.#instances -= 1
      if (this.#instances === 0) await this.close()
    })
  }

  #visit(request: FastifyRequest, reply: FastifyReply): Visit {
    return {
      ...{ request: request.raw, response: reply.raw },
      incoming: () => this.#incomingOf(request),
      follow: () => () => ({
        route: templateOf(request) ?? null,
        params: paramsOf(request),
        body: request.body,
        metadata: metadataOf(request),
      }),
    }
  }

  #incomingOf(request: FastifyRequest): Incoming {
    const { method, url, ip, raw, body } = request
    return {
      ...{ method, target: url, headers: headersOf(raw), clientAddress: ip, body },
      ...{ template: templateOf(request), claims: this.claimsOf(request) },
    }
  }
}

/** What `fastify-plugin` does: hooks are added to the instance itself, not to a child of it. */
const PLUGIN_OF_ITS_PARENT = {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@usageflow/fastify',
  [Symbol.for('plugin-meta')]: { name: '@usageflow/fastify', fastify: '>=4.10' },
}

function answer(
  decided: Decision | Promise<Decision>,
  reply: FastifyReply,
  next: () => void,
): void {
  const go = (decision: Decision) => {
    if (decision === null) return next()
    const body = Buffer.from(decision.body) // as it is: to a text Fastify adds a charset
    void reply.code(decision.status).headers(decision.headers).send(body)
  }
  if (decided instanceof Promise) void decided.then(go)
  else go(decided)
}

function routesOf({ method, url }: RouteOptions): HostRoute[] {
  return [method].flat().map((each) => ({ method: each, url }))
}

/** Undefined where no route takes the request. */
function templateOf({ is404, routeOptions }: FastifyRequest): string | undefined {
  return is404 ? undefined : routeOptions.url
}

function paramsOf({ params }: FastifyRequest): Readonly<Record<string, string>> {
  const texts = Object.entries(params ?? {}).filter(([, value]) => typeof value === 'string')
  return Object.fromEntries(texts)
}

/** What runs before Fastify, like a middleware, has only the request of Node. */
function metadataOf({ usageflow, raw }: FastifyRequest): unknown {
  return (usageflow ?? (raw as { usageflow?: UsageFlowRequest }).usageflow)?.metadata
}
