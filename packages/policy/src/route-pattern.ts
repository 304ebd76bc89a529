import { type Reading, readingsOf } from './request-path.ts'

/** A route as configurations write it: `{ method: 'GET', url: '/api/users/:id' }`. */
export type Route = {
  /** `*` for any. */
  readonly method: string
  /** `*` for any; `/api/*` for all below, however deep; `/api/users/:id`, where `:id` is one segment. */
  readonly url: string
  /** The higher one comes first, whatever the patterns; 0 by default. */
  readonly priority?: number
}

type Part =
  | { readonly kind: 'literal'; readonly text: string; readonly folded: string }
  | { readonly kind: 'parameter'; readonly name: string }

type CompiledRoute<R> = {
  readonly route: R
  readonly method: string
  readonly priority: number
  readonly parts: readonly Part[]
  readonly isOpen: boolean // ends in `*`
  readonly endsInSlash: boolean
}

/** Routes in the order in which they are asked. Made by `compileRoutes`. */
export type RouteTable<R> = readonly CompiledRoute<R>[]

/** A route that covers a request, and what stands in the place of its parameters. */
export type RouteMatch<R> = { readonly route: R; readonly params: ReadonlyMap<string, string> }

const NO_PARAMS: ReadonlyMap<string, string> = new Map()
const PATTERN_LENGTH_MAX = 500
const CAPITAL = /[A-Z]/
const METHOD = /^(?:\*|[A-Z][A-Z0-9_-]{0,31})$/
const PARAMETER = /^:([A-Za-z_][A-Za-z0-9_]{0,63})$/
/** What can stand in a path as it is: nothing of it means anything else to one server or another. */
const LITERAL = /^(?!\.{1,2}$)[^:*%;?#\\/\s\p{Cc}][^*%;?#\\/\s\p{Cc}]*$/u

/**
 * Reads the routes and sorts them: by priority, then from left to right a literal before a parameter
 * before `*`, then a method before any, then as they were given. Throws RangeError for a pattern that it
 * does not understand, for one that never matches would leave its endpoint unguarded.
 */
export function compileRoutes<R extends Route>(routes: readonly R[]): RouteTable<R> {
  return routes.map(compile).sort(compareRoutes)
}

/**
 * The routes that cover a request: for each way to read its path the most specific one, so nearly always
 * one. The plainest way comes first. Whoever limits has to apply them all, since nobody knows how the
 * application will read; whoever counts asks `countingRoute` when it has read.
 */
export function coveringRoutes<R>(
  table: RouteTable<R>,
  method: string,
  target: string,
): readonly RouteMatch<R>[] {
  const verb = method.toUpperCase()
  const asked = table.filter((route) => coversMethod(route, verb))
  if (asked.length === 0) return []
  const readings = readingsOf(target)
  if (readings === null) return asked.map(({ route }) => ({ route, params: new Map() }))
  const found: RouteMatch<R>[] = []
  for (const segments of readings.flatMap(generously)) {
    const asFolded = segments.map(folded)
    const first = asked.find((route) => covers(route, asFolded))
    if (first && !found.some(({ route }) => route === first.route))
      found.push({ route: first.route, params: paramsOf(first, segments) })
  }
  return found
}

/**
 * Which of the routes that cover a request counts, when the framework has served it by its route `template`: of the
 * ways to read the path only those lead there that the template covers. The plainest of them decides, unless the route
 * of another covers the template too, and so is nearer to it. Undefined where no way leads there, as where the
 * framework knows a shorter path than came in.
 */
export function countingRoute<R>(
  table: RouteTable<R>,
  method: string,
  target: string,
  template: string,
): R | undefined {
  const [served] = templateTable(template)
  if (served === undefined) return undefined
  const asked = table.filter((route) => coversMethod(route, method.toUpperCase()))
  const found = (readingsOf(target) ?? [])
    .flatMap(generously)
    .map((segments) => segments.map(folded))
    .filter((segments) => covers(served, segments))
    .flatMap((segments) => asked.find((route) => covers(route, segments)) ?? [])
  const own = template.split('/').slice(1).map(folded)
  return (found.find((route) => covers(route, own)) ?? found[0])?.route
}

/** Empty for a template that is no pattern of ours. */
function templateTable(template: string): RouteTable<Route> {
  try {
    return compileRoutes([{ method: '*', url: template }])
  } catch {
    return []
  }
}

/**
 * Whether a list of exceptions lets a request through unseen. The opposite of covering: it must match
 * exactly as written, letter by letter, and however a server may read the path. So `/internal/../api` is
 * no exception by `/internal/*`.
 */
export function isExempt(table: RouteTable<unknown>, method: string, target: string): boolean {
  const asked = table.filter((route) => route.method === '*' || route.method === method)
  const readings = asked.length === 0 ? null : readingsOf(target)
  return readings?.every((reading) => asked.some((route) => exempts(route, reading))) ?? false
}

function compile<R extends Route>(route: R): CompiledRoute<R> {
  const method = String(route.method).toUpperCase()
  if (!METHOD.test(method))
    throw new RangeError(
      `${JSON.stringify(route.method)} is no method: write "GET", or "*" for any`,
    )
  const url = route.url === '*' ? '/*' : route.url
  if (typeof url !== 'string' || !url.startsWith('/') || url.length > PATTERN_LENGTH_MAX)
    throw bad(
      route.url,
      `begins with / or is "*", and has at most ${PATTERN_LENGTH_MAX} characters`,
    )
  const segments = url.split('/').slice(1)
  const endsInSlash = segments.at(-1) === '' && segments.length > 1
  const isOpen = segments.at(-1) === '*'
  if (isOpen || segments.at(-1) === '') segments.pop()
  const parts = segments.map((segment) => partOf(segment, url))
  const names = parts.flatMap((part) => (part.kind === 'parameter' ? [part.name] : []))
  if (new Set(names).size < names.length) throw bad(url, 'names each parameter once')
  return { route, method, priority: route.priority ?? 0, parts, isOpen, endsInSlash }
}

function partOf(segment: string, url: string): Part {
  const name = PARAMETER.exec(segment)?.[1]
  if (name !== undefined) return { kind: 'parameter', name }
  if (!LITERAL.test(segment) || !segment.isWellFormed())
    throw bad(
      url,
      'has segments of plain text, unescaped, ":name" for any one segment, and "*" only as the last',
    )
  return { kind: 'literal', text: segment, folded: folded(segment) }
}

function bad(url: unknown, rule: string): RangeError {
  return new RangeError(`${JSON.stringify(url)} is no route pattern: it ${rule}`)
}

function compareRoutes(a: CompiledRoute<unknown>, b: CompiledRoute<unknown>): number {
  if (a.priority !== b.priority) return b.priority - a.priority
  const length = Math.max(a.parts.length, b.parts.length) + 1
  for (let at = 0; at < length; at++) {
    const difference = rankAt(b, at) - rankAt(a, at)
    if (difference !== 0) return difference
  }
  return Number(a.method === '*') - Number(b.method === '*')
}

function rankAt(route: CompiledRoute<unknown>, at: number): number {
  const part = route.parts[at]
  if (part) return part.kind === 'literal' ? 3 : 2
  return route.isOpen ? 0 : 1
}

/** A server answers HEAD with what it has for GET. */
function coversMethod(route: CompiledRoute<unknown>, method: string): boolean {
  return (
    route.method === '*' || route.method === method || (method === 'HEAD' && route.method === 'GET')
  )
}

/** A slash behind a path is nothing to one server, and an empty segment to the next. */
function generously({ segments, endsInSlash }: Reading): (readonly string[])[] {
  return endsInSlash ? [segments, [...segments, '']] : [segments]
}

/** Generous, for some server will be: of segments without regard to case, and a parameter may be empty. */
function covers({ parts, isOpen }: CompiledRoute<unknown>, asFolded: readonly string[]): boolean {
  if (isOpen ? asFolded.length < parts.length : asFolded.length !== parts.length) return false
  return parts.every((part, at) => part.kind === 'parameter' || part.folded === asFolded[at])
}

/** To the letter. What is below `/internal/*` includes neither `/internal` nor, since many take it for that, `/internal/`. */
function exempts(route: CompiledRoute<unknown>, { segments, endsInSlash }: Reading): boolean {
  const { parts, isOpen } = route
  const isBelow = segments.length > parts.length || parts.length === 0
  const isSame = segments.length === parts.length && endsInSlash === route.endsInSlash
  if (isOpen ? !isBelow : !isSame) return false
  return parts.every((part, at) =>
    part.kind === 'parameter' ? segments[at] !== '' : part.text === segments[at],
  )
}

function paramsOf(
  { parts }: CompiledRoute<unknown>,
  segments: readonly string[],
): ReadonlyMap<string, string> {
  if (parts.every(({ kind }) => kind === 'literal')) return NO_PARAMS
  return new Map(
    parts.flatMap((part, at) =>
      part.kind === 'parameter' ? [[part.name, segments[at] ?? '']] : [],
    ),
  )
}

/** Of ASCII alone: beyond it languages disagree about case. */
function folded(text: string): string {
  return CAPITAL.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text
}
