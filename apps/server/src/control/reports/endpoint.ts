import type { RouteName } from './report.ts'

/** A route of an application. */
export type Endpoint = {
  readonly id: string
  /** By name. */
  readonly application: string
  /** Null: all requests for which the framework had no route. */
  readonly name: RouteName | null
  readonly firstSeenAt: Date
  /** When the framework said last that it has it, to the day; null: it was only seen in traffic. */
  readonly declaredAt: Date | null
  /** When a request was last seen, to the minute; null: none so far. */
  readonly lastSeenAt: Date | null
}

/** More than that is no framework's routes, but paths with names of things in them: they count as no route. */
export const ENDPOINTS_MAX = 500

/** One text for each endpoint of an application; the same for all that have no route. */
export function endpointKey({ method, route }: RouteName): string {
  return route === null ? NO_ROUTE_KEY : `${method} ${route}`
}

export const NO_ROUTE_KEY = ''
