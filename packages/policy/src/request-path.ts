/** One way in which a server may read the path of a request: its segments, decoded, without the slashes. */
export type Reading = {
  readonly segments: readonly string[]
  /** `/a/` and `/a` have the same segments. The path of `/` has none, and no slash behind them. */
  readonly endsInSlash: boolean
}

/** Longer paths are not taken apart: every pattern covers them, and none exempts them. */
const PATH_LENGTH_MAX = 8_192

/** What stands before a path in a whole address, also in one without an authority. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:(?:\/\/[^/?#]*|(?=\/))/i
/** What servers read differently: escapes, what may end a path, backslashes, dots and empty segments. */
const AMBIGUOUS = /[%;#\\]|\/\.{0,2}\/|\/\.{1,2}$/
const SLASH = /\//
const ANY_SLASH = /[/\\]|%2f|%5c/i
/** Escapes of what may stand in a path as it is. Nobody needs them, and some servers leave them. */
const NEEDLESS = /%(?:2[146-9a-e]|3[0-9abd]|4[0-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/i

/**
 * Every way in which a server may read the target of a request, the plainest first: most have one. Servers
 * differ in whether `;` and `#` end a path, whether `%2F` and `\` part segments, whether needless escapes are
 * undone, whether empty segments count, and whether `.` and `..` are followed. An application may be behind any
 * of them, so we take all combinations. `null` for a path that is too long to be read.
 */
export function readingsOf(target: string): readonly Reading[] | null {
  if (last.target !== target) last = { target, readings: read(target) }
  return last.readings
}

/** A request is read by what covers it, by policies and by limits, one after the other. */
let last: { readonly target: string; readonly readings: readonly Reading[] | null } = {
  ...{ target: '/', readings: [{ segments: [], endsInSlash: false }] },
}

function read(target: string): readonly Reading[] | null {
  const path = pathOf(target)
  if (path.length > PATH_LENGTH_MAX) return null
  const plain = readingFrom(path.split(SLASH).slice(1))
  if (!AMBIGUOUS.test(path)) return [plain]
  const readings = [path, path.replace(/[;#].*$/s, '')]
    .flatMap((whole) => [whole.split(SLASH), whole.split(ANY_SLASH)])
    .flatMap(([, ...parts]) => [parts.map(decoded), parts.map(asWritten)])
    .flatMap((segments) => [segments, withoutEmpty(segments)])
    .flatMap((segments) => [segments, withoutDots(segments)])
    .map(readingFrom)
  return [...new Map(readings.map((reading) => [JSON.stringify(reading), reading])).values()]
}

/** A target may be a whole address, as proxies get it; `?` ends the path for everybody. Fastify serves `*` as `/`. */
function pathOf(target: string): string {
  if (target === '*') return '/'
  const path = target.replace(ORIGIN, '').replace(/\?.*$/s, '')
  return path.startsWith('/') ? path : `/${path}`
}

function readingFrom(parts: readonly string[]): Reading {
  const endsInSlash = parts.at(-1) === '' && parts.length > 1
  return { segments: parts.at(-1) === '' ? parts.slice(0, -1) : parts, endsInSlash }
}

/** All but the last: an empty last segment is the slash behind the path. */
function withoutEmpty(segments: readonly string[]): readonly string[] {
  return segments.filter((segment, at) => segment !== '' || at === segments.length - 1)
}

/** As RFC 3986 removes dot segments: a path that ends in one ends in a slash. */
function withoutDots(segments: readonly string[]): readonly string[] {
  const kept: string[] = []
  for (const segment of segments) {
    if (segment === '..') kept.pop()
    else if (segment !== '.') kept.push(segment)
  }
  return /^\.{1,2}$/.test(segments.at(-1) ?? '') ? [...kept, ''] : kept
}

/** Escapes of UTF-8 as text. In a run that is none, bytes beyond ASCII stay as they were written. */
function decoded(segment: string): string {
  return segment.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run)
    } catch {
      return run.replace(/%[0-7][0-9a-f]/gi, decodeURIComponent)
    }
  })
}

function asWritten(segment: string): string {
  return NEEDLESS.test(segment) ? segment : decoded(segment)
}
