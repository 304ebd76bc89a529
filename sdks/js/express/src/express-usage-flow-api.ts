import type { ServerResponse } from 'node:http'
import type { HostRoute, Incoming } from '@usageflow/core'
import {
  type Adapter,
  type Decision,
  FrameworkAPI,
  type FrameworkOptions,
  headersOf,
  type Visit,
} from '@usageflow/core/node'
import type { ExpressRequest } from './express-request.ts'
import { RouteTrace } from './route-trace.ts'

export type ExpressUsageFlowOptions = FrameworkOptions

/** A middleware of Express, or of anything that takes those. */
export type UsageFlowMiddleware = (
  // biome-ignore lint/suspicious/noExplicitAny: so that it fits the types of Express 4 and of Express 5
  request: any,
  // biome-ignore lint/suspicious/noExplicitAny: as above
  response: any,
  next: (error?: unknown) => void,
) => void

/** UsageFlow for Express: limits, meters and reports what a middleware sees. */
export class ExpressUsageFlowAPI extends FrameworkAPI {
  /** `adapter` is for packages that build on this one. */
  constructor(options: ExpressUsageFlowOptions = {}, adapter: Adapter = { name: 'express/0.1.0' }) {
    super(options, adapter)
  }

  /**
   * A middleware for the requests that `routes` cover and `whitelist` does not exempt. Throws for patterns that
   * make no sense, and for nothing else.
   */
  createMiddleware(
    routes?: readonly HostRoute[],
    whitelist?: readonly HostRoute[],
  ): UsageFlowMiddleware {
    const guard = this.guard(routes, whitelist)
    return (request: ExpressRequest, response: ServerResponse, next) => {
      const go = (decision: Decision) => {
        if (decision === null) return next()
        response.statusCode = decision.status
        for (const [name, value] of Object.entries(decision.headers))
          response.setHeader(name, value)
        response.end(decision.body)
      }
      const decision = this.enter(guard, this.#visit(request, response))
      // In a tick of its own: what the host throws is its own, as behind any middleware that waits.
      if (decision instanceof Promise) void decision.then((made) => process.nextTick(go, made))
      else go(decision)
    }
  }

  #visit(request: ExpressRequest, response: ServerResponse): Visit {
    return {
      ...{ request, response },
      incoming: () => this.#incomingOf(request),
      follow: () => {
        const trace = new RouteTrace(request)
        return () => ({
          ...{ route: trace.template, params: trace.params },
          ...{ body: request.body, metadata: request.usageflow?.metadata },
        })
      },
    }
  }

  #incomingOf(request: ExpressRequest): Incoming {
    const { method = 'GET', originalUrl, url = '/', ip, socket, body } = request
    return {
      ...{ method, target: originalUrl ?? url, headers: headersOf(request), body },
      clientAddress: ip ?? socket?.remoteAddress,
      claims: this.claimsOf(request),
    }
  }
}
