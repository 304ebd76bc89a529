import type { ExpressRequest } from './express-request.ts'

type Params = Readonly<Record<string, unknown>>

/**
 * Which route answers a request, as a template. Express says it nowhere as a whole: of a router it keeps the
 * concrete path where it was mounted, and forgets that as well when a handler throws. So what it notes on the
 * request while it looks for the route is noted here as well, at the moment at which it is true.
 */
export class RouteTrace {
  /** The templates of mounts, by the paths that they stood for. */
  readonly #mounts = new Map<string, Mount>([['', { template: '', params: {} }]])
  #params: Params = {}
  #baseUrl = ''
  #isRouteNew = false
  #route: string | null = null
  #routeParams: Params = {}

  constructor(request: ExpressRequest) {
    this.#follow(request, 'params', (params) => this.#setParams(params))
    this.#follow(request, 'baseUrl', (baseUrl) => this.#setBaseUrl(baseUrl))
    this.#follow(request, 'route', (route) => this.#setRoute(route))
    // What led to ourselves is no route that answers.
    this.#isRouteNew = false
    this.#route = null
  }

  /** Of the last route that took the request; null if none did. */
  get template(): string | null {
    return this.#route
  }

  /** What stands in the place of its parameters. */
  get params(): Readonly<Record<string, string>> {
    const texts = Object.entries(this.#routeParams).filter(([, value]) => typeof value === 'string')
    return Object.fromEntries(texts) as Record<string, string>
  }

  #follow(request: ExpressRequest, name: string, note: (value: unknown) => void): void {
    let value: unknown = (request as unknown as Record<string, unknown>)[name]
    note(value)
    Object.defineProperty(request, name, {
      configurable: true,
      enumerable: true,
      get: () => value,
      set: (next: unknown) => {
        value = next
        note(next)
      },
    })
  }

  #setParams(params: unknown): void {
    this.#params = typeof params === 'object' && params !== null ? (params as Params) : {}
    if (this.#isRouteNew) this.#routeParams = this.#params
    this.#isRouteNew = false
  }

  /** Set to a longer path for a mount, right after its parameters, and back to the shorter one behind it. */
  #setBaseUrl(baseUrl: unknown): void {
    const before = this.#baseUrl
    this.#baseUrl = typeof baseUrl === 'string' ? baseUrl : ''
    if (this.#mounts.has(this.#baseUrl)) return
    const parent = this.#mounts.get(before)
    const isBelow = parent !== undefined && this.#baseUrl.startsWith(before)
    const { template, params } = isBelow ? parent : { template: '', params: {} }
    const part = isBelow ? this.#baseUrl.slice(before.length) : this.#baseUrl
    const own = Object.entries(this.#params).filter(([name, value]) => params[name] !== value)
    this.#mounts.set(this.#baseUrl, {
      template: template + templateOf(part, own),
      params: this.#params,
    })
  }

  #setRoute(route: unknown): void {
    const path = pathOf(route)
    if (path === null) return
    const mount = this.#mounts.get(this.#baseUrl)?.template ?? ''
    this.#route = path === '/' && mount !== '' ? mount : mount + path
    this.#isRouteNew = true
  }
}

type Mount = { readonly template: string; readonly params: Params }

/**
 * The path of a mount with names in the place of its parameters. Where a parameter is not a whole segment
 * the pattern cannot be told from the path, and the path alone would make a route of every customer.
 */
function templateOf(path: string, params: readonly (readonly [string, unknown])[]): string {
  const segments = path.split('/')
  for (const [name, value] of params) {
    const at = segments.findIndex((segment) => decoded(segment) === value)
    if (at < 0) return '/*'
    segments[at] = `:${name}`
  }
  return segments.join('/')
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}

/** A route may have several paths, or an expression for one; it is called by the first. */
function pathOf(route: unknown): string | null {
  const { path } = (route ?? {}) as { path?: unknown }
  const first: unknown = Array.isArray(path) ? path[0] : path
  return typeof first === 'string' || first instanceof RegExp ? String(first) : null
}
