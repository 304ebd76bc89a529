import type { ExpressRequest } from './express-request.ts'

type Params = Readonly<Record<string, unknown>>
/** A template, by the path that it stood for. */
type Mount = { readonly path: string; readonly template: string; readonly params: Params }

/** The same for all requests, most of which have no more. */
const NO_PARAMS: Params = {}
const NO_MOUNT: Mount = { path: '', template: '', params: NO_PARAMS }
const AT_NO_MOUNT: readonly Mount[] = [NO_MOUNT]

/**
 * Which route answers a request, as a template. Express says it nowhere as a whole: of a router it keeps the
 * concrete path where it was mounted, and forgets that as well when a handler throws. So what it notes on the
 * request while it looks for the route is noted here as well, at the moment at which it is true.
 */
export class RouteTrace {
  /** Those that it has come by. */
  #mounts: readonly Mount[] = AT_NO_MOUNT
  #params: Params = NO_PARAMS
  #baseUrl = ''
  #isRouteNew = false
  #route: string | null = null
  #routeParams: Params = NO_PARAMS

  constructor(request: ExpressRequest) {
    this.#setParams(noted(request).params)
    this.#setBaseUrl(noted(request).baseUrl)
    noted(request).traces.push(this)
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

  /** Takes note of what Express has just set. */
  note(name: Followed, value: unknown): void {
    if (name === 'params') this.#setParams(value)
    else if (name === 'baseUrl') this.#setBaseUrl(value)
    else this.#setRoute(value)
  }

  #setParams(params: unknown): void {
    this.#params = typeof params === 'object' && params !== null ? (params as Params) : NO_PARAMS
    if (this.#isRouteNew) this.#routeParams = this.#params
    this.#isRouteNew = false
  }

  /** Set to a longer path for a mount, right after its parameters, and back to the shorter one behind it. */
  #setBaseUrl(baseUrl: unknown): void {
    const before = this.#baseUrl
    this.#baseUrl = typeof baseUrl === 'string' ? baseUrl : ''
    if (this.#mountAt(this.#baseUrl) !== undefined) return
    const parent = this.#mountAt(before)
    const isBelow = parent !== undefined && this.#baseUrl.startsWith(before)
    const { template, params } = isBelow ? parent : NO_MOUNT
    const part = isBelow ? this.#baseUrl.slice(before.length) : this.#baseUrl
    const own = Object.entries(this.#params).filter(([name, value]) => params[name] !== value)
    const mount = { path: this.#baseUrl, template: template + templateOf(part, own) }
    this.#mounts = [...this.#mounts, { ...mount, params: this.#params }]
  }

  #mountAt(path: string): Mount | undefined {
    return this.#mounts.find((mount) => mount.path === path)
  }

  #setRoute(route: unknown): void {
    const path = pathOf(route)
    if (path === null) return
    const mount = this.#mountAt(this.#baseUrl)?.template ?? ''
    this.#route = path === '/' && mount !== '' ? mount : mount + path
    this.#isRouteNew = true
  }
}

const FOLLOWED = ['params', 'baseUrl', 'route'] as const
type Followed = (typeof FOLLOWED)[number]

/** What Express has set of a request, and who wants to be told. */
type Noted = Record<Followed, unknown> & { readonly traces: RouteTrace[] }

/** Where it is kept: with the request, so that what inherits from it finds it, too. */
const NOTED = Symbol('@usageflow/express')

type WithNotes = { readonly [NOTED]?: Noted }

/**
 * The same functions for all requests: with some of its own each request would be of a kind of its own to the
 * engine, and whatever reads one slow, Express first.
 */
const PROPERTIES = Object.fromEntries(
  FOLLOWED.map((name) => [
    name,
    {
      configurable: true,
      enumerable: true,
      get(this: WithNotes): unknown {
        return this[NOTED]?.[name]
      },
      set(this: WithNotes, value: unknown): void {
        const noted = this[NOTED]
        if (noted === undefined) return
        noted[name] = value
        for (const trace of noted.traces) trace.note(name, value)
      },
    },
  ]),
)

function noted(request: ExpressRequest): Noted {
  const { [NOTED]: before } = request as WithNotes
  if (before !== undefined) return before
  const { params, baseUrl, route } = request as Partial<Record<Followed, unknown>>
  const made: Noted = { params, baseUrl, route, traces: [] }
  Object.defineProperties(request, { [NOTED]: { value: made }, ...PROPERTIES })
  return made
}

/** What takes the rest of the path: `/*path`, `/{*path}` or `{/*path}`. */
const REST = /(?:\/\{?|\{\/)\*[A-Za-z_$].*$/

/**
 * The path of a mount with names in the place of its parameters, in small letters: the path is as the client wrote it,
 * who would make a route of every spelling. Where a parameter is not a whole segment
 * the pattern cannot be told from the path, and the path alone would make a route of every customer.
 */
function templateOf(path: string, params: readonly (readonly [string, unknown])[]): string {
  const segments = path.split('/')
  const names = new Map<number, string>()
  for (const [name, value] of params) {
    const at = segments.findIndex((segment, at) => !names.has(at) && decoded(segment) === value)
    if (at < 0) return '/*'
    names.set(at, `:${name}`)
  }
  return segments.map((segment, at) => names.get(at) ?? segment.toLowerCase()).join('/')
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
  if (typeof first === 'string') return first.replace(REST, '/*')
  return first instanceof RegExp ? String(first) : null
}
